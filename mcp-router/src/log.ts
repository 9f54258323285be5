// The router's log: one JSON object a line, never a token and never the arguments of a call.
import { type Logger, pino } from 'pino'

export type Log = Logger

/** @param level a pino level, 'silent' for none. */
export function createLog(level: string): Log {
  return pino(
    {
      level,
      base: { service: 'mcp-router' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ fd: 1, sync: false, minLength: 0 }),
  )
}
