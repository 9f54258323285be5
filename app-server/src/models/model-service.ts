// The way to a model's service: bounded in size, silence and time; whatever goes wrong becomes a ModelFailure.
import type { GuardedFetch } from '../platform/guarded-fetch.js'
import { OutboundFailure } from '../platform/guarded-fetch.js'
import { ModelFailure } from './model.js'

/** Longest wait for the first byte of an answer, and for the next, unless the vendor says otherwise. */
const idleMs = 60_000
/** Longest answer in time, and in bytes: twenty times what the longest of today's models write. */
const answerMs = 10 * 60_000
const answerBytes = 8 * 1024 * 1024
/** Longest line of an answer: a call with its arguments, or a signature. */
const maxLineBytes = 1024 * 1024
/** What a request may be: the services take some 20 MB, of which files are most. */
const maxRequestBytes = 20 * 1024 * 1024
/** An answer that only says why there is none. */
const refusalBytes = 64 * 1024
/** A list of models. */
const listMs = 15_000

/** An answer that says no. */
export interface Refusal {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

export interface ServiceRequest {
  readonly url: string
  /** With a body it is a POST whose answer is read as it comes; without one a short GET. */
  readonly body?: string
  readonly headers: Readonly<Record<string, string>>
  readonly signal: AbortSignal
  /** Longest wait for the first byte of an answer, and for the next, in milliseconds. */
  readonly idleMs?: number
  /** What the vendor means by its answer. */
  refusalOf(refusal: Refusal): ModelFailure
}

/** The answer of a service that took the request. Throws ModelFailure; so does reading its body. */
export async function ask(fetch: Pick<GuardedFetch, 'stream'>, request: ServiceRequest): Promise<Response> {
  const { url, headers, signal, body } = request
  if (body !== undefined && Buffer.byteLength(body) > maxRequestBytes) {
    throw new ModelFailure('too-long', `the request is larger than ${maxRequestBytes} bytes`)
  }
  try {
    const response = await fetch.stream(url, {
      headers,
      signal,
      responseBytes: answerBytes,
      ...(body === undefined
        ? { idleMs: listMs, timeoutMs: listMs }
        : { method: 'POST', body, idleMs: request.idleMs ?? idleMs, timeoutMs: answerMs }),
    })
    if (!response.ok) {
      const text = await shortText(response)
      throw request.refusalOf({ status: response.status, headers: response.headers, text })
    }
    return new Response(response.body && lines(response.body), { headers: response.headers })
  } catch (error) {
    throw failureOf(error)
  }
}

/** The same bytes in whole lines. Its reader need not guard itself against one that never ends. */
function lines(body: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  let pending: Uint8Array[] = []
  let pendingBytes = 0
  return body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        const end = chunk.lastIndexOf(0x0a) + 1
        if (end > 0) {
          controller.enqueue(Buffer.concat([...pending, chunk.subarray(0, end)]))
          pending = []
          pendingBytes = 0
        }
        pending.push(chunk.subarray(end))
        pendingBytes += chunk.length - end
        if (pendingBytes > maxLineBytes) {
          controller.error(new ModelFailure('cut', `a line of the answer is longer than ${maxLineBytes} bytes`))
        }
      },
      flush(controller) {
        if (pendingBytes > 0) controller.enqueue(Buffer.concat(pending))
      },
    }),
  )
}

/** The beginning of a text; the rest is not waited for. */
async function shortText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let received = 0
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk)
    received += chunk.byteLength
    if (received >= refusalBytes) break
  }
  return Buffer.concat(chunks).subarray(0, refusalBytes).toString('utf8')
}

/** An error on the way as a ModelFailure. Errors of our own stay what they are. */
export function failureOf(error: unknown): unknown {
  if (!(error instanceof OutboundFailure)) return error
  const kind = error.reason === 'timeout' ? 'timeout' : error.reason === 'too-large' ? 'cut' : 'unreachable'
  return new ModelFailure(kind, error.message, { cause: error })
}
