// A call that lacks an account, by real clients through router and app server: those that open links are asked, the others told.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { Client as ClientV2, StreamableHTTPClientTransport as TransportV2 } from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { eventually, OAuthProgram } from '@sekisho/testing'
import { akisAccount, akisOtherAccount } from '../../app-server/e2e/connected-provider.js'
import { openVaultBench, type VaultBench, type VaultCaller } from '../../app-server/e2e/vault-bench.js'
import { SecretBox } from '../../app-server/src/platform/secret-box.js'
import { RequestStates } from '../../app-server/src/tools/request-state.js'
import { patience } from '../../app-server/src/tools/tool-runner.js'
import { type AskingLanes, askable, opensLinks, type Question, type Reply, startAskingLanes } from './asking-lanes.js'
import type { ToolAnswer } from './client-program.js'
import { type Answer, type Endpoint, postLegacy, postModern } from './router-at-test.js'

let lanes: AskingLanes<VaultBench>
let bench: VaultBench
let { at, other } = {} as Record<'at' | 'other', Endpoint>
let aki: VaultCaller

const usual = { ...patience }

beforeAll(async () => {
  lanes = await startAskingLanes(openVaultBench)
  ;({ bench, at, other } = lanes)
})

afterAll(() => lanes?.close())

let people = 0

beforeEach(async () => {
  Object.assign(patience, { forMs: 300, everyMs: 30 })
  aki = await bench.caller(`Aki ${++people}`)
  bench.cloud.behave()
})

afterEach(() => {
  Object.assign(patience, usual)
  jest.restoreAllMocks()
})

const link = () => `${bench.app.url}/connections/cloud/connect?scopes=cloud:read`

async function entries({ userId }: VaultCaller) {
  return bench.app.sql<{ outcome: string; reason: string | null; why: string | null }>(
    `SELECT outcome, reason, details->>'not_connected' AS why FROM audit_entries
      WHERE kind = 'call' AND actor_id = $1 ORDER BY at`,
    [userId],
  )
}

/** A client whose person is Aki. */
const asks = (answer: (question: Question) => Promise<Reply> | Reply, endpoint = at) => askable(aki, answer, endpoint)

const who = async (client: ClientV1 | ClientV2) =>
  (await client.callTool({ name: 'cloud.who', arguments: {} })) as ToolAnswer

