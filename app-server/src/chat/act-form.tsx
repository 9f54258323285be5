// A button of an answer that does something: a form that works by itself, and that the page's script sends in the background.
import type { Child } from 'hono/jsx'
import { Button, type ButtonKind } from '../platform/html/components.js'
import type { Onlooker } from './onlooker.js'

export interface ActFormProps {
  action: string
  onlooker: Onlooker
  kind?: ButtonKind
  fields?: Readonly<Record<string, string>>
  /** Makes no sense any more once another message came after it. */
  onlyLast?: boolean
  label?: string
  children?: Child
}

export function ActForm({
  action,
  onlooker,
  kind = 'secondary',
  fields = {},
  onlyLast,
  label,
  children,
}: ActFormProps) {
  return (
    <form class={onlyLast ? 'form-inline only-last' : 'form-inline'} action={action} method="post" data-act>
      {onlooker.csrfToken ? <input type="hidden" name="_csrf" value={onlooker.csrfToken} /> : null}
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      <Button kind={kind} {...(label === undefined ? {} : { label })}>
        {children}
      </Button>
    </form>
  )
}
