// The page kit: the small set of parts every page is put together from. They look as sekisho.css says.
// biome-ignore-all lint/a11y/noRedundantRoles: browsers drop the roles of a table whose cells leave table layout on phones
import type { Child } from 'hono/jsx'
import { CopyButton } from './copy-button.js'
import { t } from './t.js'

type Content = { children?: Child }

/** The head of a page: its one h1, a sentence that says what it is for, and what can be done with all of it. */
export function PageHead({ title, children, actions }: Content & { title: string; actions?: Child }) {
  return (
    <div class="page-head">
      <div class="page-head-words">
        <h1>{title}</h1>
        {children ? <p class="lead">{children}</p> : null}
      </div>
      {actions ? <div class="actions">{actions}</div> : null}
    </div>
  )
}

/** A part of a page with a heading of its own; `id` makes it a target of links. */
export function Section({ title, id, lead, children }: Content & { title: string; id?: string; lead?: Child }) {
  return (
    <section class="section" id={id}>
      <h2>{title}</h2>
      {lead ? <p class="section-lead">{lead}</p> : null}
      {children}
    </section>
  )
}

/** A sheet of paper. With a title it gets a heading of the given level (2 unless told). */
export function Card({ title, level = 2, children }: Content & { title?: Child; level?: 2 | 3 }) {
  const Heading = level === 2 ? 'h2' : 'h3'
  return (
    <div class="card">
      {title ? <Heading class="card-title">{title}</Heading> : null}
      {children}
    </div>
  )
}

/** How much a button wants to be pressed: one `primary` on a page; `danger` takes something away. */
export type ButtonKind = 'primary' | 'secondary' | 'danger' | 'quiet'

interface ButtonProps extends Content {
  kind?: ButtonKind
  /** Keeps the focus on it when a live part of the page is renewed. */
  id?: string
  name?: string
  value?: string
  type?: 'submit' | 'button'
  wide?: boolean
  /** Read out instead of the content, when many buttons on a page say the same. Begin it with the visible words. */
  label?: string
}

export function Button({ kind = 'primary', type = 'submit', wide, label, id, name, value, children }: ButtonProps) {
  return (
    <button class={buttonClass(kind, wide)} id={id} type={type} name={name} value={value} aria-label={label}>
      {children}
    </button>
  )
}

/** Looks like a button, goes somewhere. Never use it for a write. */
export function ButtonLink(props: Content & { href: string; kind?: ButtonKind; wide?: boolean; label?: string }) {
  return (
    <a class={buttonClass(props.kind ?? 'secondary', props.wide)} href={props.href} aria-label={props.label}>
      {props.children}
    </a>
  )
}

function buttonClass(kind: ButtonKind, wide: boolean | undefined): string {
  return `button button-${kind}${wide ? ' button-wide' : ''}`
}

/** Buttons side by side, or one below the other on a phone. */
export function Actions({ children }: Content) {
  return <div class="actions">{children}</div>
}

export interface FormProps extends Content {
  action: string
  /** The session's (or sign-in page's) token; every form that writes carries one. */
  csrfToken?: string
  method?: 'post' | 'get'
  /** A question the browser asks before it sends, where scripts run. What must be asked anyhow gets a page of its own. */
  confirm?: string
  /** Sits inside a table or a row of buttons instead of standing on its own. */
  inline?: boolean
}

export function Form({ action, csrfToken, method = 'post', confirm, inline, children }: FormProps) {
  return (
    <form class={inline ? 'form form-inline' : 'form'} action={action} method={method} data-confirm={confirm}>
      {csrfToken ? <input type="hidden" name="_csrf" value={csrfToken} /> : null}
      {children}
    </form>
  )
}

export interface FieldProps {
  label: string
  name: string
  type?: 'text' | 'email' | 'password' | 'search' | 'url' | 'number' | 'date'
  value?: string
  /** Says what a right value looks like, before anything went wrong. */
  hint?: string
  /** Says what is wrong with the value that was sent, and what to put instead. */
  error?: string
  required?: boolean
  autocomplete?: string
  autofocus?: boolean
  maxlength?: number
  placeholder?: string
}