describe('a client that opens links', () => {
  test.each(['plain lane', 'SDK lane alone'])(
    'gets the link, and its call goes on when the account is connected (%s)',
    async (lane) => {
      const questions: Question[] = []
      const client = await asks(
        async (question) => {
          questions.push(question)
          await bench.connect(aki, akisAccount)
          return { action: 'accept' }
        },
        lane === 'plain lane' ? at : other,
      )
      const answer = await who(client)
      await client.close()
      expect(answer.isError ?? false).toBe(false)
      expect(answer.structuredContent).toMatchObject({ saw: akisAccount.email })
      expect(questions).toEqual([
        { mode: 'url', url: link(), message: expect.stringContaining('Connect your Cloud account') },
      ])
      expect(await entries(aki)).toEqual([
        { outcome: 'refused', reason: 'not-connected', why: 'no-account' },
        { outcome: 'ok', reason: null, why: null },
      ])
    },
  )

  test('may repeat its call while the person is still on the page: the call waits for them', async () => {
    Object.assign(patience, { forMs: 10_000 })
    let connecting: Promise<unknown> | undefined
    const client = await asks(() => {
      connecting = new Promise((resolve) => setTimeout(resolve, 400)).then(() => bench.connect(aki, akisAccount))
      return { action: 'accept' }
    })
    const answer = await who(client)
    await connecting
    await client.close()
    expect(answer.structuredContent).toMatchObject({ saw: akisAccount.email })
    expect(await entries(aki)).toHaveLength(2)
  })

  test('is told the link, and not asked again, when nothing was connected', async () => {
    let asked = 0
    const client = await asks(() => {
      asked++
      return { action: 'accept' }
    })
    const answer = await who(client)
    await client.close()
    expect(asked).toBe(1)
    expect(answer).toMatchObject({ isError: true, structuredContent: { code: 'not-connected', connect_url: link() } })
    expect(answer.content[0]?.text).toContain(link())
  })

  test('may give up while its call waits, and the call ends', async () => {
    Object.assign(patience, { forMs: 10_000 })
    const asked = await postModern(at, 'tools/call', { name: 'cloud.who', ...opensLinks }, { bearer: aki.bearer })
    const { requestState } = asked.body.result
    const left = new AbortController()
    const repeated = postModern(
      at,
      'tools/call',
      { name: 'cloud.who', ...opensLinks, requestState, inputResponses: { connect: { action: 'accept' } } },
      { bearer: aki.bearer, signal: left.signal },
    )
    setTimeout(() => left.abort(), 200)
    await expect(repeated).rejects.toThrow('abort')
    const [, ended] = await eventually(async () => {
      const all = await entries(aki)
      return all.length === 2 ? all : undefined
    })
    expect(ended).toMatchObject({ outcome: 'failed', reason: 'cancelled' })
  })

  test.each([
    ['decline', 'said no', 'declined'],
    ['cancel', 'closed the question', 'cancelled'],
  ] as const)('is told so when the person answers %s, and nothing is run', async (action, words, why) => {
    const client = await asks(async () => {
      // Connected by another way meanwhile: the person's word counts.
      await bench.connect(aki, akisAccount)
      return { action }
    })
    const before = bench.cloud.seen.length
    const answer = await who(client)
    await client.close()
    expect(answer).toMatchObject({ isError: true, structuredContent: { code: 'not-connected', reason: why } })
    expect(answer.content[0]?.text).toContain(words)
    expect(bench.cloud.seen.slice(before).filter(({ path }) => path === '/api/me')).toEqual([])
    expect((await entries(aki)).at(-1)).toEqual({ outcome: 'refused', reason: 'not-connected', why })
  })

  test('is asked for both, one after the other, when its call needs an account and a word', async () => {
    await bench.app.sql(`INSERT INTO tool_policies (user_id, tool, policy) VALUES ($1, 'cloud.who', 'ask')`, [
      aki.userId,
    ])
    const asked: string[] = []
    const client = await asks(async ({ url = '' }) => {
      const { pathname } = new URL(url)
      asked.push(pathname.split('/')[1] ?? '')
      if (asked.at(-1) === 'connections') {
        await bench.connect(aki, akisAccount)
      } else {
        const page = await aki.person.open(url)
        const form = page.forms.find(({ buttons }) => buttons.some(([, value]) => value === 'approve'))
        if (!form) throw new Error(`nothing to allow at ${page.url}`)
        await aki.person.submit(page, form, {}, 'approve')
      }
      return { action: 'accept' }
    })
    const answer = await who(client)
    await client.close()
    expect(answer.structuredContent).toMatchObject({ saw: akisAccount.email })
    expect(asked).toEqual(['connections', 'approvals'])
  })

  test('is asked for more access, for the account that lacks it', async () => {
    const connection = await bench.connect(aki, akisOtherAccount, ['profile', 'files.read'])
    const { body } = await postModern(at, 'tools/call', { name: 'cloud.change', ...opensLinks }, { bearer: aki.bearer })
    expect(body.result.inputRequests.connect.params).toEqual({
      mode: 'url',
      message: expect.stringContaining(`Cloud account ${akisOtherAccount.email} was connected without the access`),
      url: `${bench.app.url}/connections/cloud/connect?scopes=cloud:write&account=${connection.id}`,
    })
  })

  test('is not asked where a link mends nothing', async () => {
    await bench.connect(aki, akisAccount)
    const calls = [
      { name: 'cloud.who', arguments: { connection: 'nobody@example.com' } },
      { name: 'stray.who', arguments: {} },
    ]
    for (const call of calls) {
      const { body } = await postModern(at, 'tools/call', { ...call, ...opensLinks }, { bearer: aki.bearer })
      expect(body.result).toMatchObject({ resultType: 'complete', isError: true })
    }
  })
})

