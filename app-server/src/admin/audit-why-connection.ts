// Why something was done with a connected account, or was not, in sentences.
import type { AuditRecord } from '../audit/audit-trail.js'
import { sentences } from '../platform/html/language.js'
import { listOf, quoted } from './audit-why-parts.js'
import { isKeyOf, reasonWords } from './audit-words.js'
import { t } from './t.js'

const connectWays = {
  consent:
    'The person, signed in here, said yes at the service, and came back to the same session with what was begun in it.',
  'own-token': 'The person entered a token that the service takes.',
  'shared-token': 'The person chose the account that is shared here, and the service takes its token.',
} as const

const serviceWords = {
  told: 'The service confirmed that the access has ended there too.',
  unconfirmed: 'The service did not confirm that the access has ended there.',
  'not-offered': 'The service has no way to be told.',
  others:
    'The service was not told, because the same account is connected here once more and would have ended with it.',
  token: 'A token made by hand ends where it was made.',
  shared: 'It was the shared account; nothing ends at the service.',
} as const

export function whyOfConnection({ action, outcome, reason, details }: AuditRecord): string[] {
  const account =
    typeof details.account === 'string' ? [t('The account: {account}.', { account: details.account })] : []
  const why = reasonWords(reason ?? '')
  if (action === 'lose') {
    return [
      sentences([t('The access to the account was lost: {reason}.', { reason: why }), ...account]),
      t('Calls with it are refused until the person connects it again; they were told once, with the link to do so.'),
    ]
  }
  if (action.endsWith('-model-key')) return whyOfModelKey(outcome, why, details)
  if (outcome !== 'ok') {
    const happened =
      outcome === 'failed'
        ? t('The connection did not come about: {reason}.', { reason: why })
        : t('The connection was refused: {reason}.', { reason: why })
    return [sentences([happened, ...account]), t('Nothing was kept and nothing was overwritten.')]
  }
  const again = Number(details.must_connect_again ?? 0)
  switch (action) {
    case 'connect':
    case 'reconnect': {
      const way = String(details.way)
      return [
        sentences([isKeyOf(connectWays, way) ? t(connectWays[way]) : t('It was connected.'), ...account]),
        ...(Array.isArray(details.scopes_given)
          ? [t('The service gave {scopes}.', { scopes: quoted(listOf(details.scopes_given)) })]
          : []),
      ]
    }
    case 'disconnect': {
      const service = String(details.service)
      return [
        sentences([
          t('People may disconnect their own accounts, and this was sent from a form of a session of theirs.'),
          ...account,
        ]),
        isKeyOf(serviceWords, service) ? t(serviceWords[service]) : t('Nothing was written down of the service.'),
      ]
    }
    default:
      return [
        sentences([
          t('People may do this with connections of their own, and it was sent from a form of a session of theirs.'),
          ...account,
        ]),
        ...(again > 0
          ? [t('Accounts that must be connected again because of it: {count, number}.', { count: again })]
          : []),
      ]
  }
}

function whyOfModelKey(
  outcome: AuditRecord['outcome'],
  reason: string,
  { name, model, host }: AuditRecord['details'],
): string[] {
  if (outcome !== 'ok') {
    return [
      outcome === 'failed' ? t('It was not done: {reason}.', { reason }) : t('It was refused: {reason}.', { reason }),
      t('Nothing was kept and nothing was overwritten.'),
    ]
  }
  const values = { name: String(name), model: String(model) }
  return [
    t('People may do this with keys of their own, and it was sent from a form of a session of theirs.'),
    typeof host === 'string'
      ? t('The key “{name}” is for the model {model} at {host}. The key itself is written down nowhere.', {
          ...values,
          host,
        })
      : t('The key “{name}” is for the model {model}. The key itself is written down nowhere.', values),
  ]
}
