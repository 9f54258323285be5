// Recognizing a plain answer of the door: one that can go to the client as it is, with nothing left for the SDK to frame.
import { isUtf8 } from 'node:buffer'
import { SERVER_INFO_META_KEY } from '@modelcontextprotocol/server'
import { identity } from './mcp-server.js'
import { membersOf } from './plain-json.js'
import type { PlainRequest } from './plain-request.js'

/** Of a result, behind `"result":{`: who answers. The SDK says it in every modern result (MCP 2026-07-28, Result). */
const signature = `"_meta":${JSON.stringify({ [SERVER_INFO_META_KEY]: identity })},`
const signatureBytes = Buffer.from(signature)

/** Lists are long and seldom change, so those that were looked through are known again by their bytes. */
const maxKnownLists = 8
const maxKnownListBytes = 1024 * 1024

type Members = Record<string, unknown>

export class PlainAnswers {
  /** What followed the id in lists found to be plain, by era. */
  private readonly knownLists = { modern: [] as Buffer[], legacy: [] as Buffer[] }

  /**
   * What to send the client for this answer of the door: the same, in the modern era with our name put in.
   * Undefined when it is not the result of exactly this request, or when the SDK would change anything in it.
   */
  find(request: PlainRequest, answer: Buffer): string | Buffer | undefined {
    const head = `{"jsonrpc":"2.0","id":${JSON.stringify(request.id)},"result":{`
    if (answer.toString('latin1', 0, head.length) !== head) return undefined
    return request.method === 'tools/list'
      ? this.findList(request, answer, head.length)
      : findCall(request, answer, head.length)
  }

  private findList(request: PlainRequest, answer: Buffer, headLength: number): Buffer | undefined {
    const tail = answer.subarray(headLength)
    if (!this.knownLists[request.era].some((known) => known.equals(tail))) {
      if (!isPlain(request, answer, answer.toString())) return undefined
      this.remember(request, tail)
    }
    if (request.era === 'legacy') return answer
    return Buffer.concat([answer.subarray(0, headLength), signatureBytes, tail])
  }

  private remember({ era }: PlainRequest, tail: Buffer): void {
    if (tail.length > maxKnownListBytes) return
    const known = this.knownLists[era]
    // A copy, because the bytes may be part of a larger piece of memory that would be kept with them.
    known.push(Buffer.from(tail))
    if (known.length > maxKnownLists) known.shift()
  }
}

/** As text, which Node writes together with the head of the answer. */
function findCall(request: PlainRequest, answer: Buffer, headLength: number): string | undefined {
  const text = answer.toString()
  if (!isPlain(request, answer, text)) return undefined
  return request.era === 'legacy' ? text : text.slice(0, headLength) + signature + text.slice(headLength)
}

function isPlain(request: PlainRequest, answer: Buffer, text: string): boolean {
  const members = membersOf(answer, Number.POSITIVE_INFINITY, 1)
  if (members !== 3 || !isUtf8(answer)) return false
  let message: Members
  try {
    message = JSON.parse(text)
  } catch {
    return false
  }
  const { id, result } = message
  // With three members and this beginning, these are all there are.
  if (id !== request.id || !isObject(result) || '_meta' in result) return false
  return request.era === 'modern' ? isModern(request, result) : isLegacy(request, result)
}

/** Complete in the modern era: the SDK would add nothing but our name. It drops what that era no longer has. */
function isModern({ method }: PlainRequest, result: Members): boolean {
  if ('capabilities' in result || result.resultType !== 'complete') return false
  if (method !== 'tools/list') return true
  const { ttlMs, cacheScope, tools } = result
  if (!Number.isSafeInteger(ttlMs) || (ttlMs as number) < 0) return false
  if (cacheScope !== 'private' && cacheScope !== 'public') return false
  return !Array.isArray(tools) || !tools.some((tool) => isObject(tool) && 'execution' in tool)
}

/** The SDK wraps output schemas that the older era does not know. */
function isLegacy({ method }: PlainRequest, { tools }: Members): boolean {
  if (method !== 'tools/list' || !Array.isArray(tools)) return true
  return !tools.some((tool) => isObject(tool) && isObject(tool.outputSchema) && tool.outputSchema.type !== 'object')
}

function isObject(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
