// A call that waits for its person's word, by real clients through router and app server: those that open links lead the person
// to it, the others are told where it is.
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { Client as ClientV2, StreamableHTTPClientTransport as TransportV2 } from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { eventually } from '@sekisho/testing'
import { type ApprovalsBench, openApprovalsBench, type ShelfCaller } from '../../app-server/e2e/approvals-bench.js'
import { patience } from '../../app-server/src/tools/tool-runner.js'
import { type AskingLanes, askable, opensLinks, type Question, type Reply, startAskingLanes } from './asking-lanes.js'
import type { ToolAnswer } from './client-program.js'
import { type Endpoint, postModern } from './router-at-test.js'

let lanes: AskingLanes<ApprovalsBench>
let bench: ApprovalsBench
let { at, other } = {} as Record<'at' | 'other', Endpoint>
let aki: ShelfCaller
let board: string
let people = 0

const usual = { ...patience }

beforeAll(async () => {
  lanes = await startAskingLanes(openApprovalsBench)
  ;({ bench, at, other } = lanes)
})

afterAll(() => lanes?.close())

beforeEach(async () => {
  Object.assign(patience, { forMs: 300, everyMs: 30 })
  aki = await bench.caller(`Aki ${++people}`)
  board = randomUUID()
})

afterEach(() => {
  Object.assign(patience, usual)
})

/** A client whose person is Aki. */
const asks = (answer: (question: Question) => Promise<Reply> | Reply, endpoint = at) => askable(aki, answer, endpoint)

const clear = async (client: ClientV1 | ClientV2) =>
  (await client.callTool({ name: 'shelf.clear', arguments: { board } })) as ToolAnswer

const idIn = (url: string | undefined) => new URL(url ?? '').pathname.split('/').at(-1) ?? ''
const rows = () =>
  bench.app.sql<{ id: string; decision: string | null; used: boolean }>(
    'SELECT id, decision, used_at IS NOT NULL AS used FROM approvals WHERE user_id = $1 ORDER BY requested_at',
    [aki.userId],
  )

