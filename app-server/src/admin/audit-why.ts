// Why something was allowed or refused, in sentences: what the decision rested on when it was made.
import { isProblemCode, problems } from '@sekisho/contracts'
import type { AuditRecord } from '../audit/audit-trail.js'
import { whyNotApproved, whyOfApproval } from './approval-why.js'
import { reasonWords } from './audit-words.js'

/** One sentence or two for each paragraph; the first gives the answer. Plain text, nothing in it is markup. */
export function whyOf(record: AuditRecord): string[] {
  const further = record.details.further_times
  const more =
    typeof further === 'number'
      ? [`This stands for ${further} more of the kind within the same minute, which were counted instead of listed.`]
      : []
  return [...ofKind(record), ...more]
}

function ofKind(record: AuditRecord): string[] {
  switch (record.kind) {
    case 'call':
      return ofCall(record)
    case 'access':
      return ofAccess(record)
    case 'sign-in':
      return ofSignIn(record)
    case 'consent':
      return ofConsent(record)
    case 'grant':
      return ofGrant(record)
    case 'client':
      return ofClient(record)
    case 'session':
      return [
        'It was allowed because people may end their own sessions, and this was sent from a form of a session of theirs.',
      ]
    case 'connection':
      return ofConnection(record)
    case 'approval':
      return whyOfApproval(record)
    case 'administration':
      return ofAdministration(record)
    default:
      return [
        record.reason === null ? 'It was done.' : `The reason that was written down: ${reasonWords(record.reason)}.`,
      ]
  }
}

function ofCall({ outcome, reason, tool, details, grantId }: AuditRecord): string[] {
  const needed = listOf(details.scopes_needed)
  const held = listOf(details.scopes_held)
  const name = tool ?? 'the tool'
  if (needed.length === 0 && held.length === 0 && reason === null) {
    return ['It was allowed. Of calls this old nothing more was written down.']
  }
  const alive = `At that moment the person was active, and ${
    grantId === null
      ? 'the session had not ended'
      : 'their authorization of the program was neither withdrawn nor expired'
  }.`
  const bySession = typeof details.session_id === 'string' && details.bearer_id === undefined
  const covered = bySession
    ? `the person was signed in here, and a session stands for all that its person could allow, ${quoted(needed)} included`
    : `the access token held ${quoted(needed)}, which ${name} needs`
  if (reason === null) {
    const approved =
      typeof details.approval === 'string'
        ? [`The person had approved this very call; the approval is used up: ${details.approval}.`]
        : []
    return [`It was allowed because ${covered}.`, ...approved, alive]
  }
  switch (reason) {
    case 'insufficient-scope':
      return [
        `It was refused because ${name} needs ${quoted(needed)}, and the access token held ${held.length > 0 ? `only ${quoted(held)}` : 'no scope at all'}.`,
        'The program was told which scopes to ask the person for.',
        alive,
      ]
    case 'unknown-tool':
      return [
        `It was refused because there is no tool called ${name}. The program was told which names are like it.`,
        alive,
      ]
    case 'invalid-arguments': {
      const faulty = listOf(details.faulty_arguments)
      const where = faulty.length > 0 ? `: ${faulty.join(', ')}` : ''
      return [
        `It was refused because the arguments do not fit what ${name} takes${where}. The tool was not run.`,
        `The caller was allowed to: ${covered}.`,
      ]
    }
    case 'not-connected': {
      const missing = notConnectedWords[String(details.not_connected)] ?? 'there was none to act with'
      return [
        `The caller was allowed to: ${covered}. But ${name} acts with an account of the person’s, and ${missing}.${whichAccount(details)}`,
        alive,
      ]
    }
    case 'approval-needed':
    case 'approval-denied':
      return [`The caller was allowed to: ${covered}. ${whyNotApproved(reason, name, details)}`, alive]
    case 'cancelled':
      return [`It was allowed, because ${covered}; but the caller gave up before it was finished.`]
    case 'timeout':
      return [`It was allowed, because ${covered}; but it did not finish in time. It may or may not have been done.`]
    case 'rate-limited':
      return ['It was refused because too much was asked at once.', alive]
  }
  if (outcome === 'failed') {
    const reference =
      typeof details.reference === 'string' ? ` The log has the cause under the reference ${details.reference}.` : ''
    return [`It was allowed, because ${covered}; but it broke: ${reasonWords(reason)}.${reference}`]
  }
  return [
    `The caller was allowed to: ${covered}. It was ${name} itself that refused: ${isProblemCode(reason) ? problems[reason].title.toLowerCase() : reasonWords(reason)}.`,
    alive,
  ]
}

