// The official SDKs as people's clients use them, in every mode, each before a door that answers and one that does not.
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { Client as ClientV2, StreamableHTTPClientTransport as TransportV2 } from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { PlainLane } from '../src/plain-lane.js'
import { echoOf, progressOf, stream } from './fake-door.js'
import { type RouterAtTest, someBearer, startRouterAtTest } from './router-at-test.js'

describe.each([true, false])('with the plain lane: %s', (plainLane) => {
  let at: RouterAtTest

  beforeAll(async () => {
    at = await startRouterAtTest({ CALL_TIMEOUT_MS: '30000' }, { plainLane })
    at.door.tools.set('progress', async (received, response) => {
      const result = { jsonrpc: '2.0', id: received.message.id, result: echoOf(received) }
      await stream(response, [1, 2, 3].map((step) => progressOf(received, step)).concat(result as never), 5)
      response.end()
    })
    at.door.tools.set('fails', ({ message }, response) => {
      const problem = { code: 'slot-taken', detail: 'That time is gone.', free_slots: ['09:00'] }
      const result = { isError: true, content: [{ type: 'text', text: problem.detail }], structuredContent: problem }
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ jsonrpc: '2.0', id: message.id, result }))
    })
    at.door.tools.set('hangs', () => undefined)
  })
  afterAll(() => at.close())
  beforeEach(() => {
    at.door.received.length = 0
  })

  const info = { name: 'test', version: '1' }
  const modes = ['SDK v1', 'SDK v2 legacy', 'SDK v2 auto', 'SDK v2 pinned to 2026-07-28'] as const
  type Mode = (typeof modes)[number]

  async function connected(mode: Mode, bearer = someBearer()): Promise<ClientV1 | ClientV2> {
    const url = new URL(`${at.base}/mcp`)
    const requestInit = { headers: { Authorization: `Bearer ${bearer}` } }
    if (mode === 'SDK v1') {
      const client = new ClientV1(info)
      // The SDK's own transport does not fit its own interface under exactOptionalPropertyTypes-like strictness.
      await client.connect(new TransportV1(url, { requestInit }) as Parameters<ClientV1['connect']>[0])
      return client
    }
    const negotiation = {
      'SDK v2 legacy': 'legacy',
      'SDK v2 auto': 'auto',
      'SDK v2 pinned to 2026-07-28': { pin: '2026-07-28' },
    } as const
    const client = new ClientV2(info, { versionNegotiation: { mode: negotiation[mode] } })
    await client.connect(new TransportV2(url, { requestInit }))
    return client
  }

  describe.each(modes)('%s', (mode) => {
    const modern = mode === 'SDK v2 auto' || mode === 'SDK v2 pinned to 2026-07-28'

    test('connects in its era, lists and calls', async () => {
      const passed = jest.spyOn(PlainLane.prototype, 'pass')
      const client = await connected(mode)
      try {
        const { tools } = await client.listTools()
        expect(tools.map(({ name }) => name)).toEqual(['echo'])
        const answer = await client.callTool({ name: 'echo', arguments: { said: 'hello' } })
        expect(answer.structuredContent).toMatchObject({ said: 'hello', nested: { deep: [null, 1.5, 'x'] } })
        expect(new Set(at.door.received.map(({ era }) => era))).toEqual(new Set([modern ? 'modern' : 'legacy']))
        expect(passed).toHaveBeenCalledTimes(plainLane ? 2 : 0)
      } finally {
        passed.mockRestore()
        await client.close()
      }
    })

    test('hears of progress, in order', async () => {
      const client = await connected(mode)
      try {
        const heard: unknown[] = []
        const onprogress = (progress: unknown) => heard.push(progress)
        const request = { name: 'progress', arguments: { said: 'with progress' } }
        const answer =
          client instanceof ClientV1
            ? await client.callTool(request, undefined, { onprogress })
            : await client.callTool(request, { onprogress })
        expect(answer.structuredContent).toMatchObject({ said: 'with progress' })
        expect(heard).toMatchObject([1, 2, 3].map((progress) => ({ progress, total: 3, message: `step ${progress}` })))
      } finally {
        await client.close()
      }
    })

    test('gets a failed call with its problem', async () => {
      const client = await connected(mode)
      try {
        expect(await client.callTool({ name: 'fails' })).toMatchObject({
          isError: true,
          structuredContent: { code: 'slot-taken', free_slots: ['09:00'] },
        })
      } finally {
        await client.close()
      }
    })

    test('cancels a call, and the door hears of it', async () => {
      const client = await connected(mode)
      try {
        const giveUp = new AbortController()
        const options = { signal: giveUp.signal }
        const calling =
          client instanceof ClientV1
            ? client.callTool({ name: 'hangs' }, undefined, options)
            : client.callTool({ name: 'hangs' }, options)
        const call = await seen(({ message }) => message.params?.name === 'hangs')
        giveUp.abort()
        await expect(calling).rejects.toThrow()
        if (modern) {
          await call.hungUp
        } else {
          const cancelled = await seen(({ message }) => message.method === 'notifications/cancelled')
          expect(cancelled.message.params).toMatchObject({ requestId: call.message.id })
          expect(cancelled.headers['mcp-session-id']).toBe(call.headers['mcp-session-id'])
          expect(cancelled.headers['mcp-session-id']).toMatch(/^[0-9a-f-]{36}$/)
        }
      } finally {
        await client.close()
      }
    })

    test('fails clearly with a bearer that is not good', async () => {
      await expect(connected(mode, 'bad')).rejects.toThrow(/401|unauthorized|authori[sz]ation|Sign in again/i)
    })

    test('does not take an app server that is away for another era, and works once it is back', async () => {
      await at.door.stop()
      try {
        await expect(connected(mode)).rejects.toThrow(/503/)
      } finally {
        await at.door.start()
      }
      const client = await connected(mode)
      expect((await client.listTools()).tools).toHaveLength(1)
      await client.close()
    })
  })

  test('200 clients at once, whose ids are all the same, get their own answers and progress and nothing else', async () => {
    const clients = await Promise.all(
      modes.flatMap((mode) =>
        Array.from({ length: 50 }, async (_, index) => {
          const bearer = `good.${mode.replaceAll(/\W/g, '-')}.${index}`
          return { bearer, client: await connected(mode, bearer) }
        }),
      ),
    )
    at.door.received.length = 0
    const answers = await Promise.all(
      clients.flatMap(({ bearer, client }) =>
        ['echo', 'progress', 'echo', 'progress'].map(async (name, round) => {
          const heard: unknown[] = []
          const said = `${bearer} ${round}`
          const onprogress = (progress: { progress: number }) => heard.push(progress.progress)
          const request = { name, arguments: { said } }
          const answer =
            client instanceof ClientV1
              ? await client.callTool(request, undefined, { onprogress })
              : await client.callTool(request, { onprogress })
          return { bearer, said, name, heard, structured: answer.structuredContent }
        }),
      ),
    )
    expect(answers).toHaveLength(800)
    for (const { bearer, said, name, heard, structured } of answers) {
      expect(structured).toMatchObject({ said, bearer })
      expect(heard).toEqual(name === 'progress' ? [1, 2, 3] : [])
    }
    // The ids did collide: far fewer of them than calls.
    const ids = at.door.calls.map(({ message }) => message.id)
    expect(ids).toHaveLength(800)
    expect(new Set(ids).size).toBeLessThan(20)
    await Promise.all(clients.map(({ client }) => client.close()))
  }, 120_000)

  /** Waits until a message of that kind has come to the door. */
  async function seen(matches: (received: (typeof at.door.received)[number]) => boolean) {
    const until = Date.now() + 3_000
    for (;;) {
      const found = at.door.received.find(matches)
      if (found) return found
      if (Date.now() > until) throw new Error('it did not come to the door')
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }
})
