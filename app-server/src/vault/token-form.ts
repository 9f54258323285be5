// Reads the form of a token that somebody made at a service: the token, and what must be given beside it.
import { Problem } from '@sekisho/contracts'
import { TokenRefused } from '../providers/connect.js'
import { maxFieldLength, maxTokenLength, type OfferedToken } from './connect.page.js'
import { ConnectFailure, connectFailures } from './connect-failure.js'
import type { GivenToken } from './connect-flow.js'
import type { ConnectedProvider } from './not-connected.js'

/** What was typed, and what is wrong with it by the name of the field. */
export interface TypedToken extends GivenToken {
  readonly errors: Readonly<Record<string, string>>
}

/** It must fit into a header. */
const sendable = /^[\x21-\x7e]+$/

/** Throws Problem not-found when the service takes no tokens. */
export function readTokenForm({ connect }: ConnectedProvider, body: Readonly<Record<string, unknown>>): TypedToken {
  const { token: taken, service } = connect
  if (!taken) throw new Problem('not-found', `${service} is not connected by a token. Go back and reload the page.`)
  const errors: Record<string, string> = {}
  const fields: Record<string, string> = {}
  for (const { name, label, type } of taken.fields ?? []) {
    const value = textOf(body[`field.${name}`])
    if (value === '') errors[name] = `${label} is needed.`
    else if (value.length > maxFieldLength) errors[name] = `At most ${maxFieldLength} characters.`
    else if (type === 'url' && !isWebUrl(value)) errors[name] = 'This is not a whole address, like https://example.com.'
    else if (type === 'email' && !/^\S+@\S+$/.test(value)) errors[name] = 'This is not a whole e-mail address.'
    fields[name] = value.slice(0, maxFieldLength)
  }
  const token = textOf(body.token)
  if (token === '') errors.token = `Paste the ${taken.name} here.`
  else if (token.length > maxTokenLength || !sendable.test(token)) {
    errors.token = `This is no ${taken.name}: it has signs in it that none has. Copy it once more.`
  }
  return { token, fields, errors }
}

/** What to say beside the form when the service did not take what was typed; undefined for faults of our own. */
export function tokenFault(
  error: unknown,
  { connect }: ConnectedProvider,
): { field?: string; words: string } | undefined {
  const { service, token } = connect
  if (error instanceof TokenRefused) {
    return {
      field: 'token',
      words: `${service} does not take this ${token?.name ?? 'token'}. Check it, or make a new one.`,
    }
  }
  if (!(error instanceof ConnectFailure) || error.kind === 'other-account') return undefined
  const { title, words } = connectFailures[error.kind]
  return { words: error.attempt.detail ?? `${title(service)}. ${words(service)}` }
}

/** The form as it is shown (again): without the token. */
export function offeredToken({ connect }: ConnectedProvider, typed?: Pick<TypedToken, 'fields' | 'errors'>) {
  const { token } = connect
  return token && ({ ...token, typed: typed?.fields ?? {}, errors: typed?.errors ?? {} } satisfies OfferedToken)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : ''
}

function isWebUrl(value: string): boolean {
  return /^https?:\/\//i.test(value) && URL.canParse(value)
}
