// Reads the form of a token that somebody made at a service: the token, and what must be given beside it.
import { Problem } from '@sekisho/contracts'
import { TokenRefused } from '../providers/connect.js'
import { shown } from '../providers/shown.js'
import { ConnectFailure, failureWords } from './connect-failure.js'
import type { GivenToken } from './connect-flow.js'
import type { ConnectedProvider } from './not-connected.js'
import { t } from './t.js'
import { maxFieldLength, maxTokenLength, type OfferedToken } from './token-fields.js'

/** What was typed, and what is wrong with it by the name of the field. */
export interface TypedToken extends GivenToken {
  readonly errors: Readonly<Record<string, string>>
}

/** It must fit into a header. */
const sendable = /^[\x21-\x7e]+$/

/** Throws Problem not-found when the service takes no tokens. */
export function readTokenForm(provider: ConnectedProvider, body: Readonly<Record<string, unknown>>): TypedToken {
  const { token: taken, service } = provider.connect
  if (!taken)
    throw new Problem(
      'not-found',
      t('{service} is not connected by a token. Go back and reload the page.', { service }),
    )
  const errors: Record<string, string> = {}
  const fields: Record<string, string> = {}
  for (const { name, label, type } of taken.fields ?? []) {
    const value = textOf(body[`field.${name}`])
    if (value === '') errors[name] = t('{field} is needed.', { field: shown(provider, label) })
    else if (value.length > maxFieldLength) errors[name] = t('At most {count} characters.', { count: maxFieldLength })
    else if (type === 'url' && !isWebUrl(value))
      errors[name] = t('This is not a whole address, like https://example.com.')
    else if (type === 'email' && !/^\S+@\S+$/.test(value)) errors[name] = t('This is not a whole e-mail address.')
    fields[name] = value.slice(0, maxFieldLength)
  }
  const token = textOf(body.token)
  const called = shown(provider, taken.name)
  if (token === '') errors.token = t('Paste the {token} here.', { token: called })
  else if (token.length > maxTokenLength || !sendable.test(token)) {
    errors.token = t('This is no {token}: it has signs in it that none has. Copy it once more.', { token: called })
  }
  return { token, fields, errors }
}

/** What to say beside the form when the service did not take what was typed; undefined for faults of our own. */
export function tokenFault(error: unknown, provider: ConnectedProvider): { field?: string; words: string } | undefined {
  const { service, token } = provider.connect
  if (error instanceof TokenRefused) {
    return {
      field: 'token',
      words: t('{service} does not take this {token}. Check it, or make a new one.', {
        service,
        token: token ? shown(provider, token.name) : t('token'),
      }),
    }
  }
  if (!(error instanceof ConnectFailure) || error.kind === 'other-account') return undefined
  const { detail } = error.attempt
  return { words: detail ? shown(provider, detail) : t('{title}. {words}', failureWords(error.kind, service)) }
}

/** The form as it is shown (again): without the token. */
export function offeredToken(
  provider: ConnectedProvider,
  typed?: Pick<TypedToken, 'fields' | 'errors'>,
): OfferedToken | undefined {
  const { token } = provider.connect
  if (!token) return undefined
  return {
    ...token,
    name: shown(provider, token.name),
    hint: shown(provider, token.hint),
    fields: (token.fields ?? []).map((field) => ({
      ...field,
      label: shown(provider, field.label),
      hint: shown(provider, field.hint),
    })),
    typed: typed?.fields ?? {},
    errors: typed?.errors ?? {},
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : ''
}

function isWebUrl(value: string): boolean {
  return /^https?:\/\//i.test(value) && URL.canParse(value)
}
