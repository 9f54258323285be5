// The frame of every page: head, skip link, navigation, footer.
import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { formPage } from '../request-context.js'
import type { AssetName, Assets } from './assets.js'
import { currentLanguage, type Language, languages } from './language.js'
import { Mark } from './mark.js'
import { Menu, type Navigation, Person, type Viewer } from './menu.js'
import { t } from './t.js'

export interface PageOptions {
  /** Of the browser's tab; the page itself carries its own h1. */
  title: string
  /** HTTP status, 200 unless told. */
  status?: number
  /** With a viewer the page has the navigation and says who is signed in. */
  viewer?: Viewer
  /** The viewer's session's token; with it the page offers to sign out. */
  csrfToken?: string
  /** `href` of the navigation item this page belongs to. */
  current?: string
  /** Styles and scripts besides those of every page. */
  assets?: readonly AssetName[]
  /** 'app' (default): navigation and a wide sheet. 'card': one narrow sheet for one decision. */
  layout?: 'app' | 'card'
  /**
   * A form of this page ends at another site, e.g. at an OAuth client, be it after several redirects of ours.
   * Browsers hold every hop against CSP form-action, so the page is sent without it.
   */
  leadsAway?: boolean
}

export interface LayoutProps extends Omit<PageOptions, 'assets'> {
  assets: Assets
  extras: readonly AssetName[]
  navigation: Navigation
  body: JSX.Element
}

export function Layout({ assets, extras, navigation, body, ...options }: LayoutProps) {
  const { title, viewer, csrfToken, current, layout = 'app' } = options
  return (
    <html lang={currentLanguage()}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>{title === 'Sekisho' ? title : `${title} · Sekisho`}</title>
        <link rel="icon" type="image/svg+xml" href={assets.path('mark.svg')} />
        <link rel="stylesheet" href={assets.path('sekisho.css')} />
        {extras.map((name) => (name.endsWith('.css') ? <link rel="stylesheet" href={assets.path(name)} /> : null))}
        <script src={assets.path('sekisho.js')} defer />
        {extras.map((name) => (name.endsWith('.js') ? <script src={assets.path(name)} defer /> : null))}
      </head>
      <body class={`layout-${layout}`}>
        <a class="skip-link" href="#content">
          {t('Skip to the content')}
        </a>
        <header class="top">
          <div class="top-inner">
            <a class="brand" href="/">
              <Mark size={30} />
              <span class="brand-name">Sekisho</span>
            </a>
            {viewer && layout === 'app' ? <Menu {...{ viewer, csrfToken, current, navigation }} /> : null}
            {viewer && layout === 'card' ? <Person viewer={viewer} /> : null}
          </div>
        </header>
        <main class="content" id="content" tabindex={-1}>
          {body as Child}
        </main>
        <footer class="foot">
          <p>{t('One checkpoint between your programs and the services they act on.')}</p>
          <LanguageSwitch />
        </footer>
      </body>
    </html>
  )
}

/** Each language calls itself by its own name, whatever the page is in. */
const languageNames: Record<Language, string> = { en: 'English', ja: '日本語' }

/**
 * The page again, in another language. It works without scripts and for who is not signed in. The browser says which page
 * that is; only what answers a write has no address to come back to, and leads to where its form was.
 */
function LanguageSwitch() {
  const current = currentLanguage()
  const returnTo = formPage()
  return (
    <form class="languages" action="/language" method="post" aria-label={t('Language')}>
      {returnTo === undefined ? null : <input type="hidden" name="returnTo" value={returnTo} />}
      {languages.map((language) =>
        language === current ? (
          <strong class="language" lang={language}>
            {languageNames[language]}
          </strong>
        ) : (
          <button class="button button-quiet language" type="submit" name="language" value={language} lang={language}>
            {languageNames[language]}
          </button>
        ),
      )}
    </form>
  )
}
