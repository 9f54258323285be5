// What the tests of questions in the middle of a call share: two ways in that ask, and a client whose person is asked.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { freePort } from '@sekisho/testing'
import { pino } from 'pino'
import { startRouter } from '../src/router.js'
import { loadSettings } from '../src/settings.js'
import type { Endpoint } from './router-at-test.js'

interface AppBench {
  readonly app: { readonly url: string; replica(): Promise<{ readonly url: string; close(): Promise<void> }> }
  close(): Promise<void>
}

export interface AskingLanes<Bench> {
  readonly bench: Bench
  /** A router with its plain lane. */
  readonly at: Endpoint
  /** One without, before a second replica of the app server. */
  readonly other: Endpoint
  close(): Promise<void>
}

/** @param open opens the app server with these settings */
export async function startAskingLanes<Bench extends AppBench>(
  open: (env: Record<string, string>) => Promise<Bench>,
): Promise<AskingLanes<Bench>> {
  const port = await freePort()
  const mcpUrl = `http://localhost:${port}/mcp`
  const bench = await open({ MCP_URL: mcpUrl })
  const replica = await bench.app.replica()
  const start = (routerPort: number, appServer: string, plainLane: boolean) =>
    startRouter(
      loadSettings({ NODE_ENV: 'test', ROUTER_PORT: String(routerPort), MCP_URL: mcpUrl, APP_SERVER_URL: appServer }),
      pino({ level: 'silent' }),
      { plainLane },
    )
  const router = await start(port, bench.app.url, true)
  const otherRouter = await start(0, replica.url, false)
  return {
    bench,
    at: { base: `http://localhost:${port}` },
    other: { base: `http://localhost:${otherRouter.port}` },
    async close() {
      await router.close()
      await otherRouter.close()
      await replica.close()
      await bench.close()
    },
  }
}

/** Sent along with a call, it says that the client opens links. */
export const opensLinks = {
  _meta: { 'io.modelcontextprotocol/clientCapabilities': { elicitation: { form: {}, url: {} } } },
}

export interface Question {
  mode?: string
  message: string
  url?: string
}

export type Reply = { action: 'accept' | 'decline' | 'cancel' }

/** An SDK v2 client of 2026-07-28 whose person answers questions so. */
export async function askable(
  { bearer }: { readonly bearer: string },
  answer: (question: Question) => Promise<Reply> | Reply,
  { base }: Endpoint,
): Promise<Client> {
  const client = new Client(
    { name: 'askable', version: '1' },
    { versionNegotiation: { mode: { pin: '2026-07-28' } }, capabilities: { elicitation: { url: {} } } },
  )
  client.setRequestHandler('elicitation/create', async ({ params }) => answer(params as Question))
  const headers = { Authorization: `Bearer ${bearer}` }
  await client.connect(new StreamableHTTPClientTransport(new URL(`${base}/mcp`), { requestInit: { headers } }))
  return client
}
