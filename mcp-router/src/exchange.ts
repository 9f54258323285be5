// One HTTP request of a client on its way through the router: what it asks the door, and what the door said.
import { ProtocolError } from '@modelcontextprotocol/server'
import {
  type DoorError,
  type DoorNotification,
  type DoorRequest,
  type DoorResult,
  doorNotifications,
  rpcErrors,
} from '@sekisho/contracts'
import { type DoorClient, progressTokenOf, responseTo, type Sender } from './door-client.js'
import { isForwarded } from './forwarded.js'
import { Refusal } from './refusal.js'

/** How long the door may take to look at a bearer: one lookup, no work. */
const vouchTimeoutMs = 10_000

export class Exchange {
  /** The answer to give over HTTP instead of what the SDK frames: a challenge or a failure with a status of its own. */
  refusal: Refusal | undefined
  /** Settled once it is known whether the door takes the bearer; before that, no status may leave. */
  readonly decided: Promise<void>
  private decide: () => void = () => undefined
  private asked = false
  private settled: Promise<void> | undefined

  /**
   * @param messages the client's messages as they came: one, or a batch of the revision that has batches
   * @param gone aborted when the client hanging up cancels the request
   * @param known what the door has said to the one message already; it is not asked again
   */
  constructor(
    private readonly door: DoorClient,
    readonly sender: Sender,
    private readonly messages: readonly Record<string, unknown>[],
    private readonly isBatch: boolean,
    private readonly gone: AbortSignal,
    private readonly callTimeoutMs: number,
    private readonly known?: Buffer,
  ) {
    this.decided = new Promise((resolve) => {
      this.decide = resolve
    })
  }

  /** The method of a single message; undefined for a batch or a response. */
  get method(): string | undefined {
    const method = this.isBatch ? undefined : this.messages[0]?.method
    return typeof method === 'string' ? method : undefined
  }

  /** The id of a single request; null when there is none to answer to (JSON-RPC 2.0 section 5). */
  get id(): string | number | null {
    const id = this.method === undefined ? undefined : this.messages[0]?.id
    return typeof id === 'string' || typeof id === 'number' ? id : null
  }

  /** Whether this is one request for the door that wants to hear of its progress, and so may be answered by a stream. */
  get wantsProgress(): boolean {
    return isForwarded(this.method) && progressTokenOf(this.messages[0] ?? {}) !== undefined
  }

  /**
   * Has the door answer the client's request of that id, as the client wrote it.
   * Throws what the SDK frames as a JSON-RPC error: ProtocolError for one of the door's, Refusal for all else.
   */
  async ask(
    id: string | number,
    onNotification: (notification: DoorNotification) => Promise<void>,
  ): Promise<Record<string, unknown>> {
    this.asked = true
    try {
      const request = this.messages.find((message) => message.id === id && typeof message.method === 'string')
      if (!request) throw new ProtocolError(rpcErrors.invalidRequest, 'There is no request of that id.')
      const answer = await this.answerTo(request as unknown as DoorRequest, onNotification)
      if ('result' in answer) {
        if (answer.result.isError === true) this.sender.span?.fail('tool_error')
        return answer.result
      }
      this.sender.span?.set({ 'rpc.response.status_code': String(answer.error.code) })
      this.sender.span?.fail(String(answer.error.code))
      throw new ProtocolError(answer.error.code, answer.error.message, answer.error.data)
    } catch (error) {
      // In a batch, other requests may have been done: only a bad bearer, which is bad for them all, may hide them.
      if (error instanceof Refusal && (!this.isBatch || error.status === 401)) this.refusal = error
      throw error
    } finally {
      this.decide()
    }
  }

  private async answerTo(
    request: DoorRequest,
    onNotification: (notification: DoorNotification) => Promise<void>,
  ): Promise<DoorResult | DoorError> {
    if (this.known) return responseTo(request, this.known)
    const { gone: signal, callTimeoutMs: timeoutMs, decide: onAnswering } = this
    return this.door.ask(request, this.sender, { signal, timeoutMs, onAnswering, onNotification })
  }

  /**
   * Brings the door what the SDK answers without it: cancellations, and the question whether the bearer is good.
   * Must be awaited before such an answer leaves, because the router itself verifies nothing.
   */
  settle(): Promise<void> {
    this.settled ??= this.bringToDoor().finally(this.decide)
    return this.settled
  }

  private async bringToDoor(): Promise<void> {
    const options = { signal: this.gone, timeoutMs: Math.min(vouchTimeoutMs, this.callTimeoutMs) }
    const cancellations = this.sender.era === 'legacy' ? this.messages.filter(isCancellation) : []
    try {
      for (const cancellation of cancellations) await this.door.notify(cancellation, this.sender, options)
      if (this.asked || cancellations.length > 0) return
      const ping: DoorRequest = { jsonrpc: '2.0', id: this.sender.requestId, method: 'ping' }
      await this.door.ask(ping, this.sender, options)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      this.refusal ??= error
    }
  }
}

/** A cancellation that names its request; a malformed one is to be ignored (MCP, utilities/cancellation). */
function isCancellation(message: Record<string, unknown>): message is Record<string, unknown> & DoorNotification {
  if ('id' in message || !(doorNotifications as readonly unknown[]).includes(message.method)) return false
  const requestId = (message.params as { requestId?: unknown } | undefined)?.requestId
  return typeof requestId === 'string' || typeof requestId === 'number'
}
