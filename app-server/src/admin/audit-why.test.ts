// An entry reads as the reason for what was decided, whatever was decided.
import { describe, expect, test } from '@jest/globals'
import { type AuditKind, auditKinds } from '../audit/audit-log.js'
import type { AuditRecord } from '../audit/audit-trail.js'
import { whyOf } from './audit-why.js'

function why(kind: AuditKind, changes: Partial<AuditRecord> = {}): string {
  return whyOf({
    id: '019a1fa4-6b2f-775f-8c88-fb05f9696f00',
    at: new Date(0),
    kind,
    action: kind,
    outcome: changes.reason === undefined ? 'ok' : 'refused',
    reason: null,
    actorId: null,
    clientId: null,
    grantId: 'g',
    targetType: null,
    targetId: null,
    tool: kind === 'call' ? 'booking.create' : null,
    arguments: null,
    details: {},
    durationMs: null,
    requestId: null,
    address: null,
    ...changes,
  }).join(' ')
}

const covered = { scopes_needed: ['booking:create'], scopes_held: ['booking:create', 'booking:read'] }

describe('a call', () => {
  test('that was allowed says which scope allowed it, and that person and authorization stood', () => {
    expect(why('call', { details: covered })).toMatch(
      /allowed because the access token held “booking:create”.*person was active.*neither withdrawn nor expired/,
    )
  })

  test('that came with a session instead of a token says that a session stands for its person', () => {
    const words = why('call', { details: { ...covered, session_id: 's' }, grantId: null })
    expect(words).toContain('It was allowed because the person was signed in here')
    expect(words).toContain('the session had not ended')
    const minted = why('call', { details: { ...covered, session_id: 's', bearer_id: 'b' }, grantId: null })
    expect(minted).toContain('the access token held')
  })

  test.each([
    ['no-account', 'they had connected none'],
    ['more-access-needed', 'without the access this needs'],
    ['declined', 'were asked to connect one and said no'],
    [undefined, 'there was none to act with'],
  ])('that lacked an account (%s) says that it was allowed otherwise, and what was missing', (missing, words) => {
    const said = why('call', { reason: 'not-connected', details: { ...covered, not_connected: missing } })
    expect(said).toContain('The caller was allowed to')
    expect(said).toContain(words)
  })

  test('that waited for an approval says so, and which one it lacked or had', () => {
    const needed = why('call', {
      reason: 'approval-needed',
      details: { ...covered, approval: 'a1', expired_approval: 'a0' },
    })
    expect(needed).toContain('The caller was allowed to')
    expect(needed).toMatch(/given none that was good for this call.*An earlier approval had ended.*The approval: a1/)
    const denied = { ...covered, approval: 'a1', not_approved: 'denied' }
    expect(why('call', { reason: 'approval-denied', details: denied })).toMatch(/and they said no\. The approval: a1/)
    expect(why('call', { reason: 'approval-denied', details: { ...covered, not_approved: 'cancelled' } })).toContain(
      'closed the question',
    )
    expect(why('call', { details: { ...covered, approval: 'a1' } })).toContain('had approved this very call')
  })

  test('that met an account whose access is lost says which one and why', () => {
    const connection = { id: 'c1', label: 'aki@clouds.example' }
    const details = { ...covered, not_connected: 'reconnect-needed', connection, lost_because: 'renewal-interrupted' }
    expect(why('call', { reason: 'not-connected', details })).toContain(
      'The account: aki@clouds.example, lost because a renewal of the access was cut off before the new tokens were kept.',
    )
  })

  test('that lacked a scope says what was needed and what was held', () => {
    const details = { scopes_needed: ['booking:create'], scopes_held: ['booking:read'] }
    expect(why('call', { reason: 'insufficient-scope', details })).toContain(
      'needs “booking:create”, and the access token held only “booking:read”',
    )
    expect(why('call', { reason: 'insufficient-scope', details: { ...details, scopes_held: [] } })).toContain(
      'no scope at all',
    )
  })

  test.each([
    ['unknown-tool', {}, 'no tool called booking.create'],
    [
      'invalid-arguments',
      { faulty_arguments: ['starts_at', 'a.b'] },
      'do not fit what booking.create takes: starts_at, a.b',
    ],
    ['slot-taken', {}, 'It was booking.create itself that refused: that time is no longer free'],
    ['rate-limited', {}, 'too much was asked at once'],
  ])('that was refused as %s says so', (reason, details, words) => {
    expect(why('call', { reason, details: { ...covered, ...details } })).toContain(words)
  })

  test.each([
    ['cancelled', {}, 'the caller gave up'],
    ['timeout', {}, 'may or may not have been done'],
    ['internal', { reference: 'r-1' }, 'under the reference r-1'],
  ])('that failed as %s was allowed all the same', (reason, details, words) => {
    const text = why('call', { reason, outcome: 'failed', details: { ...covered, ...details } })
    expect(text).toContain('It was allowed, because the access token held “booking:create”')
    expect(text).toContain(words)
  })

  test('from before reasons were written down claims nothing', () => {
    expect(why('call')).toContain('nothing more was written down')
  })
})