/** The account that was meant, and why its access had been lost. */
function whichAccount({ connection, lost_because: lost }: Record<string, unknown>): string {
  if (typeof connection !== 'object' || connection === null || !('label' in connection)) return ''
  const because = typeof lost === 'string' ? `, lost because ${reasonWords(lost)}` : ''
  return ` The account: ${String(connection.label)}${because}.`
}

const notConnectedWords: Readonly<Record<string, string>> = {
  'not-set-up': 'its service is not set up here',
  'no-account': 'they had connected none',
  'unknown-account': 'the one that was named is none they had connected',
  'reconnect-needed': 'the access to it had ended',
  revoked: 'the access to it had been withdrawn',
  'more-access-needed': 'theirs was connected without the access this needs',
  declined: 'they were asked to connect one and said no',
  cancelled: 'they were asked to connect one and closed the question',
}

const accessWords: Readonly<Record<string, string>> = {
  'token-expired':
    'The access token was one of ours, and good once, but it had expired. Programs get a new one with their refresh token, so a few of these are nothing unusual.',
  'grant-withdrawn':
    'The access token was one of ours and had not expired, but the authorization it hangs on had been withdrawn or had ended. Withdrawing counts from the very next call.',
  'session-ended':
    'The access token was made for a browser session, and that session had ended: signed out, expired, or ended by somebody.',
  'user-suspended':
    'The access token was one of ours, but its person was suspended. That counts from the very next call.',
  'user-disabled': 'The access token was one of ours, but the account of its person was closed.',
  'user-unknown': 'The access token was one of ours, but its person no longer exists here.',
  'client-blocked': 'The access token was one of ours, but its program had been blocked by an administrator.',
  'too-many-to-list': 'More different access tokens were refused in this minute than are written down one by one.',
}

function ofAccess({ reason }: AuditRecord): string[] {
  const because =
    (reason !== null && accessWords[reason]) || `The access token was refused: ${reasonWords(reason ?? '')}.`
  return ['It was refused, and nothing was done.', because]
}

function ofSignIn({ outcome, reason, details }: AuditRecord): string[] {
  const way = details.way === 'google' ? 'Google' : 'development sign-in'
  if (outcome === 'ok') {
    return [
      `It was allowed because ${details.way === 'google' ? 'Google vouched for who it is' : 'development sign-in is switched on, which takes everybody at their word'}, and the account was active.`,
      ...(typeof details.role === 'string' ? [`The role at that moment: ${details.role}.`] : []),
    ]
  }
  const status =
    typeof details.status === 'string' && details.status !== 'active' ? ` The account was ${details.status}.` : ''
  const verb = outcome === 'failed' ? 'did not come about' : 'was refused'
  return [`The sign-in by ${way} ${verb}: ${reasonWords(reason ?? '')}.${status}`, 'No session was started.']
}

function ofConsent({ outcome, details }: AuditRecord): string[] {
  const asked = listOf(details.scopes_asked)
  const allowed = listOf(details.scopes_allowed)
  const to = `The answer went to ${String(details.returns_to ?? 'the program')}${details.returns_to_kind === 'computer' ? ', a program on the person’s own computer' : ''}.`
  if (outcome !== 'ok') return [`The person was asked for ${quoted(asked)} and said no.`, to]
  const left = asked.filter((scope) => !allowed.includes(scope))
  return [
    `The person, signed in here, was asked for ${quoted(asked)} and allowed ${left.length === 0 ? 'all of it' : `only ${quoted(allowed)}`}.`,
    to,
  ]
}

function ofGrant({ reason, details, targetType }: AuditRecord): string[] {
  if (reason === 'refresh-reuse' || reason === 'code-reuse') {
    return [
      `The authorization was ended because ${reasonWords(reason)}: either the program or somebody else has a copy that should not exist.`,
      'Nobody can tell the two apart, so every token of the authorization died with it. The program has to be allowed anew.',
    ]
  }
  if (reason === 'given-back') {
    return ['The program itself gave its token back, which ends the authorization. It has to be allowed anew to go on.']
  }
  const scopes = listOf(details.scopes)
  const what =
    targetType === 'client'
      ? `everything the program had been allowed (${listOf(details.grants).length} in number)`
      : 'one authorization'
  return [
    `The person ended ${what}${scopes.length > 0 ? `: ${quoted(scopes)}` : ''}.`,
    'Its tokens are refused from the very next call on.',
  ]
}

