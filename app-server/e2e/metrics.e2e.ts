// The figures of the app server after things have happened, and who may see them.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { DOOR_PATH } from '@sekisho/contracts'
import { OAuthProgram } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'
import { fixturesProvider } from './fixtures-provider.js'

let app: TestApp
let token: string
let narrowToken: string

beforeAll(async () => {
  app = await startTestApp({ providers: [fixturesProvider], env: { APP_METRICS_PORT: '0' } })
  const person = await app.signedIn('Mei Sato')
  const program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
  token = (await program.authorize(person, 'fixtures:use')).access_token
  narrowToken = (await program.authorize(person, 'fixtures:other')).access_token
})

afterAll(() => app.close())

async function call(name: string, args: Record<string, unknown> = {}, bearer = token): Promise<void> {
  const response = await fetch(`${app.url}${DOOR_PATH}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
  })
  await response.arrayBuffer()
}

/** The value of a series, 0 when there is none; `labels` in any order, others may be there. */
async function figure(name: string, labels: Record<string, string> = {}): Promise<number> {
  const text = await (await fetch(app.metricsUrl ?? '')).text()
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`)
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => wanted.every((pair) => line.includes(pair)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
}

const calls = 'sekisho_tool_call_duration_seconds_count'

describe('the figures', () => {
  test('count calls by tool and outcome', async () => {
    await call('fixtures.echo', { text: 'a' })
    await call('fixtures.echo', { text: 'b' })
    await call('fixtures.echo', { text: 1 })
    await call('fixtures.break')
    expect(await figure(calls, { tool: 'fixtures.echo', outcome: 'ok' })).toBe(2)
    expect(await figure(calls, { tool: 'fixtures.echo', outcome: 'refused' })).toBe(1)
    expect(await figure(calls, { tool: 'fixtures.break', outcome: 'failed' })).toBe(1)
    expect(await figure('sekisho_tool_call_duration_seconds_sum', { tool: 'fixtures.echo' })).toBeGreaterThan(0)
  })

  test('do not grow by names that callers make up', async () => {
    for (const name of ['made.up', 'made.up_too', '"} evil']) await call(name)
    for (const path of ['/made/up', '/made/up/too', '/oauth/authorize/x']) await fetch(`${app.url}${path}`)
    await fetch(`${app.url}/`, { method: 'PROPFIND' })
    const text = await (await fetch(app.metricsUrl ?? '')).text()
    expect(text).not.toMatch(/made|evil|PROPFIND/)
    expect(await figure(calls, { tool: 'unknown' })).toBe(3)
    expect(await figure('sekisho_http_request_duration_seconds_count', { method: 'other' })).toBe(1)
  })

  test('tell nothing of who called', async () => {
    const text = await (await fetch(app.metricsUrl ?? '')).text()
    const people = await app.sql<{ id: string }>('SELECT id FROM users')
    expect(people).toHaveLength(1)
    for (const { id } of people) expect(text).not.toContain(id)
    expect(text).not.toMatch(/mei/i)
  })

  test('count each refusal once, by its reason', async () => {
    const reasons = ['invalid-arguments', 'insufficient-scope', 'token-malformed', 'token-not-ours', 'unknown-tool']
    const before = await Promise.all(reasons.map((reason) => figure('sekisho_refusals_total', { reason })))
    await call('fixtures.echo', { text: 1 })
    await call('fixtures.echo', { text: 'a' }, narrowToken)
    await call('fixtures.echo', { text: 'a' }, '%')
    await call('fixtures.echo', { text: 'a' }, `${token.slice(0, -8)}AAAAAAAA`)
    await call('fixtures.nothing')
    const after = await Promise.all(reasons.map((reason) => figure('sekisho_refusals_total', { reason })))
    expect(after.map((count, at) => count - (before[at] ?? 0))).toEqual(reasons.map(() => 1))
  })

  test('time requests by the template of their route', async () => {
    await fetch(`${app.url}/healthz`)
    await fetch(`${app.url}/.well-known/oauth-authorization-server`)
    for (const route of ['/healthz', DOOR_PATH, '/oauth/token', '/.well-known/oauth-authorization-server']) {
      expect(await figure('sekisho_http_request_duration_seconds_count', { route })).toBeGreaterThan(0)
    }
  })

  test('tell of the database pool, the requests under way and the process', async () => {
    expect(await figure('sekisho_database_pool', { figure: 'max' })).toBe(10)
    expect(await figure('sekisho_database_pool', { figure: 'size' })).toBeGreaterThan(0)
    const waiting = call('fixtures.wait', { ms: 600, label: 'figures' })
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(await figure('sekisho_http_requests_in_flight')).toBe(1)
    await waiting
    expect(await figure('sekisho_http_requests_in_flight')).toBe(0)
    expect(await (await fetch(app.metricsUrl ?? '')).text()).toMatch(/^nodejs_eventloop_lag_p99_seconds /m)
    expect(await figure('process_cpu_seconds_total')).toBeGreaterThan(0)
  })

  test('count the audit entries that could not be written', async () => {
    expect(await figure('sekisho_audit_write_failures_total')).toBe(0)
    await app.sql('ALTER TABLE audit_entries RENAME TO audit_entries_away')
    await call('fixtures.echo', { text: 'a' })
    await app.sql('ALTER TABLE audit_entries_away RENAME TO audit_entries')
    expect(await figure('sekisho_audit_write_failures_total')).toBe(1)
  })

  test('are not where the public comes in', async () => {
    expect((await fetch(`${app.url}/metrics`)).status).toBe(404)
  })
})
