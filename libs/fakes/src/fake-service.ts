// The ground of every fake: an HTTP service on loopback that remembers what it was asked and misbehaves when told to.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { pageStyle } from './page-style.js'

/** What a request gets instead of its answer. */
export type Misbehaviour =
  /** This answer, and nothing is done. */
  | { kind: 'answer'; status: number; body?: unknown; headers?: Record<string, string> }
  /** The right answer, late. */
  | { kind: 'slow'; delayMs: number }
  /** No answer, ever. */
  | { kind: 'hang' }
  /** The connection is cut before anything is done. */
  | { kind: 'drop' }
  /** It is done, and the connection is cut before the answer. */
  | { kind: 'cut' }

export interface MisbehaviourOptions {
  method?: string
  /** How many requests it is for; all until `behave` unless told. */
  times?: number
}

/** A request as the service saw it. */
export interface SeenRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

export interface FakeRequest extends SeenRequest {
  /** The parts of the path that the route names, decoded. */
  readonly params: Readonly<Record<string, string>>
  readonly form: URLSearchParams
  /** The body as JSON; undefined when it is none. */
  readonly json: unknown
}

export interface FakeAnswer {
  status?: number
  /** Text and bytes are sent as they are; undefined as nothing; an async generator as its texts come; anything else as JSON. */
  body?: unknown
  headers?: Record<string, string>
}

export type FakeHandler = (request: FakeRequest) => FakeAnswer | Promise<FakeAnswer>

interface Rule extends MisbehaviourOptions {
  path: string | RegExp
  how: Misbehaviour
}

interface Route {
  method: string
  pattern: RegExp
  handler: FakeHandler
}

/** Requests that are remembered; the oldest go first. */
const maxSeen = 20_000

export class FakeService {
  /** Every request so far. */
  readonly seen: SeenRequest[] = []
  private readonly routes: Route[] = []
  private rules: Rule[] = []
  private readonly server = createServer((request, response) => {
    this.serve(request, response).catch((error: unknown) => {
      response.writeHead(500, { 'content-type': 'text/plain' }).end(`the fake has a fault: ${String(error)}`)
    })
  })

  /** @param port any free one unless told */
  async listen(port = 0): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.server.once('error', reject)
      this.server.listen(port, '127.0.0.1', resolve)
    })
    return this
  }

  /** As in OUTBOUND_ALLOWED_HOSTS. */
  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  get url(): string {
    return `http://${this.host}`
  }

  async close(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise<void>((resolve) => this.server.close(() => resolve()))
  }

  /** @param path a whole path, or what it must match */
  misbehave(path: string | RegExp, how: Misbehaviour, options: MisbehaviourOptions = {}): void {
    this.rules.push({ path, how, ...options })
  }

  /** Ends every misbehaviour and forgets what was seen. */
  behave(): void {
    this.rules = []
    this.seen.length = 0
  }

  /**
   * Adds a route; the first that fits is taken.
   * @param path with `{name}` for one part of it and `{name+}` for the rest, e.g. `/repos/{owner}/{repo}/contents/{path+}`
   */
  protected route(method: string, path: string, handler: FakeHandler): void {
    const pattern = path
      .replaceAll(/[.*+?^$()|[\]\\]/g, (sign, at: number) => (sign === '+' && path[at + 1] === '}' ? '+' : `\\${sign}`))
      .replaceAll(/\{(\w+)\+\}/g, '(?<$1>.+)')
      .replaceAll(/\{(\w+)\}/g, '(?<$1>[^/]+)')
    this.routes.push({ method, pattern: new RegExp(`^${pattern}$`), handler })
  }

  /** What a request gets that no route fits. */
  protected unknownRoute(_request: FakeRequest): FakeAnswer {
    return { status: 404, body: { error: 'not_found' } }
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url)
    const text = await textOf(request)
    const method = request.method ?? 'GET'
    const seen = { method, path: url.pathname, query: url.searchParams, headers: request.headers, text }
    this.seen.push(seen)
    if (this.seen.length > maxSeen) this.seen.splice(0, maxSeen / 2)
    const how = this.takeRule(method, url.pathname)
    if (how?.kind === 'hang') return
    if (how?.kind === 'drop') {
      request.socket.destroy()
      return
    }
    if (how?.kind === 'answer') return await send(response, how)
    if (how?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, how.delayMs))
    const answer = await this.answer(seen)
    if (how?.kind === 'cut') {
      request.socket.destroy()
      return
    }
    await send(response, answer)
  }

  private async answer(seen: SeenRequest): Promise<FakeAnswer> {
    const asked = { ...seen, params: {}, form: new URLSearchParams(seen.text), json: jsonOf(seen.text) }
    for (const { method, pattern, handler } of this.routes) {
      const found = method === seen.method ? pattern.exec(seen.path) : null
      if (!found) continue
      const params = Object.entries(found.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)])
      return handler({ ...asked, params: Object.fromEntries(params) })
    }
    // Links in what it answers lead here, and somebody may follow them.
    const isPerson = seen.method === 'GET' && seen.headers.accept?.includes('text/html')
    return isPerson ? page(nothingToSee, 404) : this.unknownRoute(asked)
  }

  private takeRule(method: string, path: string): Misbehaviour | undefined {
    const rule = this.rules.find(
      (one) =>
        (one.method === undefined || one.method === method) &&
        (typeof one.path === 'string' ? one.path === path : one.path.test(path)) &&
        (one.times ?? 1) > 0,
    )
    if (rule?.times !== undefined) rule.times--
    return rule?.how
  }
}