describe('a client that does not open links is told in words', () => {
  const told = { isError: true, structuredContent: { code: 'not-connected', reason: 'no-account' } }

  test.each([
    ['declares nothing', {}],
    ['declares forms alone', { elicitation: {} }],
    ['declares forms by name', { elicitation: { form: {} } }],
  ])('when it speaks 2026-07-28 and %s', async (_what, declared) => {
    const params = { name: 'cloud.who', _meta: { 'io.modelcontextprotocol/clientCapabilities': declared } }
    const { body } = await postModern(at, 'tools/call', params, { bearer: aki.bearer })
    expect(body.result).toMatchObject({ resultType: 'complete', ...told })
    expect(JSON.stringify(body)).not.toContain('inputRequests')
  })

  test.each(['SDK v1', 'SDK v2 legacy'])('when it is %s, which declares that it opens links', async (kind) => {
    const url = new URL(`${at.base}/mcp`)
    const requestInit = { headers: { Authorization: `Bearer ${aki.bearer}` } }
    const info = { name: 'legacy', version: '1' }
    const declared = { capabilities: { elicitation: { form: {}, url: {} } } }
    const client: ClientV1 | ClientV2 =
      kind === 'SDK v1'
        ? new ClientV1(info, declared)
        : new ClientV2(info, { ...declared, versionNegotiation: { mode: 'legacy' } })
    if (client instanceof ClientV1) {
      await client.connect(new TransportV1(url, { requestInit }) as Parameters<ClientV1['connect']>[0])
    } else {
      await client.connect(new TransportV2(url, { requestInit }))
    }
    const answer = await who(client)
    await client.close()
    expect(answer).toMatchObject(told)
    expect(answer.content[0]?.text).toContain(link())
  })

  test('when it speaks a revision before, whatever its message carries', async () => {
    const params = { name: 'cloud.who', arguments: {}, requestState: 'x', inputResponses: 7, ...opensLinks }
    const { body } = await postLegacy(at, 'tools/call', params, { bearer: aki.bearer })
    expect(body.result).toMatchObject(told)
  })
})

