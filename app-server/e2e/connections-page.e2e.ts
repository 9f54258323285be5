// What people see of their connections and do with them: state and renewal, default, own client, disconnecting.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { wordsOf } from './admin-bench.js'
import { startTestApp } from './app.js'
import { type ConnectBench, headingOf, openConnectBench, type Traveller } from './connect-bench.js'
import { akisAccount, akisOtherAccount, cloudClient } from './connected-provider.js'

let bench: ConnectBench
let aki: Traveller
let ben: Traveller

beforeAll(async () => {
  bench = await openConnectBench()
  aki = await bench.traveller('Aki Tanaka')
  ben = await bench.traveller('Ben Sato')
})

afterEach(async () => {
  bench.service.behave()
  await bench.app.sql('DELETE FROM connections')
  await bench.app.sql('DELETE FROM credentials WHERE owner_id IS NOT NULL')
  await bench.app.sql('DELETE FROM oauth_states')
})

afterAll(() => bench.close())

async function connected(traveller = aki, account = akisAccount): Promise<string> {
  await traveller.connect({ account }, '/connections/box/connect?scopes=box:write')
  const found = (await traveller.connections()).find((connection) => connection.account === account.id)
  if (!found) throw new Error('nothing was connected')
  return found.id
}

const page = async () => wordsOf(await aki.open('/connections'))
const revocations = () => bench.service.seen.filter(({ path }) => path === '/revoke').length

describe('the page of connections', () => {
  test('is in the navigation, and says of each service what waits for it and what is not set up', async () => {
    const opened = await aki.open('/connections')
    expect(opened.body).toContain('<a href="/connections" aria-current="page">')
    const words = wordsOf(opened)
    expect(words).toContain('2 tools wait for it: Look into boxes, Fill boxes.')
    expect(words).toContain('Not set up This server has no OAuth client at Crates yet. Whoever runs it registers one')
    expect(opened.body).not.toContain('/admin/')
    expect((await bench.boss.open('/connections')).body).toContain('href="/admin/credentials/crate"')
  })

  test('says what is not set up and what can be connected all the same, on a server that has only just begun', async () => {
    const fresh = await startTestApp()
    try {
      const mika = await fresh.signedIn('Mika Tanaka')
      const words = wordsOf(await mika.open('/connections'))
      expect(words).toContain('Not set up This server has no OAuth client at Google Calendar yet.')
      expect(words).toContain(
        'Not set up This server has no OAuth client at GitHub yet. You can connect an account all the same, by your own personal access token.',
      )
      expect(words).not.toContain('No account connected')
    } finally {
      await fresh.close()
    }
  })

  test('tells what programs may do with an account, and how it is', async () => {
    await connected()
    const words = await page()
    for (const said of [
      'connected',
      'see what is in your boxes',
      'makes changes',
      'Last used not yet',
      'Last renewed',
    ]) {
      expect(words).toContain(said)
    }
    expect(words).toContain('through the OAuth client of this server')
    expect(words).not.toContain('Not allowed')
  })

  test.each([
    ['reconnect-needed', 'grant-gone', 'connect it again Boxes says that its access was withdrawn or has expired'],
    ['reconnect-needed', 'client-replaced', 'connect it again What it was connected through was replaced by another'],
    ['revoked', 'token-refused', 'access withdrawn Boxes does not take its token any more'],
  ])('tells of a lost account why it is lost: %s, %s', async (status, reason, said) => {
    await connected()
    await bench.app.sql('UPDATE connections SET status = $1, status_reason = $2', [status, reason])
    const words = await page()
    expect(words).toContain(said)
    expect(words).toContain('Reconnect')
    expect(words).not.toContain('Allow more')
  })

  test.each([
    ['unavailable:status-503', 'Boxes cannot do it right now. It stays connected.'],
    ['client:invalid_client', 'Boxes does not take the OAuth client of this server: whoever runs it must check that.'],
    ['faulty:status-200', 'Boxes answered in a way that is not understood.'],
  ])(
    'tells of renewals that fail that nothing is lost, whose turn it is, and when the next try is: %s',
    async (failure, said) => {
      await connected()
      await bench.app.sql(
        `UPDATE oauth_tokens SET failures = 3, failure = $1, retry_at = now() + interval '5 minutes'`,
        [failure],
      )
      const words = await page()
      expect(words).toContain('failed 3 times in a row')
      expect(words).toContain(said)
      expect(words).toContain('It stays connected. The next try is at')
      await bench.app.sql('UPDATE oauth_tokens SET failures = 1, retry_at = NULL')
      expect(await page()).toContain('failed once')
      expect(await page()).toContain('The next use tries again.')
    },
  )

  test('shows nobody the accounts of another', async () => {
    await connected()
    expect(wordsOf(await ben.open('/connections'))).not.toContain('aki@clouds.example')
  })

  test('says nothing that an address alone claims', async () => {
    await connected()
    for (const query of [
      `done=default&connection=${crypto.randomUUID()}`,
      'done=disconnected&provider=nowhere&service=told',
      'done=client-kept&provider=box',
      'done=connected&connection=%3Cscript%3E',
    ]) {
      expect((await aki.open(`/connections?${query}`)).body).not.toContain('class="notice')
    }
  })
})

