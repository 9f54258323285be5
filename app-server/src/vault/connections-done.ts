// What the page of connections says of what was done a moment ago.
import { z } from 'zod'
import type { NoticeKind } from '../platform/html/components.js'
import { sentences } from '../platform/html/language.js'
import { shown } from '../providers/shown.js'
import type { ShownService } from './connection-overview.js'
import { t } from './t.js'

const serviceKnows = ['told', 'unconfirmed', 'not-offered', 'others', 'token', 'shared'] as const

/** The query of the page's address; anything else in it says nothing. */
const queries = z.discriminatedUnion('done', [
  z.object({ done: z.enum(['connected', 'reconnected', 'default']), connection: z.uuid() }),
  z.object({ done: z.literal('disconnected'), provider: z.string().max(64), service: z.enum(serviceKnows) }),
  z.object({ done: z.enum(['client-kept', 'client-removed']), provider: z.string().max(64) }),
  z.object({ done: z.literal('gone') }),
])

export type ConnectionsDone = z.output<typeof queries>

export function doneOf(query: unknown): ConnectionsDone | undefined {
  return queries.safeParse(query).data
}

export interface DoneNotice {
  readonly kind: NoticeKind
  readonly title: string
  readonly words: readonly string[]
}

/** Only what the page itself shows to be so: an old link tells nothing. */
export function doneNotice(done: ConnectionsDone, services: readonly ShownService[]): DoneNotice | undefined {
  switch (done.done) {
    case 'gone':
      return {
        kind: 'info',
        title: t('Nothing to do'),
        words: [t('That account is not connected here, or no longer.')],
      }
    case 'connected':
    case 'reconnected':
    case 'default':
      return ofAccount(done, services)
    case 'disconnected':
      return ofDisconnect(done, services)
    default: {
      const service = services.find(({ provider }) => provider.id === done.provider)
      if (!service || (done.done === 'client-kept') !== (service.ownClient !== undefined)) return undefined
      const name = service.provider.connect.service
      return done.done === 'client-kept'
        ? {
            kind: 'success',
            title: t('Kept'),
            words: [t('From now on you connect accounts of {service} through your own client.', { service: name })],
          }
        : {
            kind: 'success',
            title: t('Removed'),
            words: [t('Your OAuth client at {service} is forgotten here.', { service: name })],
          }
    }
  }
}

function ofAccount(
  { done, connection: id }: { done: 'connected' | 'reconnected' | 'default'; connection: string },
  services: readonly ShownService[],
): DoneNotice | undefined {
  const found = services.flatMap(({ provider, connections }) =>
    connections.filter((connection) => connection.id === id).map((connection) => ({ provider, connection })),
  )[0]
  if (!found) return undefined
  const { connection, provider } = found
  const account = connection.account.label
  const tools = shown(provider, provider.title)
  if (done === 'default') {
    if (!connection.isDefault) return undefined
    return {
      kind: 'success',
      title: t('Done'),
      words: [t('Programs use {account} when they name no account.', { account })],
    }
  }
  if (connection.status !== 'connected') return undefined
  return done === 'connected'
    ? {
        kind: 'success',
        title: t('Connected'),
        words: [t('{account} of {tools} is ready for the programs you allow.', { account, tools })],
      }
    : {
        kind: 'success',
        title: t('Connected again'),
        words: [t('{account} of {tools} works again.', { account, tools })],
      }
}

function ofDisconnect(
  { provider: id, service: knows }: { provider: string; service: (typeof serviceKnows)[number] },
  services: readonly ShownService[],
): DoneNotice | undefined {
  const provider = services.find((one) => one.provider.id === id)?.provider
  if (!provider) return undefined
  const { service, token, manageUrl } = provider.connect
  const name = token ? shown(provider, token.name) : t('token')
  const rest: Record<(typeof serviceKnows)[number], string> = {
    told: t('{service} confirmed that the access has ended there too.', { service }),
    unconfirmed: t('{service} did not confirm that the access has ended there.', { service }),
    'not-offered': t('{service} has no way for us to tell it.', { service }),
    others: t(
      '{service} was not told, because the same account is connected here once more, and that would end as well.',
      { service },
    ),
    token: t('The {token} still works at {service} itself. Delete it there if you need it for nothing else.', {
      token: name,
      service,
    }),
    shared: t('It was the shared account, which others go on using.'),
  }
  const byHand = t(
    'To end it at {service} too, remove this server there, among the applications that have access to your account.',
    { service },
  )
  const warns = knows === 'unconfirmed' || knows === 'not-offered' || knows === 'others'
  return {
    kind: warns ? 'warning' : 'success',
    title: t('Disconnected'),
    words: [
      t('No program can use that account any more, from this moment on. Its tokens are deleted here.'),
      sentences([
        rest[knows],
        ...(warns ? [byHand] : []),
        ...(warns && manageUrl !== undefined ? [t('They are listed at {address}.', { address: manageUrl })] : []),
      ]),
    ],
  }
}
