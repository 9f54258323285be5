// An app server that is only a door: it speaks the door contract over HTTP and misbehaves on demand.
import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DOOR_PATH, doorHeaders, Problem, RESOURCE_METADATA_PATH } from '@sekisho/contracts'

/** One message that came through the door. */
export interface Received {
  headers: IncomingHttpHeaders
  message: {
    id?: string | number
    method: string
    params?: { name?: string; arguments?: Record<string, unknown>; _meta?: Record<string, unknown> }
  }
  bearer: string
  era: string
  /** Settled when the router has closed the connection before the answer was out. */
  hungUp: Promise<void>
}

type Behaviour = (received: Received, response: ServerResponse) => void | Promise<void>

export const goodBearer = 'good.bearer'

export const challenges = {
  invalid: `Bearer resource_metadata="http://localhost/.well-known/oauth-protected-resource/mcp", error="invalid_token", error_description="no longer good", scope="a:read b:write"`,
  scope: `Bearer error="insufficient_scope", scope="a:read b:write", resource_metadata="http://localhost/.well-known/oauth-protected-resource/mcp"`,
} as const

export class FakeDoor {
  readonly received: Received[] = []
  /** What a tools/call of that name does. Anything else is echoed. */
  readonly tools = new Map<string, Behaviour>()
  /** Asked before everything else; true when it has answered. */
  intercept: ((received: Received, response: ServerResponse) => boolean) | undefined
  metadata: { status: number; body: unknown } = { status: 200, body: {} }
  metadataRequests = 0
  ready = true
  isGood: (bearer: string) => boolean = (bearer) => bearer.startsWith('good')
  private server: Server | undefined
  private port = 0

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Calls that were let in to work: everything but the router's own question whether a bearer is good. */
  get calls(): Received[] {
    return this.received.filter(({ message }) => message.method !== 'ping')
  }

  /** Starts it, on the same port as before if it ran already. */
  async start(): Promise<void> {
    const server = createServer(async (request, response) => {
      const answer = (status: number, body: unknown) => response.writeHead(status, json).end(JSON.stringify(body))
      if (request.url === '/readyz') return answer(this.ready ? 200 : 503, {})
      if (request.url === RESOURCE_METADATA_PATH) {
        this.metadataRequests++
        return answer(this.metadata.status, this.metadata.body)
      }
      if (request.url !== DOOR_PATH || request.method !== 'POST') return answer(404, {})
      const chunks: Buffer[] = []
      for await (const chunk of request) chunks.push(chunk)
      const received: Received = {
        headers: request.headers,
        message: JSON.parse(Buffer.concat(chunks).toString()),
        bearer: request.headers.authorization?.replace('Bearer ', '') ?? '',
        era: String(request.headers[doorHeaders.era]),
        hungUp: new Promise((resolve) => {
          response.once('close', () => {
            if (!response.writableFinished) resolve()
          })
        }),
      }
      this.received.push(received)
      if (this.intercept?.(received, response)) return
      if (!this.isGood(received.bearer)) {
        return refuse(response, new Problem('invalid-token', 'Sign in again.'), challenges.invalid)
      }
      await this.answer(received, response)
    })
    server.keepAliveTimeout = 60_000
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(this.port, '127.0.0.1', resolve)
    })
    this.server = server
    this.port = (server.address() as AddressInfo).port
  }

  async stop(): Promise<void> {
    const { server } = this
    if (!server) return
    this.server = undefined
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }

  private async answer(received: Received, response: ServerResponse): Promise<void> {
    const { message, era } = received
    if (message.id === undefined) {
      response.writeHead(202).end()
      return
    }
    if (message.method === 'ping') return succeed(received, response, {})
    if (message.method === 'tools/list') {
      const list = { tools: [echoTool], futureMember: { kept: true } }
      const modern = { resultType: 'complete', ttlMs: 12_345, cacheScope: 'private' }
      return succeed(received, response, era === 'modern' ? { ...modern, ...list } : list)
    }
    const behaviour = this.tools.get(message.params?.name ?? '')
    if (behaviour) return behaviour(received, response)
    succeed(received, response, echoOf(received))
  }
}

const json = { 'content-type': 'application/json' }

/** A tool with members that no SDK of today knows. */
export const echoTool = {
  name: 'echo',
  title: 'Echo',
  description: 'Says what it was told',
  inputSchema: { type: 'object', properties: { said: { type: 'string', 'x-ours': 1 } }, additionalProperties: true },
  outputSchema: { type: 'object', additionalProperties: true },
  annotations: { readOnlyHint: true, futureHint: 'x' },
  futureToolMember: [1, 2, 3],
}

/** Tells what the door saw, with members that no SDK of today knows. */
export function echoOf({ message, bearer }: Received) {
  return {
    content: [{ type: 'text', text: 'echo', futureContentMember: true }],
    structuredContent: { said: message.params?.arguments?.said ?? null, bearer, nested: { deep: [null, 1.5, 'x'] } },
    futureResultMember: 'kept',
  }
}

export function succeed({ message }: Received, response: ServerResponse, result: object): void {
  response.writeHead(200, json).end(JSON.stringify({ jsonrpc: '2.0', id: message.id, result }))
}

export function refuse(response: ServerResponse, problem: Problem, challenge?: string): void {
  response.writeHead(problem.status, {
    'content-type': 'application/problem+json',
    ...problem.headers,
    ...(challenge === undefined ? {} : { 'www-authenticate': challenge }),
  })
  response.end(JSON.stringify(problem))
}

/** Writes messages as events, `gapMs` apart. */
export async function stream(response: ServerResponse, messages: readonly object[], gapMs = 0): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  for (const message of messages) {
    response.write(`data: ${JSON.stringify(message)}\n\n`)
    if (gapMs > 0) await new Promise((resolve) => setTimeout(resolve, gapMs))
  }
}

export function progressOf({ message }: Received, progress: number) {
  const progressToken = message.params?._meta?.progressToken
  return {
    jsonrpc: '2.0',
    method: 'notifications/progress',
    params: { progressToken, progress, total: 3, message: `step ${progress}` },
  }
}