describe('a lost account', () => {
  test('is connected again with what it had, and works', async () => {
    const id = await connected()
    await bench.app.sql(`UPDATE connections SET status = 'reconnect-needed', status_reason = 'grant-gone'`)
    const again = await aki.open(`/connections/box/connect?account=${id}&returnTo=/connections`)
    expect(headingOf(again)).toBe('Connect aki@clouds.example again')
    expect(again.forms[0]?.fields.filter(([name]) => name === 'scopes')).toHaveLength(2)
    const end = await aki.connect(
      { account: akisAccount },
      `/connections/box/connect?account=${id}&returnTo=/connections`,
    )
    expect(wordsOf(end)).toContain('Connected again')
    expect(await aki.connections()).toMatchObject([{ id, status: 'connected' }])
  })

  test('that is gone meanwhile is said to be gone', async () => {
    const id = await connected()
    await bench.app.sql('DELETE FROM connections')
    const words = wordsOf(await aki.open(`/connections/box/connect?account=${id}`))
    expect(words).toContain('is not here any more')
  })
})

describe('the default among several accounts', () => {
  test('is the one that was chosen, and another one after that was disconnected', async () => {
    const first = await connected()
    const second = await connected(aki, akisOtherAccount)
    const chosen = await aki.send('/connections', `/connections/${second}/default`)
    expect(wordsOf(chosen)).toContain('Programs use aki@work.example when they name no account')
    const question = await aki.open(`/connections/${second}/disconnect`)
    expect(wordsOf(question)).toContain('Programs that name no account use aki@clouds.example from then on')
    await aki.confirmed(`/connections/${second}/disconnect`)
    expect(await aki.connections()).toMatchObject([{ id: first, isDefault: true }])
    expect((await aki.entries()).map(({ action }) => action)).toEqual(
      expect.arrayContaining(['make-default', 'disconnect']),
    )
  })
})

describe('disconnecting', () => {
  test('asks first, says what stops, and a link alone disconnects nothing', async () => {
    const id = await connected()
    const question = await aki.open(`/connections/${id}/disconnect`)
    expect(headingOf(question)).toBe('Disconnect aki@clouds.example?')
    expect(wordsOf(question)).toContain('Look into boxes, Fill boxes')
    expect(await aki.connections()).toHaveLength(1)
  })

  test('ends the access at the service too, and says that it confirmed', async () => {
    const id = await connected()
    const bearer = bench.service.seen.find(({ path }) => path === '/api/me')?.headers.authorization ?? ''
    expect(bench.service.oauth.findGrant({ headers: { authorization: bearer } })).toBeDefined()
    const end = await aki.confirmed(`/connections/${id}/disconnect`)
    expect(wordsOf(end)).toContain('Boxes confirmed that the access has ended there too')
    expect(bench.service.oauth.findGrant({ headers: { authorization: bearer } })).toBeUndefined()
    expect(await bench.app.sql('SELECT 1 FROM oauth_tokens')).toEqual([])
    expect((await aki.entries()).at(-1)).toMatchObject({ action: 'disconnect', details: { service: 'told' } })
  })

  test.each([
    ['refuses', { kind: 'answer', status: 500 }],
    ['hangs up', { kind: 'drop' }],
  ] as const)('counts here whatever the service does, and says so when it %s', async (_what, how) => {
    const id = await connected()
    bench.service.misbehave('/revoke', how)
    const end = await aki.confirmed(`/connections/${id}/disconnect`)
    expect(wordsOf(end)).toContain(
      'Boxes did not confirm that the access has ended there. To end it at Boxes too, remove',
    )
    expect(await aki.connections()).toEqual([])
  })

  test('waits five seconds for the service at most', async () => {
    const id = await connected()
    bench.service.misbehave('/revoke', { kind: 'hang' })
    const begun = performance.now()
    const end = await aki.confirmed(`/connections/${id}/disconnect`)
    // What goes out ends by itself after ten seconds; this is to be sooner, with room for a busy machine.
    expect(performance.now() - begun).toBeLessThan(9_500)
    expect(wordsOf(end)).toContain('did not confirm')
    expect(await aki.connections()).toEqual([])
  })

  test('does not end the access of somebody else to the same account', async () => {
    const akis = await connected()
    await connected(ben)
    const end = await aki.confirmed(`/connections/${akis}/disconnect`)
    expect(wordsOf(end)).toContain('was not told, because the same account is connected here once more')
    expect(revocations()).toBe(0)
    const [bens] = await ben.connections()
    expect(wordsOf(await ben.confirmed(`/connections/${bens?.id}/disconnect`))).toContain('Boxes confirmed')
  })

  test('deletes a token of one’s own here, and says that it lives on at the service', async () => {
    const token = bench.service.oauth.personalToken(akisAccount)
    await aki.send('/connections/box/connect', '/connections/box/token', { token, 'field.shelf': 'north' })
    const [connection] = await aki.connections()
    const end = await aki.confirmed(`/connections/${connection?.id}/disconnect`)
    expect(wordsOf(end)).toContain('The personal access token still works at Boxes itself')
    expect(await bench.app.sql(`SELECT 1 FROM credentials WHERE kind = 'token'`)).toEqual([])
  })

  test('a second time says that there is nothing', async () => {
    const id = await connected()
    const question = await aki.open(`/connections/${id}/disconnect`)
    await aki.browser.submit(question, question.forms[0] as (typeof question.forms)[number])
    const again = await aki.browser.submit(question, question.forms[0] as (typeof question.forms)[number])
    expect(wordsOf(again)).toContain('That account is not connected here, or no longer')
  })
})