/** One line of input with its label, hint and fault, tied together for screen readers. */
export function Field({ label, name, type = 'text', hint, error, ...input }: FieldProps) {
  const id = `field-${name}`
  const described = [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ')
  return (
    <div class={error ? 'field field-faulty' : 'field'}>
      <label for={id}>{label}</label>
      {hint ? (
        <p class="field-hint" id={`${id}-hint`}>
          {hint}
        </p>
      ) : null}
      <input
        id={id}
        name={name}
        type={type}
        aria-describedby={described || undefined}
        aria-invalid={error ? 'true' : undefined}
        {...input}
      />
      {error ? (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      ) : null}
    </div>
  )
}

/** A box to tick (or one of several to choose from), with room to say what it means. */
export function Choice(props: {
  name: string
  value: string
  label: Child
  hint?: Child
  checked?: boolean
  type?: 'checkbox' | 'radio'
}) {
  return (
    <label class="choice">
      <input type={props.type ?? 'checkbox'} name={props.name} value={props.value} checked={props.checked} />
      <span class="choice-words">
        <span class="choice-label">{props.label}</span>
        {props.hint ? <span class="choice-hint">{props.hint}</span> : null}
      </span>
    </label>
  )
}

export type NoticeKind = 'info' | 'success' | 'warning' | 'error'

const noticeWords = { info: 'Note', success: 'Done', warning: 'Mind', error: 'Not done' } as const

/** Something the reader should know now. Errors are announced by screen readers at once. */
export function Notice({ kind = 'info', title, children }: Content & { kind?: NoticeKind; title?: string }) {
  return (
    <div class={`notice notice-${kind}`} role={kind === 'error' ? 'alert' : 'status'}>
      <p class="notice-title">{title ?? t(noticeWords[kind])}</p>
      <div class="notice-words">{children}</div>
    </div>
  )
}

/** What stands where a list would be: why it is empty and what would fill it. */
export function EmptyState({ title, children, actions }: Content & { title: string; actions?: Child }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      <div class="empty-words">{children}</div>
      {actions ? <div class="actions">{actions}</div> : null}
    </div>
  )
}

/**
 * Text to be taken elsewhere: selectable as a whole by hand, with a copy button where scripts run.
 * It scrolls sideways, so the keyboard must reach it.
 */
export function CopyBox({ label, text, large }: { label: string; text: string; large?: boolean }) {
  return (
    <figure class={large ? 'copybox copybox-large' : 'copybox'}>
      <figcaption class="copybox-label">{label}</figcaption>
      <pre class="copybox-text" tabindex={0}>
        <code>{text}</code>
      </pre>
      <CopyButton kind="secondary" place="copybox-button" label={t('Copy {what}', { what: label })} />
    </figure>
  )
}

/** Names and their values, e.g. what is known of one program. */
export function Facts({ items }: { items: readonly { term: string; detail: Child }[] }) {
  return (
    <dl class="facts">
      {items.map(({ term, detail }) => (
        <div class="fact">
          <dt>{term}</dt>
          <dd>{detail}</dd>
        </div>
      ))}
    </dl>
  )
}

/** A word about a thing's state or kind. The word carries the meaning; the colour only helps. */
export function Tag({ kind = 'plain', children }: Content & { kind?: 'plain' | 'good' | 'warn' | 'seal' }) {
  return <span class={`tag tag-${kind}`}>{children}</span>
}

export interface Column {
  title: string
  /** Columns of buttons have a title for screen readers only. */
  actions?: boolean
}

/** Rows of like things. On a phone each row becomes a card that repeats the column titles. */
export function Table(props: { caption: string; columns: readonly Column[]; rows: readonly (readonly Child[])[] }) {
  return (
    <table class="table" role="table">
      <caption class="visually-hidden">{props.caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {props.columns.map(({ title, actions }) => (
            <th scope="col" role="columnheader">
              {actions ? <span class="visually-hidden">{title}</span> : title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {props.rows.map((cells) => (
          <tr role="row">
            {cells.map((cell, index) => {
              const column = props.columns[index]
              return (
                <td role="cell" class={column?.actions ? 'cell-actions' : undefined} data-title={column?.title}>
                  <div class="cell">{cell}</div>
                </td>
              )
            })}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** A moment: in UTC from the server, in the reader's own time zone where scripts run. */
export function Moment({ at }: { at: Date }) {
  const words = at.toISOString().slice(0, 16).replace('T', ' ')
  return (
    <time datetime={at.toISOString()} data-moment>
      {words} UTC
    </time>
  )
}

/** How long ago, in one word or two. */
export function Ago({ at, now = new Date() }: { at: Date; now?: Date }) {
  return <time datetime={at.toISOString()}>{agoInWords(now.getTime() - at.getTime())}</time>
}

function agoInWords(elapsedMs: number): string {
  const minutes = Math.floor(elapsedMs / 60_000)
  if (minutes < 1) return t('just now')
  if (minutes < 60) return t('{count, plural, one {# minute} other {# minutes}} ago', { count: minutes })
  const hours = Math.floor(minutes / 60)
  if (hours < 24) return t('{count, plural, one {# hour} other {# hours}} ago', { count: hours })
  return t('{count, plural, one {# day} other {# days}} ago', { count: Math.floor(hours / 24) })
}
