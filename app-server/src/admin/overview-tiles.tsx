// Figures side by side on the overview.
import type { Child } from 'hono/jsx'
import { t } from './t.js'

export function Tiles({ children }: { children?: Child }) {
  return <dl class="tiles">{children}</dl>
}

export function Tile(props: {
  term: string
  value: string | undefined
  href?: string
  tone?: 'refused' | 'failed' | undefined
  children?: Child
}) {
  const { term, value, href, tone, children } = props
  return (
    <div class={tone ? `tile tile-${tone}` : 'tile'}>
      <dt>{href ? <a href={href}>{term}</a> : term}</dt>
      <dd class="tile-value">{value ?? t('not known')}</dd>
      {children ? <dd class="tile-words">{children}</dd> : null}
    </div>
  )
}
