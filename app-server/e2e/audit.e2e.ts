// What happens leaves an entry that says who, what and why.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { eventually, OAuthProgram, Person, signIn } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'
import { callTool, entriesOf, type StoredEntry } from './audit-bench.js'
import { fixturesProvider } from './fixtures-provider.js'
import { claimsOf, knock } from './oauth-bench.js'

let app: TestApp
let mika: Person
let mikaId: string
let program: OAuthProgram

beforeAll(async () => {
  app = await startTestApp({ providers: [fixturesProvider] })
  await app.signedIn('Boss')
  mika = await app.signedIn('Mika')
  mikaId = await idOf('mika@example.test')
  program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
})

afterAll(() => app.close())

async function idOf(email: string): Promise<string> {
  const [row] = await app.sql<{ id: string }>('SELECT id FROM users WHERE email = $1', [email])
  if (!row) throw new Error(`nobody has ${email}`)
  return row.id
}

/** The entries that `act` leaves. */
async function entriesBy(kind: string, act: () => Promise<unknown>): Promise<StoredEntry[]> {
  const before = await entriesOf(app, kind)
  await act()
  return (await entriesOf(app, kind)).slice(before.length)
}

async function press(person: Person, path: string, action: string, changes: Record<string, string> = {}) {
  const page = await person.open(path)
  const form = page.forms.find((one) => one.action === action)
  if (!form) throw new Error(`no form for ${action} at ${page.url} (${page.status})`)
  return person.submit(page, form, changes)
}

describe('signing in', () => {
  test('is written down with the way, the role, the address and the request', async () => {
    const entries = await entriesBy('sign-in', () => signIn(new Person([app.url]), 'Mika', 'mika@example.test'))
    expect(entries).toMatchObject([
      {
        action: 'sign-in',
        outcome: 'ok',
        reason: null,
        actor_id: mikaId,
        details: { way: 'development', role: 'member' },
        address: '127.0.0.1',
        request_id: expect.stringMatching(/.{8}/),
      },
    ])
  })

  test('that is refused says why, and whose account it was', async () => {
    await app.signedIn('Suspended')
    const id = await idOf('suspended@example.test')
    await app.sql(`UPDATE users SET status = 'suspended' WHERE id = $1`, [id])
    const entries = await entriesBy('sign-in', () => signIn(new Person([app.url]), 'S', 'suspended@example.test'))
    expect(entries).toMatchObject([
      {
        outcome: 'refused',
        reason: 'account-not-active',
        actor_id: null,
        target_type: 'user',
        target_id: id,
        details: { status: 'suspended' },
      },
    ])
  })

  test('refused again and again fills no table', async () => {
    const entries = await entriesBy('sign-in', async () => {
      for (let time = 0; time < 12; time++) await signIn(new Person([app.url]), 'S', 'suspended@example.test')
    })
    expect(entries.length).toBeLessThanOrEqual(5)
  })
})

describe('sessions', () => {
  test('leave an entry when they are ended: one, all others, all, and by signing out', async () => {
    const person = await app.signedIn('Noa')
    const id = await idOf('noa@example.test')
    const entries = await entriesBy('session', async () => {
      await signIn(new Person([app.url]), 'Noa', 'noa@example.test')
      const page = await person.open('/account/sessions')
      const forms = page.forms.filter(({ action }) => /sessions\/.+\/end$/.test(action))
      const other = forms[1]
      if (!other) throw new Error('no other session')
      await person.submit(page, other)
      await signIn(new Person([app.url]), 'Noa', 'noa@example.test')
      await press(person, '/account/sessions/end?which=others', '/account/sessions/end')
      await press(person, '/', '/auth/logout')
      await signIn(person, 'Noa', 'noa@example.test')
      await press(person, '/account/sessions/end?which=all', '/account/sessions/end')
    })
    expect(entries.map(({ action }) => action)).toEqual(['end', 'end-others', 'sign-out', 'end-all'])
    for (const entry of entries) expect(entry).toMatchObject({ outcome: 'ok', actor_id: id, target_type: 'session' })
  })
})

describe('consent', () => {
  test('that is given says what was asked, what was allowed and where the answer went', async () => {
    const { url } = program.begin('fixtures:use fixtures:other')
    const entries = await entriesBy('consent', () => program.consent(mika, url, 'allow', ['fixtures:use']))
    expect(entries).toMatchObject([
      {
        action: 'allow',
        outcome: 'ok',
        actor_id: mikaId,
        client_id: program.clientId,
        grant_id: expect.any(String),
        details: {
          scopes_asked: ['fixtures:use', 'fixtures:other'],
          scopes_allowed: ['fixtures:use'],
          returns_to: '127.0.0.1:41999',
          returns_to_kind: 'computer',
        },
      },
    ])
  })

  test('that is denied says so', async () => {
    const entries = await entriesBy('consent', () => program.consent(mika, program.begin('fixtures:use').url, 'deny'))
    expect(entries).toMatchObject([
      { action: 'deny', outcome: 'refused', reason: 'denied-by-person', actor_id: mikaId, grant_id: null },
    ])
  })
})

