// Recognizing a plain request: one whose every part is as expected, so that its bytes may go to the door as they are.
import { isUtf8 } from 'node:buffer'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  classifyInboundRequest,
  PROTOCOL_VERSION_META_KEY,
} from '@modelcontextprotocol/server'
import { type DoorRequest, doorLimits, type Era } from '@sekisho/contracts'
import { isSessionLabel } from './legacy-leg.js'
import { legacyRevisions } from './mcp-server.js'
import { modernRevision } from './modern-leg.js'
import { memberCount, membersOf } from './plain-json.js'

/** Larger ones gain nothing from being passed on as bytes. */
const maxBytes = 64 * 1024
/** Clients send the same envelope with every request; so many different ones are known by heart. */
const maxEnvelopes = 256
const maxEnvelopeLength = 2_048

/** What both eras' SDK clients send; anything else, right or wrong, is judged by the SDK. */
const jsonTypes: ReadonlySet<unknown> = new Set(['application/json', 'application/json; charset=utf-8'])
const acceptedTypes: ReadonlySet<unknown> = new Set([
  'application/json, text/event-stream',
  'text/event-stream, application/json',
])
/** Headers that ask for something beyond a plain answer. */
const askMore = ['transfer-encoding', 'content-encoding', 'expect', 'upgrade', 'last-event-id'] as const

/** A name that its header can carry without encoding. */
const plainName = /^[A-Za-z0-9_][A-Za-z0-9_./-]{0,255}$/
/** An id whose JSON is the text between quotes. */
const plainId = /^[A-Za-z0-9_./:-]{1,128}$/

export interface PlainRequest {
  era: Era
  protocolVersion: string
  sessionLabel: string | undefined
  method: 'tools/list' | 'tools/call'
  id: string | number
  /** As it came, and as it was understood. */
  bytes: Buffer
  message: DoorRequest & Record<string, unknown>
}

type Members = Record<string, unknown>

export class PlainRequests {
  private readonly envelopes = new Set<string>()

  /**
   * The request, when there is nothing about it that the SDK could have a word to say on; undefined for all others.
   * Its gate, method, bearer and content type have been checked before.
   */
  find({ headers, rawHeaders, httpVersion }: IncomingMessage, bytes: Buffer): PlainRequest | undefined {
    // Node keeps the first or joins the values of a header that was sent twice.
    if (httpVersion !== '1.1' || rawHeaders.length !== 2 * Object.keys(headers).length) return undefined
    if (!jsonTypes.has(headers['content-type']) || !acceptedTypes.has(headers.accept)) return undefined
    for (const name of askMore) if (headers[name] !== undefined) return undefined
    const protocolVersion = headers['mcp-protocol-version']
    const isModern = protocolVersion === modernRevision
    if (!isModern && !legacyRevisions.includes(protocolVersion as string)) return undefined

    const message = messageIn(bytes)
    if (!message) return undefined
    const { id, method, params } = message
    const fits = isModern
      ? this.isModern(headers, message) && headers['mcp-session-id'] === undefined
      : isLegacy(headers, params as Members | undefined)
    if (!fits) return undefined
    return {
      era: isModern ? 'modern' : 'legacy',
      protocolVersion: protocolVersion as string,
      sessionLabel: headers['mcp-session-id'] as string | undefined,
      method: method as PlainRequest['method'],
      id,
      bytes,
      message,
    }
  }

  /** Headers and envelope of 2026-07-28, which must say what the body says. */
  private isModern(headers: IncomingHttpHeaders, message: DoorRequest): boolean {
    const { method, params } = message
    if (headers['mcp-method'] !== method) return false
    if (headers['mcp-name'] !== (method === 'tools/call' ? params?.name : undefined)) return false
    const meta = params?._meta
    if (!isObject(meta)) return false
    for (const key in meta) {
      if (key !== PROTOCOL_VERSION_META_KEY && key !== CLIENT_CAPABILITIES_META_KEY && key !== CLIENT_INFO_META_KEY) {
        return false
      }
    }
    return meta[PROTOCOL_VERSION_META_KEY] === modernRevision && this.isEnvelope(meta, message)
  }

  /** Whether the SDK takes this envelope; asked once for each, since what it says depends on nothing else. */
  private isEnvelope(meta: Members, message: DoorRequest): boolean {
    const envelope = JSON.stringify(meta)
    if (this.envelopes.has(envelope)) return true
    if (envelope.length > maxEnvelopeLength) return false
    const outcome = classifyInboundRequest({ httpMethod: 'POST', body: message })
    if (outcome.kind !== 'modern' || outcome.messageKind !== 'request') return false
    if (this.envelopes.size >= maxEnvelopes) {
      const [oldest = ''] = this.envelopes
      this.envelopes.delete(oldest)
    }
    this.envelopes.add(envelope)
    return true
  }
}

/** The one request for tools in these bytes; undefined when it is anything else, or has a member that is not usual. */
function messageIn(bytes: Buffer): PlainRequest['message'] | undefined {
  if (bytes.length > maxBytes) return undefined
  const members = membersOf(bytes, doorLimits.requestDepth, doorLimits.requestDepth)
  if (members < 0 || !isUtf8(bytes)) return undefined
  let message: unknown
  try {
    message = JSON.parse(bytes.toString())
  } catch {
    return undefined
  }
  if (!isObject(message)) return undefined
  // Whoever reads only the first of two members of one name would read another request.
  if (memberCount(message) !== members || message.jsonrpc !== '2.0') return undefined
  for (const key in message) {
    if (key !== 'jsonrpc' && key !== 'id' && key !== 'method' && key !== 'params') return undefined
  }
  const { id, method, params } = message
  if (typeof id === 'number' ? !Number.isSafeInteger(id) : typeof id !== 'string' || !plainId.test(id)) return undefined
  const fits = method === 'tools/call' ? isCall(params) : method === 'tools/list' && isList(params)
  return fits ? (message as PlainRequest['message']) : undefined
}

function isCall(params: unknown): boolean {
  if (!isObject(params)) return false
  for (const key in params) if (key !== 'name' && key !== 'arguments' && key !== '_meta') return false
  const { name, arguments: given } = params
  return typeof name === 'string' && plainName.test(name) && (given === undefined || isObject(given))
}

/** Without a cursor: a list that begins. */
function isList(params: unknown): boolean {
  if (params === undefined) return true
  if (!isObject(params)) return false
  for (const key in params) if (key !== '_meta') return false
  return true
}

/** The 2025 revisions have no header that mirrors the body, and nothing in _meta that could be plain. */
function isLegacy(headers: IncomingHttpHeaders, params: Members | undefined): boolean {
  if (headers['mcp-method'] !== undefined || headers['mcp-name'] !== undefined) return false
  if (params !== undefined && '_meta' in params) return false
  const label = headers['mcp-session-id']
  return label === undefined || isSessionLabel(label)
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
