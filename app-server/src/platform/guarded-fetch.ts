// The only way out to the network: public http(s) addresses, bounded in time and size, checked where the socket connects.
import { lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { isIP, type Socket } from 'node:net'
import type { OnApplicationShutdown } from '@nestjs/common'
import type { Span } from '@sekisho/telemetry'
import { Agent, buildConnector, type RequestInit, fetch as undiciFetch } from 'undici'
import { OutboundFailure, toFailure } from './outbound-failure.js'
import { isPublicAddress } from './public-address.js'
import { currentSpan } from './spans.js'
import { Silence, watchedBody } from './streamed-body.js'

export { OutboundFailure, type OutboundReason } from './outbound-failure.js'

/** Milliseconds a whole exchange may take, redirects and body included, unless the caller says otherwise. */
const defaultTimeoutMs = 10_000
const defaultResponseBytes = 1024 * 1024
const maxRedirects = 5
export const maxOutbound = 512
/** Answers that are read as they come. They last for minutes, so they take nobody else's places, and wait for no connection. */
export const maxStreams = 512
/** Connections to one origin. What waits for one takes up time, and nobody else's place. */
const maxConnections = 128
const connectTimeoutMs = 5_000

export interface OutboundRequest {
  method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  headers?: Readonly<Record<string, string>>
  body?: string
  signal?: AbortSignal
  timeoutMs?: number
  /** Most bytes of the (decompressed) body. */
  responseBytes?: number
  /** How many redirects to follow, 0 (the answer is then the redirect itself) to 5. Each hop is checked like the first. */
  redirects?: number
}

/** An answer that is read as it comes. Redirects are not followed. */
export interface StreamedRequest extends Omit<OutboundRequest, 'redirects'> {
  /** Longest wait for its beginning, and for the next piece of it. */
  idleMs: number
}

export interface GuardedFetchOptions {
  /** `host` or `host:port` the operator vouches for, whatever address it has. */
  outboundAllowedHosts: readonly string[]
  /** Name resolution; the system's unless told. */
  lookup?: LookupFunction
}

export class GuardedFetch implements OnApplicationShutdown {
  private readonly agent: Agent
  /** For streams: as many connections as there are streams. */
  private readonly patientAgent: Agent
  private readonly running = { fetch: 0, stream: 0 }

  constructor(options: GuardedFetchOptions) {
    const vouched = new Set(options.outboundAllowedHosts.map((host) => host.toLowerCase()))
    const common = {
      connect: guardedConnector(vouched, options.lookup ?? (systemLookup as LookupFunction)),
      pipelining: 1,
      keepAliveTimeout: 5_000,
      keepAliveMaxTimeout: 30_000,
      maxHeaderSize: 32 * 1024,
      allowH2: false,
      // The clock of the request is the only one: an agent's own would cut short those that may take longer.
      headersTimeout: 0,
      bodyTimeout: 0,
    }
    this.agent = new Agent({ ...common, connections: maxConnections })
    this.patientAgent = new Agent({ ...common, connections: maxStreams })
  }

  /**
   * Fetches an http(s) URL and reads the whole answer.
   * Any HTTP status is an answer. Throws OutboundFailure when there is none.
   */
  async fetch(url: string | URL, request: OutboundRequest = {}): Promise<Response> {
    const leave = this.enter('fetch', maxOutbound)
    const timeout = AbortSignal.timeout(request.timeoutMs ?? defaultTimeoutMs)
    const signal = request.signal ? AbortSignal.any([request.signal, timeout]) : timeout
    const span = startSpan(url, request)
    try {
      const response = await this.follow(requireWebUrl(url), span ? continuing(request, span) : request, signal)
      span?.set({ 'http.response.status_code': response.status })
      if (response.status >= 400) span?.fail(String(response.status))
      return response
    } catch (error) {
      const failure = toFailure(error, timeout, request.signal)
      span?.fail(failure.reason)
      throw failure
    } finally {
      span?.end()
      leave()
    }
  }

  /**
   * Fetches an http(s) URL and hands the answer over as it comes; `timeoutMs` holds for all of it. The body must be read
   * or cancelled. Throws OutboundFailure, and so does reading the body.
   */
  async stream(url: string | URL, { idleMs, ...request }: StreamedRequest): Promise<Response> {
    const leave = this.enter('stream', maxStreams)
    const silence = new Silence(idleMs)
    // Not AbortSignal.timeout: most answers end long before their time, and nothing of them is to wait for it.
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(), request.timeoutMs ?? defaultTimeoutMs)
    const clock = AbortSignal.any([late.signal, silence.signal])
    const signal = request.signal ? AbortSignal.any([request.signal, clock]) : clock
    const span = startSpan(url, request)
    const ended = (failure?: OutboundFailure) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
      if (failure) span?.fail(failure.reason)
      span?.end()
      leave()
    }
    // Also when nobody ever reads the body.
    const onAbort = () => ended(toFailure(signal.reason, clock, request.signal))
    signal.addEventListener('abort', onAbort)
    silence.begin()
    try {
      const init = initOf(span ? continuing(request, span) : request)
      const dispatcher = this.patientAgent
      const response = await undiciFetch(requireWebUrl(url), { ...init, signal, redirect: 'manual', dispatcher })
      span?.set({ 'http.response.status_code': response.status })
      if (response.status >= 400) span?.fail(String(response.status))
      if (!response.body) ended()
      const { responseBytes = defaultResponseBytes } = request
      const watch = { silence, responseBytes, ended, toFailure: (e: unknown) => toFailure(e, clock, request.signal) }
      return answerOf(response, response.body && watchedBody(response.body, watch))
    } catch (error) {
      const failure = toFailure(error, clock, request.signal)
      ended(failure)
      throw failure
    } finally {
      silence.end()
    }
  }

  /** Takes one of the places there are; whoever is done leaves it, once. Throws OutboundFailure busy. */
  private enter(kind: 'fetch' | 'stream', most: number): () => void {
    if (this.running[kind] >= most) throw new OutboundFailure('busy', `${most} requests are under way already`)
    this.running[kind]++
    let inside = true
    return () => {
      if (inside) this.running[kind]--
      inside = false
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.agent.destroy(), this.patientAgent.destroy()])
  }

  private async follow(start: URL, request: OutboundRequest, signal: AbortSignal): Promise<Response> {
    const hops = Math.min(request.redirects ?? 0, maxRedirects)
    let url = start
    let init = initOf(request)
    for (let hop = 0; ; hop++) {
      const response = await undiciFetch(url, { ...init, signal, redirect: 'manual', dispatcher: this.agent })
      const location = redirectOf(response)
      if (location === undefined || hops === 0) return await readWhole(response, request.responseBytes)
      await response.body?.cancel()
      if (hop === hops)
        throw new OutboundFailure('too-many-redirects', `${start.host} redirected more than ${hops} times`)
      const next = requireWebUrl(new URL(location, url))
      if (url.protocol === 'https:' && next.protocol === 'http:') {
        throw new OutboundFailure('refused', `${url.host} redirected from https to http`)
      }
      init = initOfNextHop(init, response.status, next.origin === url.origin)
      url = next
    }
  }
}

