// The plain lane: a plain request goes to the door as the bytes it came in, and its plain answer to the client likewise.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { DoorClient, From } from './door-client.js'
import { jsonType } from './http-answer.js'
import { PlainAnswers } from './plain-answer.js'
import { type PlainRequest, PlainRequests } from './plain-request.js'

/** How the door begins to say that a tool failed; at most a span is coloured by it. */
const toolError = '"isError":true'

/**
 * Plain requests are those the SDK would let pass without a word, plain answers those it would change nothing in but add
 * the router's name. Everything else takes the SDK's lane, so errors, negotiation and streams are always the SDK's.
 */
export class PlainLane {
  private readonly requests = new PlainRequests()
  private readonly answers = new PlainAnswers()

  constructor(
    private readonly door: DoorClient,
    private readonly callTimeoutMs: number,
  ) {}

  /** The plain request in this message; undefined when the SDK has to look at it. */
  find(incoming: IncomingMessage, bytes: Buffer): PlainRequest | undefined {
    return this.requests.find(incoming, bytes)
  }

  /**
   * Has the door answer, and answers the client if that is plain. Otherwise returns what the door said, for the SDK to
   * frame: the door must not be asked twice. Throws Refusal for whatever the door says with another status.
   */
  async pass(request: PlainRequest, from: From, outgoing: ServerResponse): Promise<Buffer | undefined> {
    const { era, protocolVersion, sessionLabel } = request
    const sender = { ...from, era, protocolVersion, sessionLabel }
    const knock = this.door.knock(request.bytes, sender, this.callTimeoutMs)
    if (era === 'modern') {
      outgoing.once('close', () => {
        if (!outgoing.writableFinished) knock.hangUp()
      })
    }
    const answer = await knock.answer
    const plain = this.answers.find(request, answer)
    if (!plain) return answer
    if (from.span && plain.includes(toolError)) from.span.fail('tool_error')
    if (outgoing.headersSent || outgoing.destroyed) return undefined
    outgoing.writeHead(200, {
      'cache-control': 'no-store',
      'content-type': jsonType,
      'content-length': Buffer.byteLength(plain),
    })
    outgoing.end(plain)
    return undefined
  }
}