describe('a refused access token', () => {
  test.each([
    ['token-expired', 'had expired'],
    ['grant-withdrawn', 'withdrawn'],
    ['session-ended', 'that session had ended'],
    ['user-suspended', 'suspended'],
    ['user-disabled', 'closed'],
    ['user-unknown', 'no longer exists'],
    ['some-new-reason', 'some new reason'],
  ])('%s is told in words', (reason, words) => {
    expect(why('access', { reason })).toContain(words)
  })

  test('says how many more there were', () => {
    expect(why('access', { reason: 'token-expired', details: { further_times: 12 } })).toContain('12 more of the kind')
  })
})

describe('the others', () => {
  test('a consent says what was asked, what was allowed, and where the answer went', () => {
    const details = { scopes_asked: ['a:read', 'b:write'], returns_to: 'client.example', returns_to_kind: 'site' }
    const allowed = why('consent', { details: { ...details, scopes_allowed: ['a:read'] } })
    expect(allowed).toContain('asked for “a:read”, “b:write” and allowed only “a:read”')
    expect(allowed).toContain('client.example')
    expect(why('consent', { reason: 'denied-by-person', details })).toContain('said no')
  })

  test('a sign-in says who vouched, or what was wrong', () => {
    expect(why('sign-in', { details: { way: 'google', role: 'member' } })).toContain('Google vouched')
    const refused = why('sign-in', { reason: 'account-not-active', details: { way: 'google', status: 'suspended' } })
    expect(refused).toContain('The account was suspended')
    expect(why('sign-in', { reason: 'unreachable', outcome: 'failed', details: { way: 'google' } })).toContain(
      'did not come about',
    )
  })

  test('a stolen authorization says what gave the theft away', () => {
    expect(why('grant', { reason: 'refresh-reuse', outcome: 'ok' })).toContain('a used refresh token came back')
  })

  test.each(auditKinds)('an entry of kind %s never goes without a sentence', (kind) => {
    expect(why(kind)).toMatch(/^[A-Z].{10,}\.$/)
    expect(why(kind, { reason: 'a-reason-of-tomorrow' })).toMatch(/^[A-Z].{10,}\.$/)
  })
})

describe('an approval', () => {
  test.each([
    ['request', {}, 'whose calls wait for the person’s word'],
    ['approve', { remembered: false }, 'once, with exactly these arguments'],
    ['approve', { remembered: true }, 'not to be asked about shelf.clear any more'],
    ['deny', {}, 'said no'],
    ['withdraw', {}, 'taken back'],
    ['use', {}, 'only when the time for it was over'],
    ['set-policy', { policy: 'allow' }, 'now never do'],
  ])('entry says why (%s %j)', (action, details, words) => {
    expect(why('approval', { action, details, tool: 'shelf.clear' })).toContain(words)
  })
})