describe('an authorization', () => {
  test('that its person withdraws is written down, with what it allowed', async () => {
    const tokens = await program.authorize(mika, 'fixtures:use')
    const grantId = claimsOf(tokens.access_token).grant_id as string
    const entries = await entriesBy('grant', () =>
      press(mika, `/programs/withdraw?authorization=${grantId}`, '/programs/withdraw'),
    )
    expect(entries).toMatchObject([
      { action: 'withdraw', outcome: 'ok', actor_id: mikaId, client_id: program.clientId, grant_id: grantId },
    ])
    expect(entries[0]?.details).toMatchObject({ scopes: ['fixtures:use'], grants: [grantId] })
  })

  test('that ends because a used code came back is one of the entries of its person', async () => {
    const { url, verifier } = program.begin('fixtures:use')
    const code = (await program.consent(mika, url)).get('code') ?? ''
    const first = await program.redeem(code, verifier)
    await app.sql(
      `UPDATE oauth_artifacts SET consumed_at = now() - interval '1 hour' WHERE model = 'AuthorizationCode'`,
    )
    const entries = await entriesBy('grant', () => program.redeem(code, verifier))
    expect(entries).toMatchObject([
      {
        action: 'end',
        reason: 'code-reuse',
        target_type: 'user',
        target_id: mikaId,
        client_id: program.clientId,
        grant_id: claimsOf(first.body.access_token).grant_id,
      },
    ])
  })

  test('that ends because a used refresh token came back says so', async () => {
    const tokens = await program.authorize(mika, 'fixtures:use')
    await program.refresh(tokens.refresh_token ?? '')
    await app.sql(`UPDATE oauth_artifacts SET consumed_at = now() - interval '1 hour'
                    WHERE model = 'RefreshToken' AND consumed_at IS NOT NULL`)
    const entries = await entriesBy('grant', () => program.refresh(tokens.refresh_token ?? ''))
    expect(entries).toMatchObject([{ action: 'end', reason: 'refresh-reuse', target_id: mikaId }])
  })
})

describe('a program', () => {
  test('that registers itself is written down, and so is one that may not', async () => {
    const entries = await entriesBy('client', async () => {
      const { clientId } = await OAuthProgram.at(app.url, app.settings.mcpUrl)
      expect(clientId).toBeTruthy()
      await fetch(`${app.url}/oauth/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ redirect_uris: ['javascript:alert(1)'] }),
      })
      await eventually(async () => (await entriesOf(app, 'client')).some(({ outcome }) => outcome === 'refused'))
    })
    expect(entries).toMatchObject([
      { action: 'register', outcome: 'ok', client_id: expect.any(String), details: { name: 'Test program' } },
      { action: 'register', outcome: 'refused', reason: expect.stringMatching(/^invalid-/) },
    ])
  })
})

describe('a call', () => {
  test('says which scopes were needed and held, in which role, by which authorization', async () => {
    const { access_token: token } = await program.authorize(mika, 'fixtures:use')
    const entries = await entriesBy('call', () => callTool(app.url, token, 'fixtures.echo', { text: 'x' }))
    expect(entries).toMatchObject([
      {
        tool: 'fixtures.echo',
        outcome: 'ok',
        actor_id: mikaId,
        client_id: program.clientId,
        grant_id: claimsOf(token).grant_id,
        arguments: { text: 'x' },
        details: {
          scopes_needed: ['fixtures:use'],
          scopes_held: ['fixtures:use'],
          role: 'member',
          bearer_id: claimsOf(token).jti,
        },
      },
    ])
    // The peer at the door is the router, which is nobody's address.
    expect(entries[0]?.address).toBeNull()
  })

  test('without the scope says which were held, and with wrong arguments where', async () => {
    const { access_token: token } = await program.authorize(mika, 'fixtures:other')
    const narrow = await entriesBy('call', () => callTool(app.url, token, 'fixtures.echo', { text: 'x' }))
    expect(narrow).toMatchObject([
      { reason: 'insufficient-scope', details: { scopes_needed: ['fixtures:use'], scopes_held: ['fixtures:other'] } },
    ])
    const wide = await program.authorize(mika, 'fixtures:use')
    const wrong = await entriesBy('call', () => callTool(app.url, wide.access_token, 'fixtures.echo', { text: 5 }))
    expect(wrong).toMatchObject([{ reason: 'invalid-arguments', details: { faulty_arguments: ['text'] } }])
  })
})

describe('a bearer that was good once', () => {
  test('is written down when its authorization was withdrawn: a few times, then counted', async () => {
    const { access_token: token } = await program.authorize(mika, 'fixtures:use')
    await app.sql('DELETE FROM oauth_grants WHERE id = $1', [claimsOf(token).grant_id])
    const entries = await entriesBy('access', async () => {
      for (let time = 0; time < 20; time++) expect((await knock(app.url, token)).status).toBe(401)
    })
    expect(entries).toHaveLength(5)
    expect(entries[0]).toMatchObject({
      action: 'refuse',
      outcome: 'refused',
      reason: 'grant-withdrawn',
      actor_id: mikaId,
      client_id: program.clientId,
      grant_id: claimsOf(token).grant_id,
    })
  })

  test('is written down when its person is suspended', async () => {
    const person = await app.signedIn('Ken')
    const { access_token: token } = await program.authorize(person, 'fixtures:use')
    await app.sql(`UPDATE users SET status = 'suspended' WHERE email = 'ken@example.test'`)
    const entries = await entriesBy('access', () => knock(app.url, token))
    expect(entries).toMatchObject([{ reason: 'user-suspended', actor_id: await idOf('ken@example.test') }])
  })

  test('is told apart from one that never was: of that there is no entry', async () => {
    const { access_token: token } = await program.authorize(mika, 'fixtures:use')
    const forged = `${token.slice(0, -6)}AAAAAA`
    expect(await entriesBy('access', () => knock(app.url, forged))).toEqual([])
    expect(await entriesBy('access', () => knock(app.url, undefined))).toEqual([])
  })
})
