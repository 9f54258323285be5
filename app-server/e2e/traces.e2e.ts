// The spans of the app server as they arrive at a collector.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { DOOR_PATH } from '@sekisho/contracts'
import { type CollectedSpan, eventually, OAuthProgram, TraceCollector } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'
import { fixturesProvider } from './fixtures-provider.js'

let collector: TraceCollector
let app: TestApp
let token: string

beforeAll(async () => {
  collector = await TraceCollector.start()
  app = await startTestApp({
    providers: [fixturesProvider],
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url },
  })
  const person = await app.signedIn('Rin Abe')
  const program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
  token = (await program.authorize(person, 'fixtures:use')).access_token
})

afterAll(async () => {
  await app.close()
  await collector.close()
})

let traces = 0

/** Calls a tool as part of a new trace, and gives the spans that arrive for it. */
async function traced(
  name: string,
  args: Record<string, unknown>,
  { by = 'header', flags = '01' }: { by?: 'header' | 'message'; flags?: string } = {},
): Promise<{ traceparent: string; spans: CollectedSpan[] }> {
  const traceId = String(++traces).padStart(32, 'a')
  const traceparent = `00-${traceId}-00f067aa0ba902b7-${flags}`
  await fetch(`${app.url}${DOOR_PATH}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      ...(by === 'header' ? { traceparent } : {}),
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name, arguments: args, ...(by === 'message' ? { _meta: { traceparent } } : {}) },
    }),
  })
  const spans = await eventually(() => {
    const found = collector.spans.filter((span) => span.traceId === traceId)
    return found.length >= 2 || flags === '00' ? found : undefined
  }, 10_000)
  return { traceparent, spans }
}

describe('a call', () => {
  test.each(['header', 'message'] as const)('continues the trace that its %s names', async (by) => {
    const { spans } = await traced('fixtures.echo', { text: 'a' }, { by })
    const request = spans.find(({ kind }) => kind === 'server')
    const tool = spans.find(({ kind }) => kind === 'internal')
    expect(request).toMatchObject({
      service: 'sekisho-app-server',
      name: `POST ${DOOR_PATH}`,
      parentSpanId: '00f067aa0ba902b7',
      isError: false,
      attributes: { 'http.request.method': 'POST', 'http.route': DOOR_PATH, 'http.response.status_code': 200 },
    })
    expect(tool).toMatchObject({
      name: 'execute_tool fixtures.echo',
      parentSpanId: request?.spanId,
      isError: false,
      attributes: { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': 'fixtures.echo' },
    })
  })

  test('that fails says why, by the problem it was answered with', async () => {
    const { spans } = await traced('fixtures.refuse', {})
    expect(spans.find(({ kind }) => kind === 'internal')).toMatchObject({
      isError: true,
      attributes: { 'error.type': 'conflict' },
    })
  })

  test('of a trace that is not sampled leaves no span', async () => {
    await traced('fixtures.echo', { text: 'unsampled' }, { flags: '00' })
    const { spans } = await traced('fixtures.echo', { text: 'sampled' })
    expect(spans).toHaveLength(2)
    expect(collector.spans.filter(({ traceId }) => traceId === String(traces - 1).padStart(32, 'a'))).toEqual([])
  })

  test('to a tool that does not exist names none', async () => {
    const { spans } = await traced('fixtures.made_up_name', {})
    expect(spans.map(({ name }) => name).join()).toContain('execute_tool unknown')
    expect(collector.raw).not.toContain('made_up_name')
  })

  test('leaves no token, argument, output or name of a person with the collector', async () => {
    await traced('fixtures.echo', { text: 'planted-argument', secret_token: 'planted-secret' })
    await traced('fixtures.who', {})
    expect(collector.spans.length).toBeGreaterThan(10)
    for (const word of ['planted', 'Rin', 'rin.abe', token.slice(-20), 'code=', 'state=']) {
      expect(collector.raw).not.toContain(word)
    }
  })
})

describe('a page', () => {
  test('is a trace of its own, named by its route and not by its address', async () => {
    await fetch(`${app.url}/auth/login?returnTo=/secret-place`)
    const span = await eventually(() => collector.spans.find(({ name }) => name === 'GET /auth/login'), 10_000)
    expect(span).toMatchObject({ kind: 'server', parentSpanId: '' })
    expect(collector.raw).not.toContain('secret-place')
  })
})
