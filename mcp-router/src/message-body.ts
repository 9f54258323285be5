// Reading the body of a POST: never more than the limit, in UTF-8, well-formed JSON, not nested without end.
import type { IncomingMessage } from 'node:http'
import { doorLimits, Problem } from '@sekisho/contracts'
import { parseError, Refusal } from './refusal.js'

/** How long a client may take to send one message. */
const bodyDeadlineMs = 15_000
/** What is read and thrown away of a body that is too large, so that the client gets to see the answer. */
const discardedBytes = 4 * doorLimits.requestBytes

/**
 * Reads the bytes of a request's body.
 * Throws Refusal: 413 beyond doorLimits.requestBytes, 415 when compressed, 400 when it is late or cut.
 */
export async function readMessageBytes(incoming: IncomingMessage, deadlineMs = bodyDeadlineMs): Promise<Buffer> {
  const encoding = incoming.headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new Refusal(
      new Problem('unsupported-media-type', 'Compressed bodies are not taken here. Send the JSON as it is.'),
    )
  }
  return readBytes(incoming, deadlineMs)
}

/** The JSON of a body. Throws Refusal 400 when it is no UTF-8, no JSON or nests deeper than doorLimits.requestDepth. */
export function parseMessage(bytes: Uint8Array): unknown {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw unparsable('The body is not UTF-8.')
  }
  if (nestsDeeperThan(text, doorLimits.requestDepth)) {
    throw new Refusal(
      new Problem('invalid-request', `The message nests deeper than ${doorLimits.requestDepth} levels. Flatten it.`),
    )
  }
  try {
    return JSON.parse(text)
  } catch {
    throw unparsable('The body is not JSON. Send one JSON-RPC 2.0 message.')
  }
}

function readBytes(incoming: IncomingMessage, deadlineMs: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const finish = (settle: () => void) => {
      clearTimeout(timer)
      incoming.off('data', onData).off('end', onEnd).off('close', onCut).off('error', onCut)
      settle()
    }
    const refuse = (problem: Problem) => {
      finish(() => reject(new Refusal(problem)))
      discardRest(incoming)
    }
    const onData = (chunk: Buffer) => {
      size += chunk.length
      if (size > doorLimits.requestBytes) refuse(tooLarge())
      else chunks.push(chunk)
    }
    const onEnd = () => finish(() => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
    const onCut = () => finish(() => reject(new Refusal(new Problem('cancelled', 'The body was cut off.'))))
    const timer = setTimeout(
      () =>
        refuse(
          new Problem('invalid-request', `The body did not arrive within ${deadlineMs / 1000} seconds. Send it again.`),
        ),
      deadlineMs,
    )
    if (Number(incoming.headers['content-length']) > doorLimits.requestBytes) refuse(tooLarge())
    else incoming.on('data', onData).on('end', onEnd).on('close', onCut).on('error', onCut)
  })
}

/**
 * Lets the rest of a refused body run into nothing, up to a bound.
 * Closing at once would make the client's system drop the answer that says why.
 */
function discardRest(incoming: IncomingMessage): void {
  let discarded = 0
  const stop = () => incoming.destroy()
  const timer = setTimeout(stop, 2_000)
  timer.unref()
  incoming
    .on('error', () => undefined)
    .on('close', () => clearTimeout(timer))
    .on('data', (chunk: Buffer) => {
      discarded += chunk.length
      if (discarded > discardedBytes) stop()
    })
    .resume()
}

function tooLarge(): Problem {
  return new Problem(
    'payload-too-large',
    `A message may have ${doorLimits.requestBytes} bytes. Send less at once, for example in several calls.`,
  )
}

function unparsable(detail: string): Refusal {
  return new Refusal(new Problem('invalid-request', detail), parseError)
}

/** Counts brackets outside of strings; a parser that is recursive somewhere behind us must not meet thousands of them. */
function nestsDeeperThan(json: string, levels: number): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < json.length; at++) {
    const code = json.charCodeAt(at)
    if (inString) {
      if (code === 0x5c) at++
      else if (code === 0x22) inString = false
    } else if (code === 0x22) inString = true
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > levels) return true
    } else if (code === 0x5d || code === 0x7d) depth--
  }
  return false
}
