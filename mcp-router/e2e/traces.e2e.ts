// One trace through both processes as they are shipped, as it arrives at a collector.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { type CollectedSpan, eventually, OAuthProgram, type Stack, startStack, TraceCollector } from '@sekisho/testing'

const clientSpanId = '00f067aa0ba902b7'

let collector: TraceCollector
let stack: Stack
let token: string

beforeAll(async () => {
  collector = await TraceCollector.start()
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }
  stack = await startStack({ appEnv: env, routerEnv: env })
  const person = await stack.signedIn('Emi Mori')
  const program = await OAuthProgram.at(stack.appServer.url, stack.mcpUrl.href)
  token = (await program.authorize(person, 'product:read')).access_token
}, 60_000)

afterAll(async () => {
  await stack?.close()
  await collector?.close()
})

let traces = 0
const newTraceId = () => String(++traces).padStart(32, 'b')

interface Sent {
  headers?: Record<string, string>
  meta?: Record<string, unknown>
  name?: string
  args?: Record<string, unknown>
  bearer?: string
}

async function call({ headers = {}, meta, name = 'product.search', args = { limit: 1 }, bearer = token }: Sent) {
  const response = await fetch(stack.mcpUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-11-25',
      authorization: `Bearer ${bearer}`,
      ...headers,
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 7,
      method: 'tools/call',
      params: { name, arguments: args, ...(meta ? { _meta: meta } : {}) },
    }),
  })
  await response.text()
}

function spansOf(traceId: string, count: number): Promise<CollectedSpan[]> {
  return eventually(() => {
    const found = collector.spans.filter((span) => span.traceId === traceId)
    return found.length >= count ? found : undefined
  }, 10_000)
}

function chain(spans: CollectedSpan[]): string[] {
  const names: string[] = []
  for (let parent = clientSpanId; ; ) {
    const next = spans.find(({ parentSpanId }) => parentSpanId === parent)
    if (!next) return names
    names.push(`${next.service} ${next.kind} ${next.name}`)
    parent = next.spanId
  }
}

const wholeChain = [
  'sekisho-mcp-router server tools/call',
  'sekisho-mcp-router client POST /internal/mcp',
  'sekisho-app-server server POST /internal/mcp',
  'sekisho-app-server internal execute_tool product.search',
]

describe('a call', () => {
  test('is one trace from the client through router and app server, each span below the one before it', async () => {
    const traceId = newTraceId()
    await call({ headers: { traceparent: `00-${traceId}-${clientSpanId}-01`, tracestate: 'vendor=kept' } })
    const spans = await spansOf(traceId, 4)
    expect(spans).toHaveLength(4)
    expect(chain(spans)).toEqual(wholeChain)
    expect(spans.find(({ name }) => name === 'tools/call')?.attributes).toMatchObject({
      'mcp.method.name': 'tools/call',
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'product.search',
      'mcp.protocol.version': '2025-11-25',
      'jsonrpc.request.id': '7',
      'network.transport': 'tcp',
      'http.response.status_code': 200,
    })
    expect(spans.filter(({ isError }) => isError)).toEqual([])
  })

  test('goes by the trace its message names before the one its headers name, and links that', async () => {
    const [ofMessage, ofHeaders] = [newTraceId(), newTraceId()]
    await call({
      headers: { traceparent: `00-${ofHeaders}-1111111111111111-01` },
      meta: { traceparent: `00-${ofMessage}-${clientSpanId}-01` },
    })
    const spans = await spansOf(ofMessage, 4)
    expect(chain(spans)).toEqual(wholeChain)
    expect(spans.find(({ name }) => name === 'tools/call')?.links).toEqual([ofHeaders])
    expect(collector.spans.filter(({ traceId }) => traceId === ofHeaders)).toEqual([])
  })

  test('with a malformed context begins a trace of its own', async () => {
    const before = new Set(collector.spans.map(({ traceId }) => traceId))
    await call({ headers: { traceparent: `00-${'0'.repeat(32)}-${clientSpanId}-01` } })
    const root = await eventually(
      () =>
        collector.spans.find(
          ({ name, traceId, parentSpanId }) => name === 'tools/call' && parentSpanId === '' && !before.has(traceId),
        ),
      10_000,
    )
    expect(await spansOf(root.traceId, 4)).toHaveLength(4)
  })

  test.each([
    ['in the plain lane', {}],
    ['in the lane of the SDK', { progressToken: 1 }],
  ])('whose tool fails is an error in both processes, %s', async (_lane, meta) => {
    const traceId = newTraceId()
    await call({
      headers: { traceparent: `00-${traceId}-${clientSpanId}-01` },
      args: { limit: 'many' },
      ...(Object.keys(meta).length > 0 ? { meta } : {}),
    })
    const spans = await spansOf(traceId, 4)
    expect(spans.find(({ name }) => name === 'tools/call')).toMatchObject({
      isError: true,
      attributes: { 'error.type': 'tool_error' },
    })
    expect(spans.find(({ kind }) => kind === 'internal')).toMatchObject({
      isError: true,
      attributes: { 'error.type': 'invalid-arguments' },
    })
  })

  test('with a bad token says so, without being an error', async () => {
    const traceId = newTraceId()
    await call({ headers: { traceparent: `00-${traceId}-${clientSpanId}-01` }, bearer: 'nonsense' })
    const spans = await spansOf(traceId, 3)
    for (const span of spans) {
      expect(span).toMatchObject({ isError: false, attributes: { 'sekisho.problem': 'invalid-token' } })
    }
  })

  test('leaves no token and no argument with the collector', async () => {
    await call({ args: { query: 'planted-argument' } })
    await call({ name: 'planted tool\u0000name' })
    await new Promise((resolve) => setTimeout(resolve, 3_000))
    expect(collector.spans.length).toBeGreaterThan(20)
    for (const word of ['planted', token.slice(-20), 'Emi', 'emi.mori']) expect(collector.raw).not.toContain(word)
  })
})

describe('without a collector', () => {
  test('neither process loads the SDK', async () => {
    const forbid = `import { registerHooks } from 'node:module'
      registerHooks({ resolve(name, context, next) {
        if (/opentelemetry\\/(sdk-trace|exporter)/.test(name)) throw new Error('loaded ' + name)
        return next(name, context)
      } })`
    const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(forbid)}` }
    const plain = await startStack({ appEnv: env, routerEnv: env })
    await plain.close()
    await expect(
      startStack({ appEnv: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } }).then((started) => started.close()),
    ).rejects.toThrow('loaded @opentelemetry')
  }, 60_000)
})
