// The router's log: one JSON object a line, never a token and never the arguments of a call.
import { once } from 'node:events'
import { type Logger, pino } from 'pino'

export type Log = Logger

const pageBytes = 4096
const flushMs = 100

export interface LogOutput {
  log: Log
  /** Writes out what is still waiting, for up to a second. Nothing can be logged after it. */
  end(): Promise<void>
}

/** Opens the log on standard output. @param level a pino level, 'silent' for none. */
export function openLog(level: string): LogOutput {
  // Lines go out together, a page of them or what a moment has brought: a write of its own for each would cost a busy
  // router more than to forward the request. An end in order writes them all; a kill may take the last moment's along.
  const output = pino.destination({ fd: 1, sync: false, minLength: pageBytes, periodicFlush: flushMs })
  const log = pino(
    {
      level,
      base: { service: 'mcp-router' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    output,
  )
  return {
    log,
    async end() {
      const closed = once(output, 'close', { signal: AbortSignal.timeout(1_000) })
      output.end()
      await closed.catch(() => undefined)
    },
  }
}
