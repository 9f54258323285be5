// What a start needs before anything runs: settings, free ports, a directory to write to and a key. One clear message for each lack.
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { access, constants, mkdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseEnv } from 'node:util'

/** A start that cannot go on; the message is for the person who typed the command and says what to change. */
export class StartFault extends Error {}

/** The settings that only a start knows; `.env.example` is tested against them. The programs have the others. */
export const startSettingNames = ['DATA_DIRECTORY', 'LOG_STDOUT']

/**
 * @typedef {object} StartSettings
 * @property {NodeJS.ProcessEnv} env what the programs get: everything given, and the defaults they have to agree on
 * @property {string} dataDirectory
 * @property {Port[]} ports
 * @property {string} publicUrl
 * @property {string} mcpUrl
 * @property {string} appServerUrl how this machine reaches it
 * @property {string} routerUrl how this machine reaches it
 * @property {boolean} devSignIn
 * @property {boolean} google
 * @property {boolean} needsDatabase
 * @property {boolean} needsSealingKey
 * @property {boolean} showAllLogs
 *
 * @typedef {{ name: string, host: string, port: number }} Port
 */

/**
 * Reads `.env`, which never overrides the real environment, and what of the settings concerns the start itself; the
 * programs check the rest. Throws StartFault naming every fault.
 * @param {string} root
 * @param {NodeJS.ProcessEnv} given
 * @returns {StartSettings}
 */
export function readStartSettings(root, given) {
  /** @type {string[]} */
  const faults = []
  const env = { ...readEnvFile(join(root, '.env')), ...given }
  // As for the programs: an empty variable is none, and NAME_FILE names a file that holds the value.
  const has = (/** @type {string} */ name) => Boolean(env[name] || env[`${name}_FILE`])
  const port = (/** @type {string} */ name, /** @type {number} */ fallback) => {
    const number = Number(env[name] || fallback)
    if (Number.isInteger(number) && number >= 1 && number <= 65535) return number
    faults.push(`${name} must be a port number between 1 and 65535, not "${env[name]}"`)
    return fallback
  }
  const appPort = port('APP_PORT', 3000)
  const routerPort = port('ROUTER_PORT', 8080)
  if (appPort === routerPort) faults.push(`APP_PORT and ROUTER_PORT must differ; both are ${appPort}`)
  if (!/^(true|false|1|0|)$/.test(env.LOG_STDOUT ?? '')) faults.push('LOG_STDOUT must be true or false')
  if (faults.length > 0) throw new StartFault(`These settings need your attention:\n${list(faults)}`)

  const appHost = env.APP_HOST || '127.0.0.1'
  const routerHost = env.ROUTER_HOST || '127.0.0.1'
  const appServerUrl = `http://${reachable(appHost)}:${appPort}`
  const publicUrl = env.PUBLIC_URL || `http://localhost:${appPort}`
  const mcpUrl = env.MCP_URL || `http://localhost:${routerPort}/mcp`
  const production = env.NODE_ENV === 'production'
  return {
    env: {
      ...env,
      APP_PORT: String(appPort),
      ROUTER_PORT: String(routerPort),
      // Whatever it says elsewhere: the app server the router belongs to is the one started here.
      APP_SERVER_URL: appServerUrl,
      ...(!has('PUBLIC_URL') && { PUBLIC_URL: publicUrl }),
      ...(!has('MCP_URL') && { MCP_URL: mcpUrl }),
    },
    dataDirectory: resolve(root, env.DATA_DIRECTORY || '.data'),
    ports: [
      { name: 'APP_PORT', host: appHost, port: appPort },
      { name: 'ROUTER_PORT', host: routerHost, port: routerPort },
    ],
    publicUrl,
    mcpUrl,
    appServerUrl,
    routerUrl: `http://${reachable(routerHost)}:${routerPort}`,
    devSignIn: env.DEV_SIGN_IN ? /^(true|1)$/.test(env.DEV_SIGN_IN) : !production,
    google: has('GOOGLE_CLIENT_ID'),
    needsDatabase: !has('DATABASE_URL'),
    // In production a key that appears by itself would hide that nobody has made, and saved, one.
    needsSealingKey: !has('SEALING_KEY') && !has('SEALING_KEYS_OLD') && !production,
    showAllLogs: /^(true|1)$/.test(env.LOG_STDOUT ?? ''),
  }
}

/**
 * Makes sure that both servers will get their ports; those of a start that was killed take a moment to come free.
 * Throws StartFault with one line for each setting that must change.
 * @param {{ ports: Port[], command: string }} needed command: how to start again, e.g. `npm start`
 * @param {AbortSignal} signal ends the waiting
 */