describe('an OAuth client of one’s own', () => {
  const path = '/connections/box/client'
  const enter = (clientId: string, clientSecret: string) => aki.send(path, path, { clientId, clientSecret })

  test('is asked through instead of the operator’s, and its secret is never shown', async () => {
    const end = await enter('own-client', 'own-client-secret-kept')
    expect(wordsOf(end)).toContain('through your own client')
    const seen = (await aki.open(path)).body + end.body
    expect(seen).toContain('own-client')
    expect(seen).not.toContain('own-client-secret-kept')
    const consent = await aki.leave()
    expect(consent.url.searchParams.get('client_id')).toBe('own-client')
    // Others are not concerned.
    expect((await ben.leave()).url.searchParams.get('client_id')).toBe(cloudClient.clientId)
    expect((await aki.entries()).at(-1)).toMatchObject({ action: 'add-client', details: { client: 'own-client' } })
  })

  test('that the service does not accept is a matter of one’s own', async () => {
    await enter(cloudClient.clientId, 'a-wrong-secret')
    const end = await aki.connect({ account: akisAccount })
    expect(headingOf(end)).toBe('Boxes does not accept your OAuth client')
    expect(end.body).toContain('href="/connections/box/client"')
  })

  test.each([
    ['', 'secret', 'Copy the client id from the service'],
    ['id', '', 'Copy the client secret from the service'],
    ['with spaces', 'secret', 'This is no client id'],
    ['x'.repeat(501), 'secret', 'This is no client id'],
  ])('is not taken as %j with %j', async (clientId, clientSecret, words) => {
    const end = await enter(clientId, clientSecret)
    expect([end.status, wordsOf(end).includes(words)]).toEqual([400, true])
    expect(await bench.app.sql('SELECT 1 FROM credentials WHERE owner_id IS NOT NULL')).toEqual([])
  })

  test('with a new secret loses nothing, with another id what was connected through it', async () => {
    await enter(cloudClient.clientId, cloudClient.clientSecret)
    await connected()
    await enter(cloudClient.clientId, 'another-secret')
    expect(await aki.connections()).toMatchObject([{ status: 'connected' }])
    expect(wordsOf(await aki.open(path))).toContain(
      'With another client id, aki@clouds.example must be connected again',
    )
    await enter('another-client', 'another-secret')
    expect(await aki.connections()).toMatchObject([{ status: 'reconnect-needed' }])
    expect(await page()).toContain('What it was connected through was replaced by another')
  })

  test('is removed after a question that names what goes with it, and the service is told', async () => {
    await connected(aki, akisOtherAccount)
    await enter(cloudClient.clientId, cloudClient.clientSecret)
    const id = await connected()
    await aki.send('/connections', `/connections/${id}/default`)
    const question = await aki.open(`${path}/remove`)
    expect(wordsOf(question)).toContain('This disconnects aki@clouds.example:')
    const end = await aki.confirmed(`${path}/remove`)
    expect(wordsOf(end)).toContain('Your OAuth client at Boxes is forgotten here')
    expect(revocations()).toBe(1)
    expect(await aki.connections()).toMatchObject([{ label: 'aki@work.example', isDefault: true }])
    expect(await bench.app.sql('SELECT 1 FROM credentials WHERE owner_id IS NOT NULL')).toEqual([])
  })
})
