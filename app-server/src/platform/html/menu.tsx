// Where every page leads, and who is signed in: one line on a wide page, one sheet behind a button on a narrow one.
import type { Child } from 'hono/jsx'
import { t } from './t.js'

/** Who looks at the page. */
export interface Viewer {
  id: string
  name: string
  email: string
  administrator: boolean
}

/** One place the navigation leads to. */
export interface NavigationItem {
  href: string
  /** Said when the page is made, in its language. */
  label: () => string
}

export interface Navigation {
  /** Beside each other, while there is room. */
  places: readonly NavigationItem[]
  /** For administrators only, together behind one name. */
  administration: { label: () => string; items: readonly NavigationItem[] }
  /** What is the viewer's own, behind their name. */
  account: readonly NavigationItem[]
}

export interface MenuProps {
  viewer: Viewer
  /** With it the menu offers to sign out. */
  csrfToken: string | undefined
  current: string | undefined
  navigation: Navigation
}

/**
 * All of it are popovers: browsers open and close them without scripts, by Escape and a click beside them too, and give the
 * focus back. On a wide page the sheet itself lies open, and on a narrow one its groups do.
 */
export function Menu({ viewer, csrfToken, current, navigation: { places, administration, account } }: MenuProps) {
  return (
    <>
      <button class="button button-quiet menu-button" type="button" popovertarget="menu">
        {t('Menu')}
      </button>
      <div class="menu" id="menu" popover="auto">
        <nav class="menu-places" aria-label={t('Main')}>
          <Links items={places} current={current} />
          {viewer.administrator ? (
            <>
              <Opener group="menu-admin" current={leadsTo(administration.items, current)}>
                {administration.label()}
              </Opener>
              <div class="menu-group" id="menu-admin" popover="auto">
                <p class="menu-title">{administration.label()}</p>
                <Links items={administration.items} current={current} />
              </div>
            </>
          ) : null}
        </nav>
        <Opener group="menu-account" current={leadsTo(account, current)}>
          <span class="visually-hidden">{t('Account')} </span>
          <span class="menu-name">{viewer.name}</span>
        </Opener>
        <div class="menu-group" id="menu-account" popover="auto">
          <Person viewer={viewer} />
          <nav aria-label={t('Account')}>
            <Links items={account} current={current} />
          </nav>
          {csrfToken ? (
            <form action="/auth/logout" method="post">
              <input type="hidden" name="_csrf" value={csrfToken} />
              <button class="button button-secondary button-wide" type="submit">
                {t('Sign out')}
              </button>
            </form>
          ) : null}
        </div>
      </div>
    </>
  )
}

/** On a narrow page there is none: what it opens lies open. */
function Opener({ group, current, children }: { group: string; current: boolean; children?: Child }) {
  return (
    <button class="menu-opener" type="button" popovertarget={group} aria-current={current ? 'true' : undefined}>
      {children}
    </button>
  )
}

function Links({ items, current }: { items: readonly NavigationItem[]; current: string | undefined }) {
  return (
    <ul class="nav">
      {items.map(({ href, label }) => (
        <li>
          <a href={href} aria-current={href === current ? 'page' : undefined}>
            {label()}
          </a>
        </li>
      ))}
    </ul>
  )
}

function leadsTo(items: readonly NavigationItem[], current: string | undefined): boolean {
  return items.some(({ href }) => href === current)
}

export function Person({ viewer }: { viewer: Viewer }) {
  return (
    <p class="person">
      <span class="visually-hidden">{t('Signed in as')} </span>
      <span class="person-name">{viewer.name}</span>
      <span class="person-email">{viewer.email}</span>
    </p>
  )
}