function initOf({ method = 'GET', headers, body }: OutboundRequest): RequestInit {
  return { method, headers: { ...headers }, ...(body === undefined ? {} : { body }) }
}

/** A span for a request of ours (semantic conventions, HTTP client); without path and query, which can carry secrets. */
function startSpan(url: string | URL, { method = 'GET' }: OutboundRequest): Span | undefined {
  const target = URL.parse(String(url))
  return currentSpan()?.child(method, {
    kind: 'client',
    attributes: {
      'http.request.method': method,
      'url.scheme': target?.protocol.slice(0, -1),
      'server.address': target?.hostname,
      'server.port': Number(target?.port || (target?.protocol === 'http:' ? 80 : 443)),
    },
  })
}

/** The request as part of our trace; what others told us in tracestate is not for third parties. */
function continuing(request: OutboundRequest, { context }: Span): OutboundRequest {
  return { ...request, headers: { ...request.headers, traceparent: context.traceparent } }
}

/** Throws OutboundFailure `refused` for anything but a plain http(s) URL. */
function requireWebUrl(url: string | URL): URL {
  const parsed = URL.parse(String(url))
  if (!parsed) throw new OutboundFailure('refused', 'that is no absolute URL')
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') {
    throw new OutboundFailure('refused', `${parsed.protocol} is not fetched`)
  }
  if (parsed.username || parsed.password) throw new OutboundFailure('refused', 'a URL with a user name is not fetched')
  return parsed
}

