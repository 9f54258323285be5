// Texts crafted to make a pattern or a query take for ever: each is answered in bounded time, and others wait no longer.
import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { DOOR_PATH } from '@sekisho/contracts'
import { OAuthProgram, type Stack, startStack } from '@sekisho/testing'

/** What catastrophic patterns exceed by far, and a busy machine does not. */
const boundMs = 2_000

/** A process of its own: one that is caught in a pattern must not catch the test as well. */
let stack: Stack
let url: string
let token: string
let cookie: string

beforeAll(async () => {
  stack = await startStack({ appEnv: { TRUSTED_PROXIES: '1' } })
  url = stack.appServer.url
  const person = await stack.signedIn('Aki')
  cookie = `sekisho_session=${person.cookie('sekisho_session')}`
  const program = await OAuthProgram.at(url, stack.mcpUrl.href)
  token = (await program.authorize(person, 'product:read booking:read booking:create order:read form:read'))
    .access_token
})

afterAll(() => stack?.close())

const n = 20_000
const crafted: Record<string, string> = {
  'one letter': `${'a'.repeat(n)}!`,
  'letters and dots': `${'a.'.repeat(n / 2)}!`,
  dashes: `${'-'.repeat(n)}_!`,
  slashes: `/${'/'.repeat(n)}\\`,
  'percent signs': `${'%'.repeat(n / 4)}${'_'.repeat(n / 4)}\\`,
  'nested brackets': `${'('.repeat(n)}a+)+$`,
  spaces: ` ${'\t '.repeat(n / 2)}x`,
  digits: `${'1'.repeat(n)}x`,
  'base64 of nested lists': Buffer.from('['.repeat(n)).toString('base64url'),
  'base64 of a huge number': Buffer.from(`[${'9'.repeat(n)}]`).toString('base64url'),
  addresses: `${'a@'.repeat(n / 2)}a`,
  'host names': `http://${'a-'.repeat(n / 2)}.${'b.'.repeat(100)}/`,
  'combining marks': `a${'\u0301'.repeat(n / 2)}`,
}
const names = Object.keys(crafted)

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

/** Sends by node:http what fetch would refuse to send; gives the status, 0 when the connection was cut. */
function raw(method: string, path: string, headers: Record<string, string> = {}, body = ''): Promise<number> {
  const { port } = new URL(url)
  return new Promise((resolve) => {
    const sent = httpRequest({
      host: '127.0.0.1',
      port,
      method,
      path,
      headers: { host: `localhost:${port}`, ...headers },
    })
    sent.on('response', (response) => response.resume().on('end', () => resolve(response.statusCode ?? 0)))
    sent.setTimeout(5 * boundMs, () => sent.destroy())
    sent.on('error', () => resolve(0)).end(body)
  })
}

/** Cuts so that limits of length do not hide a pattern behind them. */
const lengths = [60, 240, 500, 4_000, n]
const printable = (text: string) => encodeURIComponent(text).replaceAll(/%(?![0-9A-F]{2})/g, '%25')

describe('bounded in time is the answer to', () => {
  test.each(names)(
    'tool calls with crafted cursors, queries, names, times and keys: %s',
    async (name) => {
      const text = crafted[name] as string
      const call = (tool: string, args: Record<string, unknown>) =>
        fetch(`${url}${DOOR_PATH}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
          body: JSON.stringify({
            jsonrpc: '2.0',
            id: 1,
            method: 'tools/call',
            params: { name: tool, arguments: args },
          }),
        }).then((response) => response.text())
      for (const length of lengths) {
        const part = text.slice(-length)
        const calls: [string, Record<string, unknown>][] = [
          ['product.search', { query: part }],
          ['product.search', { cursor: part }],
          ['order.list', { cursor: part }],
          ['booking.list', { cursor: part }],
          ['booking.find_slots', { service_id: part, from: part, time_zone: part }],
          [
            'booking.create',
            { service_id: '00000000-0000-7000-8000-000000000000', start: part, idempotency_key: part },
          ],
          ['form.get', { form_id: part }],
          [part, {}],
          [`product.${part}`, { [part]: part }],
        ]
        for (const [tool, args] of calls) {
          expect([tool.slice(0, 30), length, (await timed(() => call(tool, args))) < boundMs]).toEqual([
            tool.slice(0, 30),
            length,
            true,
          ])
        }
      }
    },
    60_000,
  )

  test.each(names)(
    'crafted addresses, headers and forms: %s',
    async (name) => {
      const text = crafted[name] as string
      const json = { 'content-type': 'application/json' }
      const form = { 'content-type': 'application/x-www-form-urlencoded' }
      for (const length of [60, 500, 4_000]) {
        const part = text.slice(-length)
        const shown = printable(part)
        const header = part.replaceAll(/[^\x21-\x7e ]/g, 'x').trim()
        const requests: [string, string, Record<string, string>?, string?][] = [
          ['GET', `/auth/login?returnTo=${shown}`],
          ['GET', `/auth/login?returnTo=/${shown}`],
          ['GET', `/${shown}`],
          ['GET', `/assets/${shown}`],
          ['GET', `/interaction/${shown}`, { cookie }],
          ['GET', `/admin/people?q=${shown}&cursor=${shown}&status=${shown}`, { cookie }],
          ['GET', `/admin/clients?q=${shown}&cursor=${shown}`, { cookie }],
          [
            'GET',
            `/admin/audit?person=${shown}&client=${shown}&tool=${shown}&from=${shown}&cursor=${shown}`,
            { cookie },
          ],
          ['GET', `/oauth/authorize?client_id=${shown}&redirect_uri=${shown}&scope=${shown}&resource=${shown}`],
          ['GET', `/oauth/authorize?client_id=https://${shown}/client.json`],
          [
            'POST',
            '/oauth/register',
            json,
            JSON.stringify({ client_name: part, redirect_uris: [part, `http://${part}`] }),
          ],
          ['POST', '/oauth/token', form, `grant_type=${shown}&code=${shown}&client_id=${shown}&scope=${shown}`],
          ['POST', DOOR_PATH, { ...json, authorization: `Bearer ${header}` }, '{}'],
          ['POST', DOOR_PATH, { ...json, authorization: header }, '{}'],
          ['GET', '/', { cookie: header }],
          ['GET', '/', { cookie: `${header}=${header};`.repeat(2) }],
          ['GET', '/', { accept: header, 'user-agent': header, 'x-forwarded-for': header }],
          ['POST', '/auth/logout', { origin: header, 'content-type': header }, part],
          ['GET', '/', { host: header }],
          ['GET', '/healthz', { 'x-request-id': header, traceparent: header }],
        ]
        for (const [method, path, headers, body] of requests) {
          const what = `${method} ${path.slice(0, 40)} ${Object.keys(headers ?? {})}`
          expect([what, (await timed(() => raw(method, path, headers, body))) < boundMs]).toEqual([what, true])
        }
      }
    },
    60_000,
  )
})
