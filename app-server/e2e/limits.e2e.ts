// How much a request may be, how long it may take to come, and how many may run: more is refused, and nothing ran.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { DOOR_PATH } from '@sekisho/contracts'
import { eventually, OAuthProgram, type Person, requireServer, sendUntilClosed, shortenLimits } from '@sekisho/testing'
import { maxCallsPerPerson } from '../src/tools/running-calls.js'
import { startTestApp, type TestApp } from './app.js'
import { fixturesProvider } from './fixtures-provider.js'

let app: TestApp
let aki: Person
let program: OAuthProgram
let token: string
/** Entries of the audit log before the test. */
let entriesBefore: number

beforeAll(async () => {
  app = await startTestApp({ providers: [fixturesProvider] })
  aki = await app.signedIn('Aki Tanaka')
  program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
  token = (await program.authorize(aki, 'fixtures:use')).access_token
})

afterAll(() => app.close())

beforeEach(async () => {
  entriesBefore = await callsInAudit()
})

async function callsInAudit(): Promise<number> {
  const [row] = await app.sql<{ n: number }>("SELECT count(*)::int AS n FROM audit_entries WHERE outcome = 'ok'")
  return row?.n ?? 0
}

const messageFor = (name: string, args: unknown) =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } })

interface Answer {
  result?: { isError?: boolean }
  [name: string]: unknown
}

interface Sent {
  type?: string
  headers?: Record<string, string>
}

async function post(path: string, body: string, { type = 'application/json', headers = {} }: Sent = {}) {
  const response = await fetch(app.url + path, {
    method: 'POST',
    redirect: 'manual',
    headers: { accept: 'application/json', 'content-type': type, ...headers },
    body,
    signal: AbortSignal.timeout(20_000),
  })
  const text = await response.text()
  const answer = (text.startsWith('{') ? JSON.parse(text) : {}) as Answer
  return { status: response.status, headers: response.headers, body: answer }
}

const bearer = (of = token) => ({ authorization: `Bearer ${of}` })
const echo = (text: string) => messageFor('fixtures.echo', { text })
const formType = 'application/x-www-form-urlencoded'

async function expectUntouched(): Promise<void> {
  expect(await callsInAudit()).toBe(entriesBefore)
  expect((await post(DOOR_PATH, echo('next'), { headers: bearer() })).status).toBe(200)
}

