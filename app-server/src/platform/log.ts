// The log: one JSON object a line, with the id of the request it belongs to, and never a secret.
import type { LoggerService } from '@nestjs/common'
import { type DestinationStream, type Logger, pino } from 'pino'
import { currentRequestId } from './request-context.js'

/** Names whose values never reach the log, at the first two depths a log line has. */
const secretNames = ['authorization', 'cookie', 'password', 'secret', 'token', 'access_token', 'refresh_token', 'code']

/** A line that is not at least a warning may wait this long in memory, in milliseconds. */
const flushMs = 100

export class Log {
  private readonly pino: Logger
  private readonly forRequests: Logger

  /** @param destination where the lines go; standard output unless told. */
  constructor(level: string, destination?: DestinationStream) {
    this.pino = pino(
      {
        level,
        base: { service: 'app-server' },
        timestamp: pino.stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        mixin: () => {
          const requestId = currentRequestId()
          return requestId === undefined ? {} : { requestId }
        },
        redact: { paths: secretNames.flatMap((name) => [name, `*.${name}`]), censor: '[redacted]' },
      },
      // Lines of busy moments go out together; none waits longer than `flushMs`.
      destination ?? pino.destination({ fd: 1, sync: false, minLength: 15 * 1024, periodicFlush: flushMs }),
    )
    this.forRequests = this.pino.child({}, { redact: [] })
  }

  /** The line of one request that is over. Its names are these and no secret's, so nothing of it is looked through. */
  request(fields: { method: string; path: string; status: number; durationMs: number }): void {
    this.forRequests.info(fields, 'request')
  }

  debug(fields: object, message: string): void {
    this.pino.debug(fields, message)
  }

  info(fields: object, message: string): void {
    this.pino.info(fields, message)
  }

  warn(fields: object, message: string): void {
    this.pino.warn(fields, message)
    this.pino.flush()
  }

  /** `fields.error` may be an Error: its message, code and stack are written. */
  error(fields: { error?: unknown; [name: string]: unknown }, message: string): void {
    const { error, ...rest } = fields
    this.pino.error(error === undefined ? rest : { ...rest, err: error }, message)
    this.pino.flush()
  }

  flush(): void {
    this.pino.flush()
  }

  /** The same log for Nest's own words; its chatter about routes and modules is debug. */
  forNest(): LoggerService {
    const asText = (message: unknown) => (typeof message === 'string' ? message : JSON.stringify(message))
    return {
      log: (message, context) => this.pino.debug({ context }, asText(message)),
      debug: (message, context) => this.pino.debug({ context }, asText(message)),
      verbose: (message, context) => this.pino.trace({ context }, asText(message)),
      warn: (message, context) => this.pino.warn({ context }, asText(message)),
      error: (message, stack, context) =>
        message instanceof Error
          ? this.pino.error({ err: message, context }, message.message)
          : this.pino.error({ stack, context }, asText(message)),
    }
  }
}