describe('a client that opens links', () => {
  test.each(['plain lane', 'SDK lane alone'])(
    'leads its person to the call, and it goes on when they allowed it (%s)',
    async (lane) => {
      const questions: Question[] = []
      const client = await asks(
        async (question) => {
          questions.push(question)
          await bench.decide(aki.person, idIn(question.url), 'approve')
          return { action: 'accept' }
        },
        lane === 'plain lane' ? at : other,
      )
      const answer = await clear(client)
      await client.close()
      expect(answer.isError ?? false).toBe(false)
      expect(bench.times(`clear ${board}`)).toBe(1)
      const [row] = await rows()
      expect(questions).toEqual([
        {
          mode: 'url',
          url: `${bench.app.url}/approvals/${row?.id}`,
          message: expect.stringContaining('“Clear the shelf” (shelf.clear) waits for your approval'),
        },
      ])
      expect(row).toMatchObject({ decision: 'approved', used: true })
    },
  )

  test('may repeat its call while the person still reads: the call waits for their word', async () => {
    Object.assign(patience, { forMs: 10_000 })
    let deciding: Promise<unknown> | undefined
    const client = await asks(({ url }) => {
      deciding = new Promise((resolve) => setTimeout(resolve, 400)).then(() =>
        bench.decide(aki.person, idIn(url), 'approve'),
      )
      return { action: 'accept' }
    })
    const answer = await clear(client)
    await deciding
    await client.close()
    expect(answer.isError ?? false).toBe(false)
    expect(bench.times(`clear ${board}`)).toBe(1)
    expect(await rows()).toHaveLength(1)
  })

  test('hears of a no while its call waits', async () => {
    Object.assign(patience, { forMs: 10_000 })
    let deciding: Promise<unknown> | undefined
    const client = await asks(({ url }) => {
      deciding = new Promise((resolve) => setTimeout(resolve, 200)).then(() =>
        bench.decide(aki.person, idIn(url), 'deny'),
      )
      return { action: 'accept' }
    })
    const answer = await clear(client)
    await deciding
    await client.close()
    expect(answer).toMatchObject({ isError: true, structuredContent: { code: 'approval-denied', reason: 'denied' } })
    expect(bench.times(`clear ${board}`)).toBe(0)
  })

  test('is told the link, and not asked again, when nobody decided', async () => {
    let asked = 0
    const client = await asks(() => {
      asked++
      return { action: 'accept' }
    })
    const answer = await clear(client)
    await client.close()
    expect(asked).toBe(1)
    const [row] = await rows()
    expect(answer).toMatchObject({
      isError: true,
      structuredContent: { code: 'approval-needed', approval_id: row?.id },
    })
    expect(answer.content[0]?.text).toContain(`${bench.app.url}/approvals/${row?.id}`)
    expect(await rows()).toHaveLength(1)
  })

  test.each([
    ['decline', 'said no', 'declined'],
    ['cancel', 'closed the question', 'cancelled'],
  ] as const)(
    'is told so when the person answers %s; what waited is taken back, allowed or not',
    async (action, words, why) => {
      for (const allowed of [false, true]) {
        board = randomUUID()
        let id = ''
        const client = await asks(async ({ url }) => {
          id = idIn(url)
          if (allowed) await bench.decide(aki.person, id, 'approve')
          return { action }
        })
        const answer = await clear(client)
        await client.close()
        expect(answer).toMatchObject({ isError: true, structuredContent: { code: 'approval-denied', reason: why } })
        expect(answer.content[0]?.text).toContain(words)
        expect((await rows()).at(-1)).toEqual({ id, decision: 'withdrawn', used: false })
        const page = await aki.person.open(new URL(`/approvals/${id}`, bench.app.url))
        expect(page.forms.filter(({ action: target }) => target.includes(id))).toEqual([])
        expect(bench.times(`clear ${board}`)).toBe(0)
        // And whoever calls again has to ask again.
        bench.asked(await bench.clear(aki, { board }))
      }
    },
  )

  test('may give up while its call waits: nothing is done then, nor when the word comes', async () => {
    Object.assign(patience, { forMs: 10_000 })
    const params = { name: 'shelf.clear', arguments: { board }, ...opensLinks }
    const { body } = await postModern(at, 'tools/call', params, { bearer: aki.bearer })
    const { requestState, inputRequests } = body.result
    const left = new AbortController()
    const repeated = postModern(
      at,
      'tools/call',
      { ...params, requestState, inputResponses: { approve: { action: 'accept' } } },
      { bearer: aki.bearer, signal: left.signal },
    )
    setTimeout(() => left.abort(), 1_000)
    await expect(repeated).rejects.toThrow('abort')
    await eventually(async () => {
      const ended = await bench.app.sql(
        `SELECT FROM audit_entries WHERE actor_id = $1 AND kind = 'call' AND reason = 'cancelled'`,
        [aki.userId],
      )
      return ended.length === 1
    })
    await bench.decide(aki.person, idIn(inputRequests.approve.params.url), 'approve')
    await new Promise((resolve) => setTimeout(resolve, 5 * patience.everyMs))
    expect(bench.times(`clear ${board}`)).toBe(0)
    expect(await rows()).toMatchObject([{ decision: 'approved', used: false }])
  })

  test('is asked on the wire as MCP 2026-07-28 says, and what it says back counts for that call alone', async () => {
    const ask = (endpoint: Endpoint, more: Record<string, unknown> = {}) =>
      postModern(
        endpoint,
        'tools/call',
        { name: 'shelf.clear', arguments: { board }, ...opensLinks, ...more },
        { bearer: aki.bearer },
      )
    const { body } = await ask(at)
    expect(body.result).toMatchObject({
      resultType: 'input_required',
      inputRequests: { approve: { method: 'elicitation/create', params: { mode: 'url' } } },
      requestState: expect.stringMatching(/^1\.\d+\.[\w-]{43}$/),
    })
    const { requestState } = body.result
    const declined = { requestState, inputResponses: { approve: { action: 'decline' } } }
    const elsewhere = await ask(at, { ...declined, arguments: { board: `${board}!` } })
    expect(elsewhere.body.error).toMatchObject({ code: -32602, data: { reason: 'invalid_request_state' } })
    expect(await rows()).toMatchObject([{ decision: null }])
    // No answer proves that a person allowed anything: only their own word here does.
    const accepted = await ask(other, { requestState, inputResponses: { approve: { action: 'accept' } } })
    expect(accepted.body.result).toMatchObject({ isError: true, structuredContent: { code: 'approval-needed' } })
    const malformed = await ask(at, { requestState, inputResponses: { approve: { action: 'maybe' } } })
    expect(malformed.body.error).toMatchObject({ code: -32602, message: expect.stringContaining('inputResponses') })
    expect(bench.times(`clear ${board}`)).toBe(0)
  })
})

describe('a client that does not open links', () => {
  test.each(['SDK v1', 'SDK v2 legacy', 'SDK v2 of 2026-07-28'])(
    'is told the link in words, and goes on (%s)',
    async (kind) => {
      const url = new URL(`${at.base}/mcp`)
      const requestInit = { headers: { Authorization: `Bearer ${aki.bearer}` } }
      const info = { name: 'plain', version: '1' }
      const client =
        kind === 'SDK v1'
          ? new ClientV1(info, { capabilities: { elicitation: { form: {}, url: {} } } })
          : new ClientV2(info, {
              versionNegotiation: { mode: kind === 'SDK v2 legacy' ? 'legacy' : { pin: '2026-07-28' } },
            })
      if (client instanceof ClientV1) {
        await client.connect(new TransportV1(url, { requestInit }) as Parameters<ClientV1['connect']>[0])
      } else {
        await client.connect(new TransportV2(url, { requestInit }))
      }
      const answer = await clear(client)
      expect(answer).toMatchObject({
        isError: true,
        structuredContent: { code: 'approval-needed', tool: 'shelf.clear' },
      })
      const link = String(answer.structuredContent?.approval_url)
      expect(answer.content[0]?.text).toContain(link)
      expect(answer.content[0]?.text).toContain('call again with the very same arguments')
      await bench.decide(aki.person, idIn(link), 'approve')
      expect((await clear(client)).isError ?? false).toBe(false)
      await client.close()
      expect(bench.times(`clear ${board}`)).toBe(1)
    },
  )
})
