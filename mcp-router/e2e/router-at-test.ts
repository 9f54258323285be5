// A router in this process before a fake door, and raw messages to send to it.
import { randomUUID } from 'node:crypto'
import { pino } from 'pino'
import { type RouterOptions, type RunningRouter, startRouter } from '../src/router.js'
import { loadSettings } from '../src/settings.js'
import { FakeDoor, goodBearer } from './fake-door.js'

export interface RouterAtTest {
  door: FakeDoor
  router: RunningRouter
  /** Where it really listens; its public URL may be another. */
  base: string
  close(): Promise<void>
}

/** Where messages are sent: the origin of a router. */
export type Endpoint = Pick<RouterAtTest, 'base'>

export async function startRouterAtTest(
  env: Record<string, string> = {},
  options: RouterOptions = {},
): Promise<RouterAtTest> {
  const door = new FakeDoor()
  await door.start()
  const router = await startRouter(
    loadSettings({ NODE_ENV: 'test', ROUTER_PORT: '0', APP_SERVER_URL: door.url, ...env }),
    pino({ level: 'silent' }),
    options,
  )
  door.metadata.body = {
    resource: router.url,
    authorization_servers: ['http://localhost:3000'],
    scopes_supported: ['a:read', 'b:write'],
    future_member: true,
  }
  return {
    door,
    router,
    base: `http://127.0.0.1:${router.port}`,
    async close() {
      await router.close()
      await door.stop()
    },
  }
}

export interface Answer {
  status: number
  headers: Headers
  text: string
  /** The JSON body, when it is one. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers whose shape is what they test
  body: any
}

export interface PostOptions {
  headers?: Record<string, string | undefined>
  bearer?: string | undefined
  signal?: AbortSignal
}

/** Sends a body as it is, with the headers every client sends. A header given as undefined is left out. */
export async function post({ base }: Endpoint, body: string | Uint8Array, options: PostOptions = {}): Promise<Answer> {
  const { bearer = goodBearer, signal } = options
  const headers = {
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
    ...('bearer' in options && options.bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    ...options.headers,
  }
  const present = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined)
  const response = await fetch(`${base}/mcp`, {
    method: 'POST',
    headers: Object.fromEntries(present),
    body: body as NonNullable<RequestInit['body']>,
    ...(signal ? { signal } : {}),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: parsed(text) }
}

type Params = Record<string, unknown>

/** A 2026-07-28 request with the envelope and headers of the revision. */
export function modern(method: string, params: Params = {}, id: string | number = 1) {
  const message = {
    jsonrpc: '2.0',
    id,
    method,
    params: {
      ...params,
      _meta: {
        'io.modelcontextprotocol/protocolVersion': '2026-07-28',
        'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
        'io.modelcontextprotocol/clientCapabilities': {},
        ...(params._meta as Params | undefined),
      },
    },
  }
  const headers: Record<string, string | undefined> = {
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    ...(typeof params.name === 'string' ? { 'mcp-name': params.name } : {}),
  }
  return { message, headers }
}

export function postModern(at: Endpoint, method: string, params: Params = {}, options: PostOptions = {}) {
  const { message, headers } = modern(method, params)
  return post(at, JSON.stringify(message), { ...options, headers: { ...headers, ...options.headers } })
}

export function postLegacy(
  at: Endpoint,
  method: string,
  params: Params = {},
  { version = '2025-11-25', id = 1, ...options }: PostOptions & { version?: string; id?: string | number } = {},
) {
  const message = { jsonrpc: '2.0', id, method, params }
  return post(at, JSON.stringify(message), {
    ...options,
    headers: { 'mcp-protocol-version': version, ...options.headers },
  })
}

export function initializeParams(protocolVersion = '2025-11-25') {
  return { protocolVersion, capabilities: {}, clientInfo: { name: 'test', version: '1' } }
}

/** The messages of an event stream. */
// biome-ignore lint/suspicious/noExplicitAny: tests look into answers whose shape is what they test
export function eventsOf({ text }: Answer): any[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('data:'))
    .map((line) => JSON.parse(line.slice(5)))
}

/** A bearer of somebody, different each time and accepted. */
export function someBearer(): string {
  return `good.${randomUUID()}`
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
