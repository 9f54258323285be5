// Starts the app server as a process: reads the settings, listens, and ends in order when told to.
import 'reflect-metadata'
import { FaultySettings } from '@sekisho/contracts'
import { startAppServer } from './app.js'
import { UnknownSealingKey } from './platform/sealed-values.js'
import { loadSettings } from './platform/settings.js'

/** EX_CONFIG of sysexits.h: the start failed because of how it was set up; the message says what to change. */
const faultySetUp = 78

try {
  const server = await startAppServer(loadSettings(process.env))
  let ending = false
  const end = async () => {
    if (ending) return
    ending = true
    await server.close()
    process.exit(0)
  }
  process.on('SIGTERM', end)
  process.on('SIGINT', end)
  // The starter holds the other end of our standard input: when it is gone, however it went, so are we.
  if (process.env.SEKISHO_PARENT_PIPE === 'stdin') process.stdin.on('end', end).on('error', end).resume()
} catch (error) {
  const words = setUpFault(error)
  if (words === undefined) throw error
  console.error(words)
  process.exit(faultySetUp)
}

/** What to tell the operator when the cause lies in the set-up; undefined for a fault of ours. */
function setUpFault(error: unknown): string | undefined {
  if (error instanceof FaultySettings || error instanceof UnknownSealingKey) return error.message
  if (!(error instanceof Error)) return undefined
  const { code, port } = error as { code?: unknown; port?: unknown }
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken by another program. End that, or set APP_PORT to a free port.`
  if (code === 'EACCES' && port !== undefined)
    return `Port ${port} may not be used by this user. Set APP_PORT to one above 1023.`
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'ETIMEDOUT') {
    return `DATABASE_URL leads to a database that does not answer (${code}). Start it, or correct DATABASE_URL.`
  }
  if (code === '28P01' || code === '28000' || code === '3D000') {
    return `The database refuses us: ${error.message}. Correct the user, password or database name in DATABASE_URL.`
  }
  return undefined
}
