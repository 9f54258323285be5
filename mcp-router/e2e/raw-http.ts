// Requests written to the socket byte by byte, because a client library would put right what the tests want wrong.
import { connect, type Socket } from 'node:net'

export interface RawRequest {
  /** e.g. `POST /mcp HTTP/1.1`. */
  line: string
  /** Names and values as they are to be written. Content-Length is added unless a framing header is among them. */
  headers: readonly (readonly [string, string])[]
  body: Buffer
}

export interface RawAnswer {
  status: number
  /** Names in lower case; several values of one name are joined. */
  headers: Record<string, string>
  body: Buffer
}

const answerTimeoutMs = 10_000

/** One keep-alive connection after the other to one port; one request at a time. */
export class RawClient {
  private socket: Socket | undefined

  constructor(private readonly port: number) {}

  /** Sends one request and reads its answer; undefined when the server closed the connection without any. */
  async send(request: RawRequest): Promise<RawAnswer | undefined> {
    const socket = await this.requireSocket()
    const framed = request.headers.some(([name]) => /^(content-length|transfer-encoding)$/i.test(name))
    const headers = framed ? request.headers : [...request.headers, ['Content-Length', String(request.body.length)]]
    const head = `${request.line}\r\n${headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`
    const answer = await new Promise<RawAnswer | undefined>((resolve, reject) => {
      let received = Buffer.alloc(0)
      const timer = setTimeout(() => finish(() => reject(new Error(`no answer to ${head}`))), answerTimeoutMs)
      const finish = (settle: () => void) => {
        clearTimeout(timer)
        socket.off('data', onData).off('close', onClose)
        settle()
      }
      const onData = (chunk: Buffer) => {
        received = Buffer.concat([received, chunk])
        const whole = answerIn(received)
        if (whole) finish(() => resolve(whole))
      }
      const onClose = () => finish(() => resolve(undefined))
      socket.on('data', onData).on('close', onClose)
      // Latin-1, so that a test may write any byte into a header.
      socket.write(Buffer.concat([Buffer.from(head, 'latin1'), request.body]))
    })
    // After an answer that refuses the framing nothing more can be said on this connection.
    if (!answer || answer.headers.connection === 'close' || framed) this.close()
    return answer
  }

  close(): void {
    this.socket?.destroy()
    this.socket = undefined
  }

  private async requireSocket(): Promise<Socket> {
    if (this.socket && !this.socket.destroyed && this.socket.writable) return this.socket
    const socket = connect(this.port, '127.0.0.1')
    socket.on('error', () => undefined)
    await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve))
    this.socket = socket
    return socket
  }
}

/** The answer at the beginning of these bytes once it is whole; interim ones (100 Continue) are passed over. */
function answerIn(received: Buffer): RawAnswer | undefined {
  const end = received.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const [statusLine = '', ...lines] = received.toString('latin1', 0, end).split('\r\n')
  const status = Number(statusLine.split(' ')[1])
  const rest = received.subarray(end + 4)
  if (status < 200) return answerIn(rest)
  const headers: Record<string, string> = {}
  for (const line of lines) {
    const at = line.indexOf(':')
    const name = line.slice(0, at).toLowerCase()
    const value = line.slice(at + 1).trim()
    headers[name] = name in headers ? `${headers[name]}, ${value}` : value
  }
  const body = headers['transfer-encoding'] === 'chunked' ? unchunked(rest) : sized(rest, headers['content-length'])
  return body && { status, headers, body }
}

function sized(rest: Buffer, length: string | undefined): Buffer | undefined {
  const bytes = Number(length ?? 0)
  return rest.length < bytes ? undefined : rest.subarray(0, bytes)
}

function unchunked(rest: Buffer): Buffer | undefined {
  const chunks: Buffer[] = []
  for (let at = 0; ; ) {
    const lineEnd = rest.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const size = Number.parseInt(rest.toString('latin1', at, lineEnd), 16)
    if (rest.length < lineEnd + 2 + size + 2) return undefined
    if (size === 0) return Buffer.concat(chunks)
    chunks.push(rest.subarray(lineEnd + 2, lineEnd + 2 + size))
    at = lineEnd + 2 + size + 2
  }
}
