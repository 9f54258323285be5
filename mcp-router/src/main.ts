// The router's process: settings in, a listening router, an orderly end, and an exit code that says why.
import { FaultySettings } from '@sekisho/contracts'
import { errorCodeOf } from './error-code.js'
import { openLog } from './log.js'
import { startRouter } from './router.js'
import { loadSettings, type RouterSettings } from './settings.js'

/** sysexits.h EX_CONFIG: starting again will not help before somebody has changed a setting. */
const faultyConfiguration = 78

function giveUp(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(faultyConfiguration)
}

function readSettingsOrGiveUp(): RouterSettings {
  try {
    return loadSettings(process.env)
  } catch (error) {
    if (error instanceof FaultySettings) giveUp(error.message)
    throw error
  }
}

/** What to change when the system does not let us listen; undefined when it is something else. */
function listenFault(error: unknown, { host, port }: RouterSettings): string | undefined {
  const code = errorCodeOf(error)
  if (code === 'EADDRINUSE') {
    return `Port ${port} on ${host} is taken. End the program that has it, or set ROUTER_PORT to a free port.`
  }
  if (code === 'EACCES') return `Port ${port} may not be used by this user. Set ROUTER_PORT to one from 1024 on.`
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `${host} is no address of this machine. Set ROUTER_HOST to 127.0.0.1, or to 0.0.0.0 for all of them.`
  }
  return undefined
}

const settings = readSettingsOrGiveUp()
const { log, end: endLog } = openLog(settings.logLevel)
const router = await startRouter(settings, log).catch((error: unknown) => {
  const fault = listenFault(error, settings)
  if (fault) giveUp(fault)
  throw error
})

const end = async () => {
  try {
    await router.close()
    await endLog()
    process.exit(0)
  } catch (error) {
    process.stderr.write(`The router did not end in order: ${String(error)}\n`)
    process.exit(1)
  }
}
process.once('SIGTERM', end)
process.once('SIGINT', end)
if (settings.endsWithStdin) process.stdin.once('end', end).once('error', end).resume()
