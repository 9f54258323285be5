// Why something was allowed or refused, in sentences: what the decision rested on when it was made.
import type { AuditRecord } from '../audit/audit-trail.js'
import { joined, sentences } from '../platform/html/language.js'
import { whyOfApproval } from './approval-why.js'
import { whyOfCall } from './audit-why-call.js'
import { whyOfConnection } from './audit-why-connection.js'
import { listOf, quoted } from './audit-why-parts.js'
import { isKeyOf, reasonWords } from './audit-words.js'
import { t } from './t.js'

/** One sentence or two for each paragraph; the first gives the answer. Plain text, nothing in it is markup. */
export function whyOf(record: AuditRecord): string[] {
  const further = record.details.further_times
  const more =
    typeof further === 'number'
      ? [
          t(
            'This stands for {count, number} more of the kind within the same minute, which were counted instead of listed.',
            { count: further },
          ),
        ]
      : []
  return [...ofKind(record), ...more]
}

function ofKind(record: AuditRecord): string[] {
  switch (record.kind) {
    case 'call':
      return whyOfCall(record)
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
        t(
          'It was allowed because people may end their own sessions, and this was sent from a form of a session of theirs.',
        ),
      ]
    case 'connection':
      return whyOfConnection(record)
    case 'room':
      return ofRoom(record)
    case 'approval':
      return whyOfApproval(record)
    case 'administration':
      return ofAdministration(record)
    default:
      return [
        record.reason === null
          ? t('It was done.')
          : t('The reason that was written down: {reason}.', { reason: reasonWords(record.reason) }),
      ]
  }
}

const accessWords = {
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
} as const

const roomWords = {
  'put-member': 'It was allowed because owners of a room decide who is in it.',
  'remove-member': 'It was allowed because owners of a room decide who is in it, and everybody may leave one.',
  'lend-accounts':
    'It was allowed because a member may lend the room their own accounts, for the tools it had at that moment.',
  'end-lending': 'It was allowed because the member who lends their accounts, and owners of the room, may end that.',
  delete: 'It was allowed because owners may delete a room.',
  export: 'It was allowed because members may take along what they can read.',
} as const

function ofRoom({ action, details }: AuditRecord): string[] {
  const name =
    typeof details.room_name === 'string' ? [t('The room was called “{name}” then.', { name: details.room_name })] : []
  return [...(isKeyOf(roomWords, action) ? [t(roomWords[action])] : [t('It was done.')]), ...name]
}

function ofAccess({ reason }: AuditRecord): string[] {
  const because =
    reason !== null && isKeyOf(accessWords, reason)
      ? t(accessWords[reason])
      : t('The access token was refused: {reason}.', { reason: reasonWords(reason ?? '') })
  return [t('It was refused, and nothing was done.'), because]
}

function ofSignIn({ outcome, reason, details }: AuditRecord): string[] {
  const byGoogle = details.way === 'google'
  if (outcome === 'ok') {
    return [
      byGoogle
        ? t('It was allowed because Google vouched for who it is, and the account was active.')
        : t(
            'It was allowed because development sign-in is switched on, which takes everybody at their word, and the account was active.',
          ),
      ...(typeof details.role === 'string'
        ? [t('The role at that moment: {role}.', { role: roleWords(details.role) })]
        : []),
    ]
  }
  const values = { way: byGoogle ? 'Google' : t('development sign-in'), reason: reasonWords(reason ?? '') }
  return [
    sentences([
      outcome === 'failed'
        ? t('The sign-in by {way} did not come about: {reason}.', values)
        : t('The sign-in by {way} was refused: {reason}.', values),
      ...(details.status === 'suspended' ? [t('The account was suspended.')] : []),
      ...(details.status === 'disabled' ? [t('The account was disabled.')] : []),
    ]),
    t('No session was started.'),
  ]
}

function roleWords(role: string): string {
  return role === 'administrator' || role === 'member' ? t(role) : role
}

function ofConsent({ outcome, details }: AuditRecord): string[] {
  const asked = listOf(details.scopes_asked)
  const allowed = listOf(details.scopes_allowed)
  const place = String(details.returns_to ?? t('the program'))
  const to =
    details.returns_to_kind === 'computer'
      ? t('The answer went to {place}, a program on the person’s own computer.', { place })
      : t('The answer went to {place}.', { place })
  if (outcome !== 'ok') {
    return [t('The person was asked for {scopes} and said no.', { scopes: quoted(asked) }), to]
  }
  const all = asked.every((scope) => allowed.includes(scope))
  return [
    all
      ? t('The person, signed in here, was asked for {scopes} and allowed all of it.', { scopes: quoted(asked) })
      : t('The person, signed in here, was asked for {scopes} and allowed only {allowed}.', {
          scopes: quoted(asked),
          allowed: quoted(allowed),
        }),
    to,
  ]
}

function ofGrant({ reason, details, targetType }: AuditRecord): string[] {
  if (reason === 'refresh-reuse' || reason === 'code-reuse') {
    return [
      t(
        'The authorization was ended because {reason}: either the program or somebody else has a copy that should not exist.',
        { reason: reasonWords(reason) },
      ),
      t(
        'Nobody can tell the two apart, so every token of the authorization died with it. The program has to be allowed anew.',
      ),
    ]
  }
  if (reason === 'given-back') {
    return [
      t('The program itself gave its token back, which ends the authorization. It has to be allowed anew to go on.'),
    ]
  }
  const scopes = listOf(details.scopes)
  const ended =
    targetType === 'client'
      ? t('everything the program had been allowed ({count, number} in number)', {
          count: listOf(details.grants).length,
        })
      : t('one authorization')
  return [
    scopes.length > 0
      ? t('The person ended {what}: {scopes}.', { what: ended, scopes: quoted(scopes) })
      : t('The person ended {what}.', { what: ended }),
    t('Its tokens are refused from the very next call on.'),
  ]
}

function ofClient({ outcome, reason, details }: AuditRecord): string[] {
  if (outcome !== 'ok') {
    return [
      sentences([
        t('The registration was refused: {reason}.', { reason: reasonWords(reason ?? '') }),
        ...(typeof details.said === 'string' ? [t('It was told: {words}.', { words: details.said })] : []),
      ]),
    ]
  }
  const places = listOf(details.returns_to)
  return [
    t('Any program may register itself; that alone allows it nothing. It can ask people, and each decides.'),
    ...(places.length > 0 ? [t('It may be sent back to: {places}.', { places: joined(places) })] : []),
  ]
}

function ofAdministration({ outcome, reason }: AuditRecord): string[] {
  if (outcome === 'ok') {
    return [t('It was allowed because whoever did it was signed in and an administrator at that moment.')]
  }
  const why = reasonWords(reason ?? '')
  return [
    outcome === 'failed'
      ? t('It was not done: {reason}.', { reason: why })
      : t('It was refused: {reason}.', { reason: why }),
  ]
}