export async function requireFreePorts({ ports, command }, signal, patienceMs = 2_000) {
  for (const { name, port } of ports) {
    const other = ports.find((one) => one.port === port && one.name !== name)
    if (other) throw new StartFault(`${name} and ${other.name} must differ; both want port ${port}.`)
  }
  const deadline = performance.now() + patienceMs
  for (;;) {
    const looks = await Promise.all(
      ports.map(async (port) => ({ name: port.name, fault: await lookAt(port, command) })),
    )
    // Of several ports of one setting the last: what is free lies behind it.
    const faults = new Map(looks.flatMap(({ name, fault }) => (fault === undefined ? [] : [[name, fault]])))
    if (faults.size === 0) return
    if (performance.now() > deadline) throw new StartFault([...faults.values()].join('\n'))
    await delay(100, undefined, { signal })
  }
}

/**
 * @param {Port} port
 * @param {string} command
 * @returns {Promise<string | undefined>} what is wrong with it
 */
async function lookAt({ name, host, port }, command) {
  // People open localhost, which may lead to ::1: a stranger there would be taken for us.
  const addresses = host === '127.0.0.1' ? [host, '::1'] : [host]
  for (const address of addresses) {
    const code = await tryToListen(address, port)
    if (code === 'EADDRINUSE') {
      return `Port ${port} is in use by another program, perhaps by a Sekisho in another terminal. End that, or set ${name} to a free port, e.g. ${name}=${Math.min(port + 1, 65535)} ${command}`
    }
    if (code === 'EACCES') return `Port ${port} may not be used by this user. Set ${name} to a port above 1023.`
    if (code && address === host)
      return `Cannot listen on ${host}:${port} (${code}). Set ${name.replace('PORT', 'HOST')} to an address of this machine.`
  }
  return undefined
}

/**
 * @param {string} host
 * @param {number} port
 * @returns {Promise<string | undefined>} the code of the failure
 */
function tryToListen(host, port) {
  return new Promise((settle) => {
    const server = createServer()
    server.once('error', (error) => settle(/** @type {NodeJS.ErrnoException} */ (error).code ?? error.message))
    server.listen({ host, port, exclusive: true }, () => server.close(() => settle(undefined)))
  })
}

/**
 * Makes the directory where it is missing. Throws StartFault when it cannot be written to.
 * @param {string} directory
 */
export async function requireDirectory(directory) {
  try {
    await mkdir(directory, { recursive: true })
    await access(directory, constants.W_OK | constants.X_OK)
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error)
    throw new StartFault(
      `Cannot write to the data directory ${directory} (${code}). Make it writable for this user, or set DATA_DIRECTORY to another directory.`,
    )
  }
}

/**
 * The sealing keys as files that the app server reads again when they change, so that a rotation needs no restart.
 * @param {string} data the data directory
 * @returns {Promise<Record<string, string>>} settings of the app server
 */
export async function requireSealingKeys(data) {
  const { current, old } = sealingKeyFiles(data)
  await requireSealingKey(current)
  await writeFile(old, '', { flag: 'a', mode: 0o600 })
  return { SEALING_KEY_FILE: current, SEALING_KEYS_OLD_FILE: old }
}

/** @param {string} data the data directory */
export function sealingKeyFiles(data) {
  return { current: join(data, 'sealing-key'), old: join(data, 'sealing-keys-old') }
}

/**
 * The key that seals secrets at rest, made at the first start. Who loses it loses every stored secret, so a damaged one
 * is reported and never replaced.
 * @param {string} file holds 32 bytes in base64
 */
async function requireSealingKey(file) {
  try {
    await writeFile(file, `${randomBytes(32).toString('base64')}\n`, { flag: 'wx', mode: 0o600 })
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error)
    if (code !== 'EEXIST')
      throw new StartFault(`Cannot write ${file} (${code}). Make its directory writable for this user.`)
  }
  const key = await readFile(file, 'utf8').catch((/** @type {NodeJS.ErrnoException} */ error) => {
    throw new StartFault(`Cannot read ${file} (${error.code}). Make it readable for this user.`)
  })
  if (Buffer.from(key, 'base64').length !== 32) {
    throw new StartFault(
      `${file} does not hold 32 bytes in base64. Restore it from a copy; only if nothing stored matters, remove it and start again.`,
    )
  }
}

/** @param {string} path */
function readEnvFile(path) {
  let text = ''
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error)
    if (code !== 'ENOENT') throw new StartFault(`Cannot read ${path} (${code}). Make it a file readable for this user.`)
  }
  return parseEnv(text)
}

/** A server that listens on all addresses is reached by this one. @param {string} host */
function reachable(host) {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1'
  return host.includes(':') ? `[${host}]` : host
}

/** @param {string[]} lines */
export function list(lines) {
  return lines.map((line) => `  - ${line}`).join('\n')
}
