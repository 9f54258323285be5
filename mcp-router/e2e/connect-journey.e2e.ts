// From a call without an account to its answer: a real client is given the link, and a person goes the whole way behind it.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { freePort, OAuthProgram } from '@sekisho/testing'
import { pino } from 'pino'
import { type ConnectBench, openConnectBench } from '../../app-server/e2e/connect-bench.js'
import { akisAccount } from '../../app-server/e2e/connected-provider.js'
import { type RunningRouter, startRouter } from '../src/router.js'
import { loadSettings } from '../src/settings.js'

let bench: ConnectBench
let router: RunningRouter
let mcpUrl: string

beforeAll(async () => {
  const port = await freePort()
  mcpUrl = `http://localhost:${port}/mcp`
  bench = await openConnectBench({ MCP_URL: mcpUrl })
  router = await startRouter(
    loadSettings({ NODE_ENV: 'test', ROUTER_PORT: String(port), MCP_URL: mcpUrl, APP_SERVER_URL: bench.app.url }),
    pino({ level: 'silent' }),
  )
})

afterAll(async () => {
  await router?.close()
  await bench?.close()
})

test('a person agrees to open the link, connects behind it, and the call they had begun is answered', async () => {
  const aki = await bench.traveller('Aki Tanaka')
  const program = await OAuthProgram.at(bench.app.url, mcpUrl)
  const { access_token } = await program.authorize(aki.browser, 'box:read')
  const client = new Client(
    { name: 'journey', version: '1' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } }, capabilities: { elicitation: { url: {} } } },
  )
  const messages: string[] = []
  let connecting: Promise<unknown> = Promise.resolve()
  client.setRequestHandler('elicitation/create', async ({ params }) => {
    const { mode, url, message } = params as { mode?: string; url: string; message: string }
    messages.push(`${mode}: ${message}`)
    // As clients do: the browser opens, and the client does not wait for what happens in it.
    const { pathname, search, origin } = new URL(url)
    expect(origin).toBe(bench.app.url)
    connecting = aki.connect({ account: akisAccount }, pathname + search)
    return { action: 'accept' }
  })
  const requestInit = { headers: { Authorization: `Bearer ${access_token}` } }
  await client.connect(new StreamableHTTPClientTransport(new URL(mcpUrl), { requestInit }))
  const answer = await client.callTool({ name: 'box.who', arguments: {} })
  await connecting
  await client.close()

  expect(messages).toEqual([expect.stringMatching(/^url: Connect your Boxes account on the page that opens/)])
  expect(answer.isError ?? false).toBe(false)
  expect(await aki.connections()).toMatchObject([{ provider: 'box', account: akisAccount.id, status: 'connected' }])
})
