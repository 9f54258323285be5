// How the door answers one request: as one JSON body, or as an event stream as soon as there is progress to tell.
import type { Request, Response } from 'express'

export class DoorStream {
  /** Aborted when the router hangs up before the answer is out: the client has given up. */
  readonly closed: AbortSignal
  private readonly acceptsStream: boolean
  private streaming = false
  private ended = false

  constructor(
    request: Request,
    private readonly response: Response,
  ) {
    const controller = new AbortController()
    this.closed = controller.signal
    response.on('close', () => {
      if (!this.ended) controller.abort()
    })
    this.acceptsStream = request.get('accept')?.includes('text/event-stream') ?? false
  }

  /** Sends a progress notification (MCP, utilities/progress) if the router takes a stream. */
  progress(progressToken: string | number, progress: number, total?: number, message?: string): void {
    if (!this.acceptsStream || this.ended || this.closed.aborted) return
    if (!this.streaming) {
      this.streaming = true
      this.response
        .status(200)
        .set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' })
      this.response.flushHeaders()
    }
    this.write({
      jsonrpc: '2.0',
      method: 'notifications/progress',
      params: { progressToken, progress, total, message },
    })
  }

  /** Sends the response and ends. */
  end(answer: object): void {
    if (this.ended || this.closed.aborted) return
    this.ended = true
    if (this.streaming) {
      this.write(answer)
      this.response.end()
      return
    }
    this.response.setHeader('Cache-Control', 'no-store')
    this.response.json(answer)
  }

  private write(message: object): void {
    this.response.write(`data: ${JSON.stringify(message)}\n\n`)
  }
}
