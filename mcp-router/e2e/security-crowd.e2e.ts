// Many people and programs at once through router and app server: nobody gets, or ends, what is another's.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { eventually, freePort, OAuthProgram, Person, signIn } from '@sekisho/testing'
import { pino } from 'pino'
import { startTestApp, type TestApp } from '../../app-server/e2e/app.js'
import { abortedWaits, fixturesProvider } from '../../app-server/e2e/fixtures-provider.js'
import { type RunningRouter, startRouter } from '../src/router.js'
import { loadSettings } from '../src/settings.js'
import { type Endpoint, initializeParams, post, postLegacy, postModern } from './router-at-test.js'

const people = 20
const clientsEach = 10

let app: TestApp
let router: RunningRouter
let at: Endpoint
/** One token for each person. */
const tokens: string[] = []

beforeAll(async () => {
  const port = await freePort()
  const MCP_URL = `http://localhost:${port}/mcp`
  app = await startTestApp({ providers: [fixturesProvider], env: { MCP_URL, TRUSTED_PROXIES: '1' } })
  const settings = { NODE_ENV: 'test', ROUTER_PORT: String(port), MCP_URL, APP_SERVER_URL: app.url }
  router = await startRouter(loadSettings(settings), pino({ level: 'silent' }))
  at = { base: `http://127.0.0.1:${port}` }
  const program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
  for (let index = 0; index < people; index++) {
    const person = new Person([app.url], { 'x-forwarded-for': `198.51.100.${index + 1}` })
    await signIn(person, `Person ${index}`, emailOf(index))
    tokens.push((await program.authorize(person, 'fixtures:use')).access_token)
  }
}, 60_000)

afterAll(async () => {
  await router?.close()
  await app?.close()
})

const emailOf = (index: number) => `person-${index}@example.test`

/** The label of a new client of a person. */
async function initialized(bearer: string): Promise<string> {
  const answer = await postLegacy(at, 'initialize', initializeParams(), { bearer })
  return answer.headers.get('mcp-session-id') ?? ''
}

const call = (name: string, args: Record<string, unknown>) => ({ name: `fixtures.${name}`, arguments: args })

describe('200 interleaved calls of 20 people', () => {
  test('are each answered as the person who made it, in both eras', async () => {
    const answers = await Promise.all(
      Array.from({ length: people * clientsEach }, async (_, at200) => {
        const index = at200 % people
        const send = at200 % 3 === 0 ? postModern : postLegacy
        const { body } = await send(at, 'tools/call', call('who', {}), { bearer: tokens[index] as string })
        return { index, email: body.result?.structuredContent?.email }
      }),
    )
    expect(answers).toHaveLength(200)
    for (const { index, email } of answers) expect(email).toBe(emailOf(index))
    const rows = await app.sql<{ wrong: number; calls: number }>(
      `SELECT count(*)::int AS calls, count(*) FILTER (WHERE u.id IS NULL OR g.user_id <> u.id)::int AS wrong
         FROM audit_entries a LEFT JOIN users u ON u.id = a.actor_id LEFT JOIN oauth_grants g ON g.id::text = a.grant_id
        WHERE a.tool = 'fixtures.who'`,
    )
    expect(rows).toEqual([{ calls: 200, wrong: 0 }])
  })
})

describe('200 clients whose JSON-RPC ids are all equal', () => {
  test('get their own answers and their own progress, whichever is done first', async () => {
    const clients = await Promise.all(
      Array.from({ length: people * clientsEach }, async (_, number) => {
        const bearer = tokens[number % people] as string
        return { bearer, label: await initialized(bearer), number }
      }),
    )
    expect(new Set(clients.map(({ label }) => label)).size).toBe(200)
    const answers = await Promise.all(
      clients.map(async ({ bearer, label, number }) => {
        const said = `client-${number}`
        const params = {
          ...call('wait', { ms: 40 + ((number * 37) % 200), label: said, steps: number % 3 }),
          _meta: { progressToken: 1 },
        }
        const { text } = await postLegacy(at, 'tools/call', params, { bearer, headers: { 'mcp-session-id': label } })
        return { said, steps: number % 3, text }
      }),
    )
    for (const { said, steps, text } of answers) {
      const labels = [...text.matchAll(/"label":"(client-\d+)"/g)].map(([, label]) => label)
      expect(labels).toEqual([said])
      expect(text.match(/"method":"notifications\/progress"/g) ?? []).toHaveLength(steps)
    }
  })
})

describe('a running call', () => {
  const cancel = (bearer: string, label: string | undefined, requestId: unknown) =>
    post(at, JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } }), {
      bearer,
      headers: { 'mcp-protocol-version': '2025-11-25', 'mcp-session-id': label },
    })

  test('is not cancelled by somebody else who knows its id and its label, and is by its own client', async () => {
    const [mine = '', theirs = ''] = tokens
    const label = await initialized(mine)
    const own = { bearer: mine, headers: { 'mcp-session-id': label }, id: 77 }
    const kept = postLegacy(at, 'tools/call', call('wait', { ms: 1_000, label: 'kept' }), own)
    await new Promise((resolve) => setTimeout(resolve, 200))
    const othersLabel = await initialized(mine)
    for (const [bearer, named, id] of [
      [theirs, label, 77],
      [mine, othersLabel, 77],
      [mine, label, '77'],
      [mine, undefined, 77],
    ] as const) {
      expect((await cancel(bearer, named, id)).status).toBe(202)
    }
    expect((await kept).body.result.structuredContent).toEqual({ label: 'kept' })
    expect(abortedWaits.has('kept')).toBe(false)

    const ended = postLegacy(at, 'tools/call', call('wait', { ms: 20_000, label: 'ended' }), own)
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect((await cancel(mine, label, 77)).status).toBe(202)
    expect((await ended).body.result).toMatchObject({ isError: true, structuredContent: { code: 'cancelled' } })
    await eventually(() => abortedWaits.has('ended'))
  })
})
