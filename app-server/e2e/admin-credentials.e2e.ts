// Administrators set services up: clients and shared accounts, entered or given by the environment, removed after a question.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { administrationEntries, wordsOf } from './admin-bench.js'
import { startTestApp, type TestApp } from './app.js'
import { type ConnectBench, headingOf, openConnectBench, type Traveller } from './connect-bench.js'
import { boxProvider } from './connectable-provider.js'
import { akisAccount, akisOtherAccount, cloudClient } from './connected-provider.js'

let bench: ConnectBench
let boss: Traveller
let aki: Traveller
const path = '/admin/credentials/box'

beforeAll(async () => {
  bench = await openConnectBench()
  boss = bench.boss
  aki = await bench.traveller('Aki Tanaka')
})

afterEach(async () => {
  bench.service.behave()
  await bench.app.sql('DELETE FROM connections')
  await bench.app.sql(`DELETE FROM credentials WHERE kind = 'token'`)
  await boss.enterClient()
})

afterAll(() => bench.close())

const rows = () => bench.app.sql('SELECT provider, kind, client_id, origin FROM credentials ORDER BY provider, kind')

describe('the pages of credentials', () => {
  test('are for administrators alone, whatever is done there', async () => {
    const before = await rows()
    const _csrf = (await aki.open('/connections')).forms
      .flatMap(({ fields }) => fields)
      .find(([n]) => n === '_csrf')?.[1]
    for (const page of ['/admin/credentials', path, `${path}/client/remove`]) {
      expect([page, (await aki.open(page)).status]).toEqual([page, 403])
    }
    for (const act of ['client', 'token', 'client/remove', 'token/remove']) {
      const body = new URLSearchParams({ _csrf: _csrf ?? '', clientId: 'a', clientSecret: 'b' })
      const url = new URL(`${path}/${act}`, bench.app.url)
      expect([act, (await aki.browser.request('POST', url, body, bench.app.url)).status]).toEqual([act, 403])
    }
    expect(await rows()).toEqual(before)
  })

  test('show what is set up, the redirect URI to copy and the steps, and no secret', async () => {
    const list = await boss.open('/admin/credentials')
    expect(wordsOf(list)).toContain('not set up')
    expect(wordsOf(list)).toContain(cloudClient.clientId)
    const page = await boss.open(path)
    expect(page.body).toContain(`${bench.app.url}/connections/box/callback`)
    expect(wordsOf(page)).toContain('Choose “New application” of the kind “Web”')
    expect(wordsOf(page)).toContain('entered here')
    expect(list.body + page.body).not.toContain(cloudClient.clientSecret)
  })

  test('of a service there is not are not there', async () => {
    expect((await boss.open('/admin/credentials/nothing')).status).toBe(404)
    expect((await boss.open(`${path}/elsewhere/remove`)).status).toBe(404)
    expect((await boss.open(`${path}/token/remove`)).status).toBe(404)
  })
})

describe('the OAuth client of a service', () => {
  test('is entered, and written down without its secret', async () => {
    const page = await boss.enterClient('crate', 'crate-client')
    expect(wordsOf(page)).toContain('People can connect their accounts through it from now on')
    const entry = (await administrationEntries(bench.app)).at(-1)
    expect(entry).toMatchObject({ action: 'keep-service-client', outcome: 'ok', details: { client: 'crate-client' } })
    expect(JSON.stringify(entry)).not.toContain(cloudClient.clientSecret)
    await boss.confirmed('/admin/credentials/crate/client/remove')
  })

  test('that is replaced by another says how many accounts must be connected again', async () => {
    await aki.connect({ account: akisAccount })
    expect(wordsOf(await boss.open(path))).toContain('With another client id, 1 account must be connected again')
    const same = await boss.enterClient()
    expect(wordsOf(same)).not.toContain('must be connected again. OAuth')
    expect(await aki.connections()).toMatchObject([{ status: 'connected' }])
    const other = await boss.enterClient('box', 'another-client')
    expect(wordsOf(other)).toContain('1 account must be connected again')
    expect(await aki.connections()).toMatchObject([{ status: 'reconnect-needed' }])
    // Nobody looks at the page because of what an administrator does, so they are told.
    const told = await bench.app.sql('SELECT kind, words FROM notifications')
    expect(told).toEqual([
      { kind: 'connection.lost', words: expect.stringContaining('what it was connected through was replaced') },
    ])
    // The former client's refresh token must not be taken for one of the new client's, which may give none.
    expect(await bench.app.sql('SELECT refresh_token FROM oauth_tokens')).toEqual([{ refresh_token: null }])
  })

  test('is removed after a question that names the number, and with it what hangs on it', async () => {
    await aki.connect({ account: akisAccount })
    const question = await boss.open(`${path}/client/remove`)
    expect(headingOf(question)).toBe('Remove the OAuth client of Boxes?')
    expect(wordsOf(question)).toContain('This disconnects 1 account:')
    expect(await aki.connections()).toHaveLength(1)
    const page = await boss.confirmed(`${path}/client/remove`)
    expect(wordsOf(page)).toContain('Nobody can connect through it any more')
    expect(await aki.connections()).toEqual([])
    expect((await administrationEntries(bench.app)).at(-1)).toMatchObject({
      action: 'remove-service-client',
      details: { provider: 'box', disconnected: 1 },
    })
    const told = await bench.app.sql('SELECT kind, words, link FROM notifications ORDER BY created_at DESC LIMIT 1')
    expect(told).toEqual([
      {
        kind: 'connection.removed',
        words: expect.stringContaining('an administrator removed what it was connected through'),
        link: expect.stringMatching(/\/connections$/),
      },
    ])
  })
})

