// A mail server on loopback that speaks enough SMTP (RFC 5321) to take a mail, and misbehaves when told to.
import { readFileSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, TLSSocket } from 'node:tls'
import { localhostCertificate } from '@sekisho/testing'

/** Where in the conversation it misbehaves; `content` is after the whole mail has come. */
export type SmtpStage = 'connect' | 'EHLO' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA' | 'content'

/** A reply such as "451 come back later", silence, a cut connection, or (`cut`) taking the mail and cutting then. */
export type SmtpFault = { reply: string } | 'hang' | 'drop' | 'cut'

export interface TakenMail {
  from: string
  to: string
  /** As it came, without the stuffed dots. */
  text: string
  headers: Record<string, string>
  body: string
  /** User and password, when it was sent after a login. */
  login: string | undefined
  /** Whether the login came over TLS. */
  encrypted: boolean
}

export class SmtpFake {
  readonly taken: TakenMail[] = []
  /** Every line any client said, content excluded. */
  readonly lines: string[] = []
  /** Connections so far. */
  connections = 0
  private rules: { stage: SmtpStage; fault: SmtpFault; times: number }[] = []
  private readonly open = new Set<Socket>()
  private readonly server: Server

  /** @param tls from the first byte, or when the client asks for it; its certificate is for localhost, by nobody known */
  constructor(private readonly tls: 'none' | 'from the start' | 'offered' = 'none') {
    this.server =
      tls === 'from the start'
        ? createTlsServer(certificate(), (socket) => this.converse(socket))
        : createServer((socket) => this.converse(socket))
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    return this
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`
  }

  misbehave(stage: SmtpStage, fault: SmtpFault, times = Number.POSITIVE_INFINITY): void {
    this.rules.push({ stage, fault, times })
  }

  behave(): void {
    this.rules = []
    this.taken.length = 0
    this.lines.length = 0
    this.connections = 0
  }

  async close(): Promise<void> {
    for (const socket of this.open) socket.destroy()
    await new Promise<void>((resolve) => this.server.close(() => resolve()))
  }

  private converse(socket: Socket): void {
    this.open.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => this.open.delete(socket))
    socket.setEncoding('utf8')
    const mail = { from: '', to: '', login: undefined as string | undefined, encrypted: false }
    let content: string[] | undefined
    let rest = ''
    if (!(socket instanceof TLSSocket) || this.tls === 'from the start') {
      this.connections++
      this.at('connect', socket, '220 fake ESMTP')
    }
    socket.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\r\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (content === undefined) {
          this.lines.push(line)
          if (line === 'STARTTLS' && this.tls === 'offered') {
            socket.removeAllListeners('data')
            socket.write('220 go\r\n')
            this.converse(new TLSSocket(socket, { ...certificate(), isServer: true }))
            return
          }
          if (this.command(line, socket, mail)) content = []
        } else if (line === '.') {
          this.take(socket, mail, content.join('\r\n'))
          content = undefined
        } else {
          content.push(line.startsWith('.') ? line.slice(1) : line)
        }
      }
    })
  }

  /** @returns whether the content of a mail follows */
  private command(
    line: string,
    socket: Socket,
    mail: { from: string; to: string; login: string | undefined; encrypted: boolean },
  ): boolean {
    const [verb = ''] = line.toUpperCase().split(' ')
    if (verb === 'EHLO') {
      const offered = this.tls === 'offered' && !(socket instanceof TLSSocket)
      const words = ['fake', '8BITMIME', 'SMTPUTF8', 'AUTH PLAIN', ...(offered ? ['STARTTLS'] : [])]
      const reply = words.map((word, at) => `250${at === words.length - 1 ? ' ' : '-'}${word}`).join('\r\n')
      this.at('EHLO', socket, reply)
    } else if (verb === 'AUTH') {
      const [, user, pass] = Buffer.from(line.split(' ')[2] ?? '', 'base64')
        .toString()
        .split('\0')
      mail.login = `${user}:${pass}`
      mail.encrypted = socket instanceof TLSSocket
      this.at('AUTH', socket, '235 good')
    } else if (verb === 'MAIL') {
      mail.from = /<(.*?)>/.exec(line)?.[1] ?? ''
      this.at('MAIL', socket, '250 ok')
    } else if (verb === 'RCPT') {
      mail.to = /<(.*?)>/.exec(line)?.[1] ?? ''
      this.at('RCPT', socket, '250 ok')
    } else if (verb === 'DATA') {
      return this.at('DATA', socket, '354 go on')
    } else if (verb === 'QUIT') {
      socket.end('221 bye\r\n')
    } else {
      socket.write('502 not here\r\n')
    }
    return false
  }

  private take(socket: Socket, mail: Pick<TakenMail, 'from' | 'to' | 'login' | 'encrypted'>, text: string): void {
    const fault = this.faultAt('content')
    if (fault === undefined || fault === 'cut') {
      const [head = '', ...body] = text.split('\r\n\r\n')
      const headers = Object.fromEntries(
        head
          .replaceAll(/\r\n[ \t]+/g, ' ')
          .split('\r\n')
          .map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
      )
      this.taken.push({ ...mail, text, headers, body: decoded(headers, body.join('\r\n\r\n')) })
    }
    this.answer(socket, fault, '250 taken')
  }

  /** @returns whether all went as it should */
  private at(stage: SmtpStage, socket: Socket, reply: string): boolean {
    const fault = this.faultAt(stage)
    this.answer(socket, fault, reply)
    return fault === undefined
  }

  private answer(socket: Socket, fault: SmtpFault | undefined, reply: string): void {
    if (fault === 'hang') return
    if (fault === 'drop' || fault === 'cut') socket.destroy()
    else socket.write(`${fault?.reply ?? reply}\r\n`)
  }

  private faultAt(stage: SmtpStage): SmtpFault | undefined {
    const rule = this.rules.find((one) => one.stage === stage && one.times > 0)
    if (rule) rule.times--
    return rule?.fault
  }
}

function certificate() {
  const cert = readFileSync(localhostCertificate)
  return { cert, key: readFileSync(new URL('localhost.key', localhostCertificate)) }
}

/** As a reader shows it: quoted-printable (RFC 2045, section 6.7) is undone. */
function decoded(headers: Record<string, string>, body: string): string {
  if (headers['content-transfer-encoding'] !== 'quoted-printable') return body
  const bytes = body
    .replaceAll('=\r\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString('utf8')
}
