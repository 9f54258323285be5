// Parts of the page kit for long lists: what narrows them down, and where they go on.
import type { Child } from 'hono/jsx'
import { ButtonLink } from './components.js'
import { t } from './t.js'

/** What narrows a list down: fields side by side, sent as a link that can be kept. */
export function Filters({ action, children }: { action: string; children?: Child }) {
  return (
    <form class="filters" action={action} method="get">
      {children}
      <button class="button button-primary" type="submit">
        {t('Search')}
      </button>
    </form>
  )
}

/** Where a list goes on; nothing when all of it is there. `path` is the list's own with its filters. */
export function Pager({ path, cursor, next }: { path: string; cursor?: string | undefined; next: string | null }) {
  if (cursor === undefined && next === null) return null
  const more = path.includes('?') ? '&' : '?'
  return (
    <nav class="actions pager" aria-label={t('Pages')}>
      {cursor === undefined ? null : <ButtonLink href={path}>{t('Back to the first page')}</ButtonLink>}
      {next === null ? null : (
        <ButtonLink href={`${path}${more}cursor=${encodeURIComponent(next)}`}>{t('Next page')}</ButtonLink>
      )}
    </nav>
  )
}
