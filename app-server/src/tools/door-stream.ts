// How the door answers one request: as one JSON body, or as an event stream as soon as there is progress to tell.
import type { IncomingMessage, ServerResponse } from 'node:http'

export class DoorStream {
  private readonly acceptsStream: boolean
  private streaming = false
  private ended = false

  constructor(
    request: IncomingMessage,
    private readonly response: ServerResponse,
  ) {
    this.acceptsStream = request.headers.accept?.includes('text/event-stream') ?? false
  }

  /** Hears that the router hung up before the answer was out: the client has given up. */
  onHangUp(listener: () => void): void {
    this.response.on('close', () => {
      if (!this.ended) listener()
    })
    // It may have gone while we looked at its bearer.
    if (this.gone) listener()
  }

  /** Sends a progress notification (MCP, utilities/progress) if the router takes a stream. */
  progress(progressToken: string | number, progress: number, total?: number, message?: string): void {
    if (!this.acceptsStream || this.ended || this.gone) return
    if (!this.streaming) {
      this.streaming = true
      this.response.writeHead(200, {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
      })
      this.response.flushHeaders()
    }
    this.write({
      jsonrpc: '2.0',
      method: 'notifications/progress',
      params: { progressToken, progress, total, message },
    })
  }

  /** Says that a notification was taken, and ends. */
  accept(): void {
    this.ended = true
    this.response.writeHead(202, { 'Content-Length': 0 }).end()
  }

  /** Sends the response and ends. */
  end(answer: object): void {
    if (this.ended || this.gone) return
    this.ended = true
    if (this.streaming) {
      this.write(answer)
      this.response.end()
      return
    }
    const text = JSON.stringify(answer)
    this.response.writeHead(200, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': Buffer.byteLength(text),
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    })
    this.response.end(text)
  }

  private get gone(): boolean {
    return this.response.destroyed
  }

  private write(message: object): void {
    this.response.write(`data: ${JSON.stringify(message)}\n\n`)
  }
}
