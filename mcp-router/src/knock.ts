// One message on its way to the app server's door whose answer is read to its end, without streams in between.
import { doorLimits, Problem } from '@sekisho/contracts'
import type { Dispatcher } from 'undici'
import { brokenOff, faultyAnswer, problemOfAnswer, tooLate, unreachable } from './door-problems.js'
import { Refusal } from './refusal.js'

/** Bytes read of an answer that is a problem, or a small document. */
export const smallAnswerBytes = 64 * 1024

export class Knock implements Dispatcher.DispatchHandler {
  /**
   * The body of a 200 application/json, whole but not looked at.
   * Rejects with Refusal for everything else: challenges, problems, faults of the connection, lateness.
   */
  readonly answer: Promise<Buffer>
  private resolve: (answer: Buffer) => void = () => undefined
  private reject: (refusal: Refusal) => void = () => undefined
  private controller: Dispatcher.DispatchController | undefined
  private readonly timer: NodeJS.Timeout
  private isOver = false
  private status = 0
  private headers: Readonly<Record<string, string | string[] | undefined>> = {}
  private isAnswer = false
  private readonly chunks: Buffer[] = []
  private size = 0

  /** @param timeoutMs for the whole exchange, from the connection to the last byte */
  constructor(private readonly timeoutMs: number) {
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
    // Timers of one duration share a list in Node, so setting and clearing one costs next to nothing.
    this.timer = setTimeout(expire, timeoutMs, this)
  }

  /** The client has gone: closes the connection, which cancels the call. Nothing happens once the answer is there. */
  hangUp(): void {
    this.giveUp(new Problem('cancelled', 'The client has gone.'))
  }

  /** The time for the call is over: closes the connection, which cancels the call. */
  expire(): void {
    this.giveUp(tooLate(this.timeoutMs, undefined))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.controller = controller
    if (this.isOver) controller.abort(new Error('given up before it began'))
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    this.status = status
    this.headers = headers
    this.isAnswer = status === 200 && String(headers['content-type'] ?? '').startsWith('application/json')
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    const maxBytes = this.isAnswer ? doorLimits.responseBytes : smallAnswerBytes
    this.size += chunk.byteLength
    if (this.size > maxBytes) this.giveUp(faultyAnswer(new Error(`an answer of more than ${maxBytes} bytes`)))
    else this.chunks.push(chunk)
  }

  onResponseEnd(): void {
    if (this.isOver) return
    const [only] = this.chunks
    const body = this.chunks.length === 1 && only ? only : Buffer.concat(this.chunks)
    this.end()
    if (this.isAnswer) this.resolve(body)
    else this.reject(new Refusal(problemOfAnswer(this.status, this.headers, body.toString())))
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    this.fail(unreachable(error) ?? brokenOff(error))
  }

  private giveUp(problem: Problem): void {
    if (this.isOver) return
    this.fail(problem)
    this.controller?.abort(new Error(problem.detail))
  }

  private fail(problem: Problem): void {
    if (this.isOver) return
    this.end()
    this.reject(new Refusal(problem))
  }

  private end(): void {
    this.isOver = true
    clearTimeout(this.timer)
  }
}

function expire(knock: Knock): void {
  knock.expire()
}