function ofClient({ outcome, reason, details }: AuditRecord): string[] {
  if (outcome !== 'ok') {
    const said = typeof details.said === 'string' ? ` It was told: ${details.said}.` : ''
    return [`The registration was refused: ${reasonWords(reason ?? '')}.${said}`]
  }
  const places = listOf(details.returns_to)
  return [
    'Any program may register itself; that alone allows it nothing. It can ask people, and each decides.',
    ...(places.length > 0 ? [`It may be sent back to: ${places.join(', ')}.`] : []),
  ]
}

const connectWays: Readonly<Record<string, string>> = {
  consent:
    'The person, signed in here, said yes at the service, and came back to the same session with what was begun in it',
  'own-token': 'The person entered a token that the service takes',
  'shared-token': 'The person chose the account that is shared here, and the service takes its token',
}

const serviceWords: Readonly<Record<string, string>> = {
  told: 'The service confirmed that the access has ended there too.',
  unconfirmed: 'The service did not confirm that the access has ended there.',
  'not-offered': 'The service has no way to be told.',
  others:
    'The service was not told, because the same account is connected here once more and would have ended with it.',
  token: 'A token made by hand ends where it was made.',
  shared: 'It was the shared account; nothing ends at the service.',
}

function ofConnection({ action, outcome, reason, details }: AuditRecord): string[] {
  const account = typeof details.account === 'string' ? ` The account: ${details.account}.` : ''
  if (action === 'lose') {
    return [
      `The access to the account was lost: ${reasonWords(reason ?? '')}.${account}`,
      'Calls with it are refused until the person connects it again; they were told once, with the link to do so.',
    ]
  }
  if (action.endsWith('-model-key')) return ofModelKey(outcome, reason, details)
  if (outcome !== 'ok') {
    const verb = outcome === 'failed' ? 'did not come about' : 'was refused'
    return [
      `The connection ${verb}: ${reasonWords(reason ?? '')}.${account}`,
      'Nothing was kept and nothing was overwritten.',
    ]
  }
  const again = Number(details.must_connect_again ?? 0)
  switch (action) {
    case 'connect':
    case 'reconnect': {
      const given = Array.isArray(details.scopes_given)
        ? ` The service gave ${quoted(listOf(details.scopes_given))}.`
        : ''
      return [`${connectWays[String(details.way)] ?? 'It was connected'}.${account}`, ...(given ? [given.trim()] : [])]
    }
    case 'disconnect':
      return [
        `People may disconnect their own accounts, and this was sent from a form of a session of theirs.${account}`,
        serviceWords[String(details.service)] ?? 'Nothing was written down of the service.',
      ]
    default:
      return [
        `People may do this with connections of their own, and it was sent from a form of a session of theirs.${account}`,
        ...(again > 0 ? [`Accounts that must be connected again because of it: ${again}.`] : []),
      ]
  }
}

function ofModelKey(outcome: AuditRecord['outcome'], reason: string | null, details: AuditRecord['details']): string[] {
  if (outcome !== 'ok') {
    const verb = outcome === 'failed' ? 'was not done' : 'was refused'
    return [`It ${verb}: ${reasonWords(reason ?? '')}.`, 'Nothing was kept and nothing was overwritten.']
  }
  const host = typeof details.host === 'string' ? ` at ${details.host}` : ''
  return [
    'People may do this with keys of their own, and it was sent from a form of a session of theirs.',
    `The key “${String(details.name)}” is for the model ${String(details.model)}${host}. The key itself is written down nowhere.`,
  ]
}

function ofAdministration({ outcome, reason }: AuditRecord): string[] {
  if (outcome === 'ok')
    return ['It was allowed because whoever did it was signed in and an administrator at that moment.']
  return [`It was ${outcome === 'failed' ? 'not done' : 'refused'}: ${reasonWords(reason ?? '')}.`]
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function quoted(words: readonly string[]): string {
  return words.length === 0 ? 'nothing' : words.map((word) => `“${word}”`).join(', ')
}