/**
 * Connects only to addresses that were checked: names are resolved and judged in one step, literal addresses before
 * connecting, and the socket's own peer once more at the end. A name that also leads inside is refused altogether.
 */
function guardedConnector(vouched: ReadonlySet<string>, lookup: LookupFunction): buildConnector.connector {
  const judgingLookup: LookupFunction = (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0)
      const list = Array.isArray(addresses) ? addresses : []
      const [first] = list
      if (!first) return callback(new OutboundFailure('unreachable', `${hostname} has no address`), '', 0)
      const inside = list.find(({ address }) => !isPublicAddress(address))
      if (inside) return callback(insideAddress(hostname, inside.address), '', 0)
      if (options.all) return callback(null, list)
      callback(null, first.address, first.family)
    })
  }
  const common = { timeout: connectTimeoutMs, allowH2: false }
  const guarded = buildConnector({ ...common, lookup: judgingLookup } as buildConnector.BuildOptions)
  const direct = buildConnector({ ...common, lookup } as buildConnector.BuildOptions)
  return (target, callback) => {
    const host = target.hostname.toLowerCase()
    const port = target.port || (target.protocol === 'https:' ? '443' : '80')
    const shown = isIP(host) === 6 ? `[${host}]` : host
    if (vouched.has(shown) || vouched.has(`${shown}:${port}`)) return direct(target, callback)
    if (isIP(host) !== 0 && !isPublicAddress(host)) return callback(insideAddress(host, host), null)
    guarded(target, (...result) => {
      const [error, socket] = result
      if (error) return callback(error, null)
      const peer = (socket as Socket).remoteAddress ?? ''
      if (isPublicAddress(peer)) return callback(null, socket as Socket)
      ;(socket as Socket).destroy()
      callback(insideAddress(host, peer), null)
    })
  }
}

function insideAddress(host: string, address: string): OutboundFailure {
  return new OutboundFailure('refused', `${host} leads to ${address || 'no address'}, which is not public`)
}

type UndiciResponse = Awaited<ReturnType<typeof undiciFetch>>

function redirectOf(response: UndiciResponse): string | undefined {
  const isRedirect = [301, 302, 303, 307, 308].includes(response.status)
  return (isRedirect && response.headers.get('location')) || undefined
}

/** What the next hop is asked with (Fetch standard, HTTP-redirect fetch): credentials stay with their origin. */
function initOfNextHop(init: RequestInit, status: number, sameOrigin: boolean): RequestInit {
  const headers = Object.fromEntries(
    Object.entries(init.headers as Record<string, string>).filter(
      ([name]) => sameOrigin || !['authorization', 'cookie', 'proxy-authorization'].includes(name.toLowerCase()),
    ),
  )
  const becomesGet = status === 303 ? init.method !== 'HEAD' : status < 303 && init.method === 'POST'
  if (!becomesGet) return { ...init, headers }
  const withoutBody = Object.entries(headers).filter(([name]) => !name.toLowerCase().startsWith('content-'))
  return { method: 'GET', headers: Object.fromEntries(withoutBody) }
}

async function readWhole(response: UndiciResponse, responseBytes = defaultResponseBytes): Promise<Response> {
  const chunks: Uint8Array[] = []
  let received = 0
  for await (const chunk of response.body ?? []) {
    received += chunk.byteLength
    if (received > responseBytes) {
      throw new OutboundFailure('too-large', `the answer is larger than ${responseBytes} bytes`)
    }
    chunks.push(chunk)
  }
  return answerOf(response, response.body && Buffer.concat(chunks))
}

function answerOf(response: UndiciResponse, body: ConstructorParameters<typeof Response>[0]): Response {
  // The body was decompressed on the way in, so these no longer describe it.
  const headers = [...response.headers].filter(([name]) => name !== 'content-encoding' && name !== 'content-length')
  const hasBody = ![204, 205, 304].includes(response.status)
  return new Response(hasBody ? body : null, { status: response.status, headers })
}
