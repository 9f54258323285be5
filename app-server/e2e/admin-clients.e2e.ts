// Administrators see which programs act for whom, withdraw and block them, and clear away what nobody uses.
import { readFileSync } from 'node:fs'
import tls from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  type ClientMetadataServer,
  type FormOnPage,
  localhostCertificate,
  OAuthProgram,
  type Page,
  startClientMetadataServer,
} from '@sekisho/testing'
import { administrationEntries, confirmed, formAt, type SignedIn, signedInAs, wordsOf } from './admin-bench.js'
import { startTestApp, type TestApp } from './app.js'
import { knock } from './oauth-bench.js'

let app: TestApp
let replica: { url: string; close(): Promise<void> }
let documents: ClientMetadataServer
let boss: SignedIn
let aki: SignedIn

const usualAuthorities = tls.getCACertificates('default')

beforeAll(async () => {
  tls.setDefaultCACertificates([...usualAuthorities, readFileSync(localhostCertificate, 'utf8')])
  documents = await startClientMetadataServer()
  app = await startTestApp({ env: { OUTBOUND_ALLOWED_HOSTS: documents.host } })
  replica = await app.replica()
  boss = await signedInAs(app, 'Boss', 'administrator')
  aki = await signedInAs(app, 'Aki Tanaka')
})

afterAll(async () => {
  await replica.close()
  await app.close()
  await documents.close()
  tls.setDefaultCACertificates(usualAuthorities)
})

const lastEntry = async () => (await administrationEntries(app)).at(-1)
const newProgram = () => OAuthProgram.at(app.url, app.settings.mcpUrl)
const at = (page: string, clientId: string) => `/admin/clients/${page}?client=${encodeURIComponent(clientId)}`

async function act(name: string, clientId: string) {
  const question = await boss.person.open(at(name, clientId))
  return boss.person.submit(question, formAt(question, `/admin/clients/${name}`))
}

/** Whether a person gets as far as the consent page. */
async function asks(program: OAuthProgram): Promise<boolean> {
  const page = await aki.person.open(program.begin('product:read').url)
  return page.forms.some(({ buttons }) => buttons.some(([, value]) => value === 'allow'))
}

test('the list tells clients by name, kind and state, and says how many people use each', async () => {
  const used = await newProgram()
  await used.authorize(aki.person, 'product:read')
  await app.sql(
    `INSERT INTO oauth_clients (id, kind, name, metadata, blocked_at) VALUES
       ('https://docs.example/c', 'document', 'Documented', '{"redirect_uris":["https://docs.example/back"]}', NULL),
       ('bad', 'registered', 'Bad <b>one</b>', '{"redirect_uris":["app.bad:/x","https://evil.example/x"]}', now()),
       ('none', 'registered', NULL, '{}', NULL)`,
  )
  const found = async (query: string) => {
    const words = wordsOf(await boss.person.open(`/admin/clients?${query}`))
    return ['Test program', 'Documented', 'Bad &lt;b&gt;', 'without a name'].filter((name) => words.includes(name))
  }
  expect(await found('')).toEqual(['Test program', 'Documented', 'Bad &lt;b&gt;', 'without a name'])
  expect(await found('kind=document')).toEqual(['Documented'])
  expect(await found('state=used')).toEqual(['Test program'])
  expect(await found('state=blocked')).toEqual(['Bad &lt;b&gt;'])
  expect(await found('state=unused')).toEqual(['Documented', 'without a name'])
  expect(await found('text=DOCS.example')).toEqual(['Documented'])
  expect(await found('text=nothing-like-it')).toEqual([])
  const words = wordsOf(await boss.person.open('/admin/clients'))
  expect(words).toContain('evil.example')
  expect(words).toContain('app.bad:')
  expect(words).toContain('own computer')
  const page = await boss.person.open(at('details', used.clientId))
  expect(wordsOf(page)).toContain('1 authorization of 1 person')
  expect(wordsOf(page)).toContain('Aki Tanaka')
  expect((await boss.person.open('/admin/clients?cursor=x')).status).toBe(400)
  await app.sql(`DELETE FROM oauth_clients WHERE id IN ('https://docs.example/c', 'bad', 'none')`)
})

test.each(['details?client=none-such', 'details', 'block?client=none-such', 'erase?client=x', 'toString?client=x'])(
  'what is not there is said to be not there: %s',
  async (path) => {
    expect((await boss.person.open(`/admin/clients/${path}`)).status).toBe(404)
  },
)

describe('withdrawing all access of a client', () => {
  test('ends it for everybody at the next call on every replica, and people can connect it anew', async () => {
    const program = await newProgram()
    const mika = await signedInAs(app, 'Mika Sato')
    const tokens = [
      await program.authorize(aki.person, 'product:read'),
      await program.authorize(mika.person, 'product:read'),
    ]
    const done = await act('withdraw', program.clientId)
    expect(wordsOf(done)).toContain('All access withdrawn')
    for (const { access_token: token } of tokens) {
      for (const url of [app.url, replica.url]) expect((await knock(url, token)).status).toBe(401)
    }
    expect(await lastEntry()).toMatchObject({
      action: 'withdraw-client',
      outcome: 'ok',
      actor_id: boss.id,
      target_type: 'client',
      target_id: program.clientId,
      client_id: program.clientId,
      details: { withdrawn: 2 },
    })
    expect((await knock(app.url, (await program.authorize(aki.person, 'product:read')).access_token)).status).toBe(200)
  })
})