/** A call at the door, as bytes; only what a test adds speaks against it. */
function callWith({ target = DOOR_PATH, headers = [] as string[] }) {
  const body = echo('hi')
  const lines = [
    `POST ${target} HTTP/1.1`,
    `Host: ${new URL(app.url).host}`,
    'Content-Type: application/json',
    `Authorization: Bearer ${token}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
    ...headers,
  ]
  return { head: `${lines.join('\r\n')}\r\n\r\n`, body }
}

describe('the head of a request', () => {
  const send = async (parts: { target?: string; headers?: string[] }) => {
    const { head, body } = callWith(parts)
    return (await sendUntilClosed(app.url, head + body)).text
  }

  test.each<[string, Parameters<typeof send>[0]]>([
    ['one header that is too long', { headers: [`X-Long: ${'x'.repeat(17_000)}`] }],
    ['headers that are too many', { headers: Array.from({ length: 1_100 }, (_, n) => `X-${n}: y`) }],
    ['a URL that is too long', { target: `${DOOR_PATH}?${'x'.repeat(17_000)}` }],
  ])('is refused with %s, and the next request is answered', async (_what, parts) => {
    expect(await send(parts)).toMatch(/^HTTP\/1\.1 431 /)
    await expectUntouched()
  })

  test('may have 14 KiB', async () => {
    expect(await send({ headers: [`X-Long: ${'x'.repeat(14 * 1024)}`] })).toMatch(/^HTTP\/1\.1 200 /)
  })
})

describe('a body that is too large', () => {
  test('is refused as a form, beyond 64 KiB or 200 fields, and taken up to there', async () => {
    const cookie = `sekisho_session=${aki.cookie('sekisho_session')}`
    const send = (fields: string) => post('/account/sessions/end', fields, { type: formType, headers: { cookie } })
    for (const fields of [`a=${'x'.repeat(64 * 1024)}`, Array.from({ length: 201 }, (_, n) => `f${n}=`).join('&')]) {
      const answer = await send(fields)
      expect([answer.status, answer.body.code]).toEqual([413, 'payload-too-large'])
    }
    for (const fields of [`a=${'x'.repeat(60 * 1024)}`, Array.from({ length: 200 }, (_, n) => `f${n}=`).join('&')]) {
      expect((await send(fields)).body.code).toBe('form-expired')
    }
    expect((await aki.open('/account/sessions')).status).toBe(200)
    await expectUntouched()
  })

  test('is refused where clients register and where tokens are given and taken back', async () => {
    const clients = () => app.sql('SELECT count(*) FROM oauth_clients')
    const before = await clients()
    const padding = 'x'.repeat(60 * 1024)
    const registration = { client_name: 'Large', redirect_uris: ['http://127.0.0.1/cb'], padding }
    const { access_token: kept, refresh_token: refresh = '' } = await program.authorize(aki, 'fixtures:use')
    const asForm = (fields: Record<string, string>) =>
      new URLSearchParams({ client_id: program.clientId, ...fields, padding }).toString()
    const answers = [
      await post('/oauth/register', JSON.stringify(registration)),
      await post('/oauth/token', asForm({ grant_type: 'refresh_token', refresh_token: refresh }), { type: formType }),
      await post('/oauth/revoke', asForm({ token: kept }), { type: formType }),
      await post('/oauth/introspect', asForm({ token: kept }), { type: formType }),
    ]
    for (const answer of answers) {
      expect(answer.status).toBe(413)
      expect(answer.body).toMatchObject({ error: 'invalid_request', error_description: 'payload too large' })
    }
    // With no length told, it is refused once it has become too much.
    const untold = await fetch(`${app.url}/oauth/revoke`, {
      method: 'POST',
      headers: { 'content-type': formType },
      body: new Blob([asForm({ token: kept })]).stream(),
      duplex: 'half',
    } as RequestInit)
    expect([untold.status, (await untold.json()) as unknown]).toMatchObject([400, { error: 'invalid_request' }])
    expect((await post(DOOR_PATH, echo('kept'), { headers: bearer(kept) })).status).toBe(200)
    // Had the refresh been taken, this one would be a replay.
    expect((await program.refresh(refresh)).status).toBe(200)
    expect(await clients()).toEqual(before)
  })
})

describe('a request that takes its time', () => {
  test('has 20 seconds for its head and 30 for all of it', async () => {
    const { headersTimeout, requestTimeout } = await requireServer(app.url)
    expect({ headersTimeout, requestTimeout }).toEqual({ headersTimeout: 20_000, requestTimeout: 30_000 })
  })

  describe('(with limits shortened)', () => {
    let whole: { headersTimeout: number; requestTimeout: number }
    beforeAll(async () => {
      const server = await requireServer(app.url)
      whole = { headersTimeout: server.headersTimeout, requestTimeout: server.requestTimeout }
      shortenLimits(server, { headersTimeout: 400, requestTimeout: 500 })
    })
    afterAll(async () => shortenLimits(await requireServer(app.url), whole))

    test('is cut when its head does not end', async () => {
      const { text, livedMs } = await sendUntilClosed(app.url, callWith({}).head.slice(0, -2))
      expect(text).toMatch(/^HTTP\/1\.1 408 /)
      expect(livedMs).toBeGreaterThan(350)
      await expectUntouched()
    })

    test('is cut when its body does not end', async () => {
      const { head, body } = callWith({})
      const { text, livedMs } = await sendUntilClosed(app.url, head + body.slice(0, -1))
      expect(text).toMatch(/^HTTP\/1\.1 408 /)
      expect(livedMs).toBeGreaterThan(450)
      await expectUntouched()
    })
  })
})

test('a person with too many calls running is told when to come back, and nobody else notices', async () => {
  const beni = await app.signedIn('Beni')
  const others = (await program.authorize(beni, 'fixtures:use')).access_token
  const hangUp = new AbortController()
  // One that came while `oneMore` had the last place is refused and comes again, so that in the end all places are taken.
  const hold = async (label: string): Promise<void> => {
    while (!hangUp.signal.aborted) {
      const response = await fetch(app.url + DOOR_PATH, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...bearer() },
        body: messageFor('fixtures.wait', { ms: 50_000, label }),
        signal: hangUp.signal,
      })
      await response.text()
    }
  }
  const waiting = Promise.allSettled(Array.from({ length: maxCallsPerPerson }, (_, n) => hold(`crowd ${n}`)))
  try {
    const oneMore = async () => (await post(DOOR_PATH, echo('one more'), { headers: bearer() })).body.result
    const refusal = { code: 'rate-limited', retry_after_seconds: 1, detail: expect.stringMatching(/then call again/) }
    await eventually(async () => (await oneMore())?.isError, 15_000)
    expect(await oneMore()).toMatchObject({ isError: true, structuredContent: refusal })
    const direct = await post('/api/tools/fixtures.echo', '{"text":"one more"}', { headers: bearer() })
    expect([direct.status, direct.headers.get('retry-after')]).toEqual([429, '1'])
    expect(direct.body).toMatchObject(refusal)
    const another = await post(DOOR_PATH, echo('hello'), { headers: bearer(others) })
    expect([another.status, another.body.result?.isError ?? false]).toEqual([200, false])
  } finally {
    hangUp.abort()
  }
  expect((await waiting).map(({ status }) => status)).not.toContain('fulfilled')
  await eventually(
    async () => (await post(DOOR_PATH, echo('again'), { headers: bearer() })).body.result?.isError !== true,
    10_000,
  )
}, 60_000)