describe('an account that is shared', () => {
  const share = (token: string) => boss.send(path, `${path}/token`, { token, 'field.shelf': 'north' })

  test('is checked before it is kept', async () => {
    const page = await share('made-up-token')
    expect([page.status, wordsOf(page).includes('does not take this personal access token')]).toEqual([400, true])
    expect(page.body).not.toContain('made-up-token')
    expect(await bench.app.sql(`SELECT 1 FROM credentials WHERE kind = 'token'`)).toEqual([])
    expect((await administrationEntries(bench.app)).at(-1)).toMatchObject({
      action: 'keep-shared-account',
      outcome: 'refused',
    })
  })

  test('goes on with a new token of the same account, and with another account nobody uses it unasked', async () => {
    await share(bench.service.oauth.personalToken(akisAccount))
    await aki.send('/connections/box/connect', '/connections/box/shared')
    await bench.app.sql(`UPDATE connections SET status = 'reconnect-needed', status_reason = 'token-refused'`)
    await share(bench.service.oauth.personalToken(akisAccount))
    expect(await aki.connections()).toMatchObject([{ account: 'account-1', status: 'connected' }])
    const page = await share(bench.service.oauth.personalToken(akisOtherAccount))
    expect(wordsOf(page)).toContain('1 account must be connected again')
    expect(await aki.connections()).toMatchObject([{ account: 'account-1', status: 'reconnect-needed' }])
    await boss.confirmed(`${path}/token/remove`)
    expect(await aki.connections()).toEqual([])
  })
})

describe('clients that the environment gives', () => {
  const given = { NOTION_CLIENT_ID: 'given-client', NOTION_CLIENT_SECRET: 'given-secret-kept' }
  const notion = { ...boxProvider, id: 'notion' }
  const kept = (app: TestApp) =>
    app.sql<{ id: string; client_id: string; origin: string; secret: Buffer; updated_at: Date }>(
      'SELECT id, client_id, origin, secret, updated_at FROM credentials',
    )

  test('are there from the start, sealed, once for all replicas, and stand still until they change', async () => {
    const app = await startTestApp({ providers: [notion], env: given })
    try {
      const [first] = await kept(app)
      expect(first).toMatchObject({ client_id: 'given-client', origin: 'environment' })
      expect(first?.secret.toString('latin1')).not.toContain('given-secret-kept')
      const replicas = await Promise.all([app.replica(), app.replica()])
      for (const replica of replicas) await replica.close()
      expect(await kept(app)).toEqual([first])
    } finally {
      await app.close()
    }
  })

  test('are not changed on the page', async () => {
    const app = await startTestApp({ providers: [notion], env: { ...given, ADMIN_EMAILS: 'boss@example.test' } })
    try {
      const person = await app.signedIn('Boss')
      const page = await person.open('/admin/credentials/notion')
      expect(wordsOf(page)).toContain('Given by the environment')
      expect(page.forms.map(({ action }) => action)).not.toContain('/admin/credentials/notion/client')
      expect(page.body).not.toContain('/client/remove')
      const _csrf = page.forms.flatMap(({ fields }) => fields).find(([name]) => name === '_csrf')?.[1] ?? ''
      for (const act of ['client', 'client/remove']) {
        const url = new URL(`/admin/credentials/notion/${act}`, app.url)
        const body = new URLSearchParams({ _csrf, clientId: 'x', clientSecret: 'y' })
        expect([act, (await person.request('POST', url, body, app.url)).status]).toEqual([act, 409])
      }
      expect(await kept(app)).toMatchObject([{ client_id: 'given-client' }])
    } finally {
      await app.close()
    }
  })

  test('take the place of what was entered, and stay, to be changed here, when they are no longer given', async () => {
    const app = await startTestApp({ providers: [notion], env: given })
    try {
      const [before] = await kept(app)
      await app.sql(`UPDATE credentials SET client_id = 'entered', origin = 'page'`)
      const again = await app.replica()
      await again.close()
      expect(await kept(app)).toMatchObject([{ id: before?.id, client_id: 'given-client', origin: 'environment' }])
      const without = await app.replica({ NOTION_CLIENT_ID: '', NOTION_CLIENT_SECRET: '' })
      await without.close()
      expect(await kept(app)).toMatchObject([{ id: before?.id, client_id: 'given-client', origin: 'page' }])
    } finally {
      await app.close()
    }
  })
})