describe('what is asked, on the wire', () => {
  const ask = async (endpoint: Endpoint = at, caller = aki): Promise<Answer> =>
    postModern(endpoint, 'tools/call', { name: 'cloud.who', arguments: {}, ...opensLinks }, { bearer: caller.bearer })

  test('is what MCP 2026-07-28 says, in both lanes', async () => {
    const [plain, sdk] = [await ask(at), await ask(other)]
    for (const { status, body } of [plain, sdk]) {
      expect(status).toBe(200)
      expect(body.result).toEqual({
        resultType: 'input_required',
        inputRequests: {
          connect: {
            method: 'elicitation/create',
            params: { mode: 'url', message: expect.any(String), url: link() },
          },
        },
        requestState: expect.stringMatching(/^1\.\d+\.[\w-]{43}$/),
        _meta: { 'io.modelcontextprotocol/serverInfo': expect.objectContaining({ name: 'sekisho' }) },
      })
    }
    expect(sdk.body.result.inputRequests).toEqual(plain.body.result.inputRequests)
  })

  describe('comes back with a state', () => {
    const accepted = { connect: { action: 'accept' } }
    let state: string
    beforeEach(async () => {
      state = (await ask()).body.result.requestState
    })

    const repeat = (more: Record<string, unknown>, { caller = aki, endpoint = at, name = 'cloud.who' } = {}) =>
      postModern(
        endpoint,
        'tools/call',
        { name, arguments: {}, inputResponses: accepted, requestState: state, ...opensLinks, ...more },
        { bearer: caller.bearer },
      )

    test('that is good at every replica, and any number of times for the same call', async () => {
      await bench.connect(aki, akisAccount)
      for (const endpoint of [at, other, at]) {
        expect((await repeat({}, { endpoint })).body.result.structuredContent).toMatchObject({ saw: akisAccount.email })
      }
    })

    test('that is worth nothing in other hands, for another call, changed or made up', async () => {
      const ben = await bench.caller(`Ben ${people}`)
      await bench.connect(ben, akisOtherAccount)
      const program = await OAuthProgram.at(bench.app.url, bench.app.settings.mcpUrl)
      const scopes = 'cloud:read cloud:write'
      const { access_token: bearer } = await program.authorize(aki.person, scopes)
      const { access_token: bensBearer } = await program.authorize(ben.person, scopes)
      const { requestState: fromOtherClient } = (await ask(at, { ...aki, bearer })).body.result
      await bench.connect(aki, akisAccount)
      const [version, until, mac = ''] = state.split('.')
      const later = `${version}.${Number(until) + 60}.${mac}`
      const changed = `${version}.${until}.${mac.startsWith('A') ? 'B' : 'A'}${mac.slice(1)}`
      const before = bench.cloud.seen.length
      const answers = {
        'another person': await repeat({}, { caller: ben }),
        'another client of the same person': await repeat({}, { caller: { ...aki, bearer } }),
        'another person with the same client': await repeat(
          { requestState: fromOtherClient },
          { caller: { ...ben, bearer: bensBearer } },
        ),
        'another tool': await repeat({}, { name: 'cloud.change' }),
        'other arguments': await repeat({ arguments: { connection: akisAccount.email } }),
        'a later end': await repeat({ requestState: later }),
        'another seal': await repeat({ requestState: changed }),
        'no seal': await repeat({ requestState: `1.${until}.` }),
        nothing: await repeat({ requestState: '' }),
        'a long text': await repeat({ requestState: '1.'.repeat(50_000) }),
      }
      for (const [what, { body }] of Object.entries(answers)) {
        expect([what, body.error]).toEqual([
          what,
          {
            code: -32602,
            message: expect.stringContaining('was not given for this call'),
            data: { reason: 'invalid_request_state' },
          },
        ])
      }
      expect(bench.cloud.seen.length).toBe(before)
    })

    test('that ends', async () => {
      await bench.connect(aki, akisAccount)
      const states = new RequestStates(new SecretBox(bench.app.settings))
      const { sub, client_id } = JSON.parse(Buffer.from(aki.bearer.split('.')[1] ?? '', 'base64url').toString())
      const call = { access: { userId: sub, clientId: client_id }, name: 'cloud.who', arguments: {} }
      const giveAgo = (minutes: number) => {
        const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() - minutes * 60_000)
        const given = states.give(call)
        clock.mockRestore()
        return given
      }
      expect((await repeat({ requestState: giveAgo(14) })).body.result).toMatchObject({ resultType: 'complete' })
      expect((await repeat({ requestState: giveAgo(16) })).body.error).toEqual({
        code: -32602,
        message: expect.stringContaining('older than 15 minutes'),
        data: { reason: 'invalid_request_state' },
      })
    })

    test('without the answer, and is asked again', async () => {
      for (const inputResponses of [undefined, {}, { another: { action: 'accept' } }]) {
        expect((await repeat({ inputResponses })).body.result).toMatchObject({ resultType: 'input_required' })
      }
    })

    test('or with an answer to nothing that was asked, and is taken as a new call', async () => {
      expect((await repeat({ requestState: undefined })).body.result).toMatchObject({ resultType: 'input_required' })
    })

    test.each([
      ['an answer of no known action', { connect: { action: 'maybe' } }],
      ['an answer that is none', { connect: 'accept' }],
      ['answers that are none', 'accept'],
    ])('and %s, which is refused by the protocol', async (_what, inputResponses) => {
      const { body } = await repeat({ inputResponses })
      expect(body.error).toMatchObject({ code: -32602, message: expect.stringContaining('inputResponses') })
    })
  })
})
