// The body of an answer that is read as it comes: bounded in size, and given up when nothing comes for too long.
import { OutboundFailure } from './outbound-failure.js'

/** Runs while somebody waits for bytes, and not while they are being used: a slow reader is not the sender's fault. */
export class Silence {
  private readonly controller = new AbortController()
  private timer: NodeJS.Timeout | undefined

  constructor(private readonly idleMs: number) {}

  /** Aborted when it lasted too long. */
  get signal(): AbortSignal {
    return this.controller.signal
  }

  begin(): void {
    this.timer = setTimeout(() => this.controller.abort(), this.idleMs)
  }

  end(): void {
    clearTimeout(this.timer)
  }
}

export interface BodyWatch {
  readonly silence: Silence
  readonly responseBytes: number
  toFailure(error: unknown): OutboundFailure
  /** Called at least once, when nothing comes any more, whoever ended it. */
  ended(failure?: OutboundFailure): void
}

/** The same bytes, within the limits. Every error of it is an OutboundFailure. */
export function watchedBody(body: AsyncIterable<Uint8Array>, watch: BodyWatch): ReadableStream<Uint8Array> {
  const { silence, responseBytes } = watch
  const chunks = body[Symbol.asyncIterator]()
  let received = 0
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        silence.begin()
        try {
          const { done, value } = await chunks.next()
          if (done) {
            watch.ended()
            return controller.close()
          }
          received += value.byteLength
          if (received > responseBytes) {
            throw new OutboundFailure('too-large', `the answer is larger than ${responseBytes} bytes`)
          }
          controller.enqueue(value)
        } catch (error) {
          const failure = watch.toFailure(error)
          watch.ended(failure)
          controller.error(failure)
          await chunks.return?.()
        } finally {
          silence.end()
        }
      },
      async cancel() {
        watch.ended()
        await chunks.return?.()
      },
    },
    // Nothing is fetched before it is wanted: then the sender is slowed down by its reader.
    { highWaterMark: 0 },
  )
}