describe('a blocked client', () => {
  test('that registered itself is refused: calls, refreshing, codes on their way, and new authorizations', async () => {
    const program = await newProgram()
    const tokens = await program.authorize(aki.person, 'product:read')
    const waiting = program.begin('product:read')
    const code = (await program.consent(aki.person, waiting.url)).get('code') ?? ''
    const open = await aki.person.open(program.begin('product:read').url)

    const question = await boss.person.open(at('block', program.clientId))
    expect(wordsOf(question)).toContain('can register once more under another id')
    const done = await act('block', program.clientId)
    expect(wordsOf(done)).toContain('Blocked')
    expect(await lastEntry()).toMatchObject({ action: 'block-client', details: { withdrawn: 2 } })

    for (const url of [app.url, replica.url]) expect((await knock(url, tokens.access_token)).status).toBe(401)
    expect((await program.refresh(tokens.refresh_token ?? '')).body.error).toBe('invalid_client')
    expect((await program.redeem(code, waiting.verifier)).body.error).toBe('invalid_client')
    expect(await asks(program)).toBe(false)
    // A consent page that was open already leads nowhere either.
    const late = await aki.person.submit(open, consentForm(open), {}, 'allow')
    expect(late.status).toBe(400)
    expect(await app.sql('SELECT id FROM oauth_grants WHERE client_id = $1', [program.clientId])).toEqual([])

    await act('unblock', program.clientId)
    expect(await asks(program)).toBe(true)
    expect((await knock(app.url, tokens.access_token)).status).toBe(401)
  })

  test('known by a document is refused on every replica, also where the document is still remembered', async () => {
    const clientId = documents.publish('blocked', {
      client_name: 'Documented program',
      redirect_uris: ['http://127.0.0.1:41999/callback'],
      token_endpoint_auth_method: 'none',
    })
    const program = await OAuthProgram.at(app.url, app.settings.mcpUrl, clientId)
    const tokens = await program.authorize(aki.person, 'product:read')
    expect(await asks(program)).toBe(true)
    await act('block', clientId)
    expect((await knock(replica.url, tokens.access_token)).status).toBe(401)
    expect((await program.refresh(tokens.refresh_token ?? '')).body.error).toBe('invalid_client')
    expect(await asks(program)).toBe(false)
    await act('unblock', clientId)
    expect(await asks(program)).toBe(true)
  })

  test('is not authorized by a consent that comes at the very moment of blocking', async () => {
    for (let round = 0; round < 8; round++) {
      const program = await newProgram()
      const page = await aki.person.open(program.begin('product:read').url)
      await Promise.all([aki.person.submit(page, consentForm(page), {}, 'allow'), act('block', program.clientId)])
      expect(await app.sql('SELECT id FROM oauth_grants WHERE client_id = $1', [program.clientId])).toEqual([])
    }
  })

  test('stays blocked although nobody uses it', async () => {
    const program = await newProgram()
    await act('block', program.clientId)
    await app.sql(`UPDATE oauth_clients SET created_at = now() - interval '200 days' WHERE id = $1`, [program.clientId])
    await confirmed(boss.person, '/admin/clients/remove-unused')
    expect(await app.sql('SELECT id FROM oauth_clients WHERE id = $1', [program.clientId])).toHaveLength(1)
  })
})

test('removing unused clients takes registrations nobody uses, and leaves the rest', async () => {
  const [used, unused, fresh] = [await newProgram(), await newProgram(), await newProgram()]
  await used.authorize(aki.person, 'product:read')
  await app.sql(
    `UPDATE oauth_clients SET created_at = now() - interval '3 hours', authorized_at = authorized_at - interval '2 hours'
      WHERE id IN ($1, $2)`,
    [used.clientId, unused.clientId],
  )
  const page = await boss.person.open('/admin/clients')
  expect(wordsOf(page)).toContain('Remove 1 unused')
  const done = await confirmed(boss.person, '/admin/clients/remove-unused')
  expect(wordsOf(done)).toContain('1 unused client is gone')
  const left = await app.sql<{ id: string }>('SELECT id FROM oauth_clients')
  expect(left.map(({ id }) => id)).toEqual(expect.arrayContaining([used.clientId, fresh.clientId]))
  expect(left.map(({ id }) => id)).not.toContain(unused.clientId)
  expect(await lastEntry()).toMatchObject({ action: 'remove-unused-clients', outcome: 'ok', details: { removed: 1 } })
})

function consentForm(page: Page): FormOnPage {
  const form = page.forms.find(({ buttons }) => buttons.some(([, value]) => value === 'allow'))
  if (!form) throw new Error(`no consent form at ${page.url} (${page.status})`)
  return form
}