const nothingToSee = `<h1>There is nothing to see here</h1>
<p>Only what programs ask for is pretended, and the pages that ask you whether they may.</p>`

/**
 * An HTML page of a fake, which says that it is one.
 * @param body begins with its h1
 * @param service whose place it takes, as people know it
 */
export function page(body: string, status = 200, service = 'service'): FakeAnswer {
  const name = `pretended ${escaped(service)}`
  const html = `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="icon" href="data:,">
<title>${name}</title><style>${pageStyle}</style>
<main><p class="note">This is a <strong>${name}</strong>. Its people and all they have are made up, and nothing leaves this
machine.</p><div class="sheet">${body}</div></main></html>`
  return { status, body: html, headers: { 'content-type': 'text/html; charset=utf-8' } }
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

async function send(response: ServerResponse, { status = 200, body, headers = {} }: FakeAnswer): Promise<void> {
  if (body === undefined) {
    response.writeHead(status, headers).end()
    return
  }
  if (Buffer.isBuffer(body)) {
    response.writeHead(status, { 'content-type': 'application/octet-stream', ...headers }).end(body)
    return
  }
  if (isStream(body)) return await stream(response, status, body, headers)
  const isText = typeof body === 'string'
  const type = isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8'
  response.writeHead(status, { 'content-type': type, ...headers }).end(isText ? body : JSON.stringify(body))
}

function isStream(body: unknown): body is AsyncGenerator<string> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body
}

/** Thrown by a streamed body: the connection is cut there. */
export class CutHere extends Error {}

/** Whoever goes away in the middle ends the generator. */
async function stream(
  response: ServerResponse,
  status: number,
  body: AsyncGenerator<string>,
  headers: Record<string, string>,
): Promise<void> {
  response.writeHead(status, { 'content-type': 'text/event-stream', ...headers })
  response.flushHeaders()
  try {
    for await (const piece of body) {
      if (response.destroyed) return
      if (!response.write(piece)) await new Promise((resolve) => response.once('drain', resolve).once('close', resolve))
    }
    response.end()
  } catch (error) {
    if (!(error instanceof CutHere)) throw error
    // After what was written: whoever reads must have had the chance to.
    response.socket?.destroySoon()
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
