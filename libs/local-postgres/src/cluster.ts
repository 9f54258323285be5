// The database cluster on disk: made once, whole or not at all, with a password of its own, and used by one server at a time.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { type Account, canEnter } from './account.js'
import type { Binaries } from './binaries.js'
import { LocalPostgresFailure, systemCode, useOwnDatabase } from './failure.js'

/** The database superuser, and the one database every cluster is made with. */
export const superuser = 'sekisho'
export const firstDatabase = 'sekisho'

const passwordFile = 'sekisho-password'
const stagingPrefix = 'cluster.new-'
/** A staging directory older than this is left from a start that was killed; initdb itself takes a second. */
const stagingAgeMs = 10 * 60_000
const initdbDeadlineMs = 120_000

/** Nothing of ours decides how Postgres behaves: no PG* variables, UTC, and its own words in English. */
export const serverEnvironment = { PATH: process.env.PATH ?? '/usr/bin:/bin', TZ: 'UTC', LC_MESSAGES: 'C' }

/** Where the cluster of a data directory is. Beside it are the server's log and, for a moment, a cluster in the making. */
export function clusterOf(dataDirectory: string): string {
  return join(dataDirectory, 'cluster')
}

/** Makes the data directory and proves that it can be written to. Throws LocalPostgresFailure when not. */
export async function requireDataDirectory(dataDirectory: string, account: Account | undefined): Promise<void> {
  try {
    await mkdir(dataDirectory, { recursive: true, mode: 0o700 })
    const probe = join(dataDirectory, `.probe-${randomBytes(6).toString('hex')}`)
    await writeFile(probe, '')
    await rm(probe)
    // Only what is root's own is handed over: the directory may be someone's who lets root in.
    if (account && (await stat(dataDirectory)).uid === 0) await chown(dataDirectory, account.uid, account.gid)
  } catch (error) {
    if (!systemCode(error)) throw error
    throw new LocalPostgresFailure(
      `Cannot write to the data directory ${dataDirectory} (${systemCode(error)}). Make it a directory this user can write to. ${useOwnDatabase}`,
      { cause: error },
    )
  }
}

/**
 * How the server names its data directory, with `cwd` set to it.
 * Under a parent the account cannot pass (a project in /root) no path leads there, but Linux lets a process that was
 * started inside a directory name it as /proc/self/cwd. Throws LocalPostgresFailure where there is no such way.
 */
export function pathForServer(directory: string, account: Account | undefined): string {
  if (!account || canEnter(directory, account)) return directory
  if (process.platform === 'linux') return '/proc/self/cwd'
  throw new LocalPostgresFailure(
    `Postgres does not run as root, and the user it runs as instead (uid ${account.uid}) cannot reach ${directory}. Start as an ordinary user, or move the project out of root's private directory. ${useOwnDatabase}`,
  )
}

/**
 * Makes the cluster when there is none, and returns its superuser's password.
 * It is made beside its final place and moved there when complete: an interrupted first start leaves nothing half done.
 */
export async function requireCluster(
  dataDirectory: string,
  { binaries, account, durable }: { binaries: Binaries; account: Account | undefined; durable: boolean },
): Promise<string> {
  const cluster = clusterOf(dataDirectory)
  await sweepStaging(dataDirectory)
  const version = await readIfThere(join(cluster, 'PG_VERSION'))
  if (version === undefined) {
    const staging = await mkdtemp(join(dataDirectory, stagingPrefix))
    try {
      if (account) await chown(staging, account.uid, account.gid)
      await initialize(staging, { binaries, account, durable })
      await rename(staging, cluster).catch((error) => {
        // Another start was faster; its cluster is as good as ours.
        if (systemCode(error) !== 'ENOTEMPTY' && systemCode(error) !== 'EEXIST') throw error
      })
    } finally {
      await rm(staging, { recursive: true, force: true })
    }
  } else if (Number.parseInt(version, 10) !== binaries.major) {
    throw new LocalPostgresFailure(
      `The data in ${cluster} was made by Postgres ${version.trim()}, but this is Postgres ${binaries.major}. Move ${cluster} away to start with an empty database. ${useOwnDatabase}`,
    )
  }
  const password = await readIfThere(join(cluster, passwordFile))
  if (password === undefined) {
    throw new LocalPostgresFailure(
      `${join(cluster, passwordFile)} is missing, so nobody can sign in to this database. Restore that file, or move ${cluster} away to start with an empty database.`,
    )
  }
  return password.trim()
}

async function initialize(
  staging: string,
  { binaries, account, durable }: { binaries: Binaries; account: Account | undefined; durable: boolean },
): Promise<void> {
  const password = randomBytes(24).toString('base64url')
  const inside = pathForServer(staging, account)
  const make = (locale: string) =>
    run(
      [
        join(binaries.directory, 'bin', 'initdb'),
        `--pgdata=${inside}`,
        `--username=${superuser}`,
        '--auth=scram-sha-256',
        '--pwfile=/dev/stdin',
        '--encoding=UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        `--locale=${locale}`,
        ...(durable ? [] : ['--no-sync', '--no-data-checksums']),
      ],
      { account, cwd: staging, input: `${password}\n` },
    )
  let made = await make('C.UTF-8')
  // Sorting and case are Postgres's own either way; the system's locale only lends its character classes.
  if (made.status !== 0 && made.output.includes('invalid locale')) made = await make('C')
  if (made.status !== 0) throw new LocalPostgresFailure(`Postgres could not make a database:\n${made.output.trim()}`)

  const first = await run(
    [join(binaries.directory, 'bin', 'postgres'), '--single', '-D', inside, ...(durable ? [] : ['-F']), 'postgres'],
    { account, cwd: staging, input: `CREATE DATABASE ${firstDatabase}\n` },
  )
  if (first.status !== 0) throw new LocalPostgresFailure(`Postgres could not make a database:\n${first.output.trim()}`)

  const file = join(staging, passwordFile)
  await writeFile(file, `${password}\n`, { mode: 0o600 })
  await chmod(file, 0o600)
  if (account) await chown(file, account.uid, account.gid)
}

/**
 * Waits for a server that is on its way out (its parent may just have been killed), then makes sure that none uses the
 * cluster. Throws LocalPostgresFailure naming the process that does.
 */
export async function requireUnused(cluster: string, patienceMs = 2_000): Promise<void> {
  const stoppingPatienceMs = 20_000
  const began = Date.now()
  for (;;) {
    const lock = await readIfThere(join(cluster, 'postmaster.pid'))
    if (lock === undefined) return
    const lines = lock.split('\n')
    const pid = Number(lines[0])
    if (!isAlive(pid)) return
    if (!(await isServerOf(cluster, pid))) {
      // The number of a server that crashed now belongs to some other program; Postgres itself cannot tell and would refuse.
      await rm(join(cluster, 'postmaster.pid'), { force: true })
      return
    }
    const waitedMs = Date.now() - began
    if (waitedMs > (lines[7]?.trim() === 'stopping' ? stoppingPatienceMs : patienceMs)) throw inUse(cluster, pid)
    await delay(50)
  }
}

/** The port of the server that uses the cluster and takes connections; undefined when there is none. */
export async function findServingPort(cluster: string): Promise<number | undefined> {
  const lines = (await readIfThere(join(cluster, 'postmaster.pid')))?.split('\n') ?? []
  const [pid, port] = [Number(lines[0]), Number(lines[3])]
  const serves = lines[7]?.trim() === 'ready' && isAlive(pid) && (await isServerOf(cluster, pid))
  return serves && Number.isInteger(port) ? port : undefined
}

/** The superuser's password; undefined when there is no cluster. */
export async function findPassword(cluster: string): Promise<string | undefined> {
  return (await readIfThere(join(cluster, passwordFile)))?.trim()
}

export function inUse(cluster: string, pid?: number): LocalPostgresFailure {
  const who = pid ? ` (process ${pid})` : ''
  return new LocalPostgresFailure(
    `The database in ${cluster} is in use by another Postgres${who}. Is Sekisho running in another terminal? Stop it first. ${useOwnDatabase}`,
  )
}

/** The file's text, or undefined when there is no such file. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 1) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // A process of another user exists but cannot be our server, which runs as the owner of the cluster.
    if (systemCode(error) === 'ESRCH' || systemCode(error) === 'EPERM') return false
    throw error
  }
}

// A server works inside its cluster, which Linux tells. Elsewhere its name has to do.
async function isServerOf(cluster: string, pid: number): Promise<boolean> {
  if (process.platform === 'linux') {
    const at = await readlink(`/proc/${pid}/cwd`).catch(() => '')
    return at === (await realpath(cluster))
  }
  const { output } = await run(['ps', '-p', String(pid), '-o', 'comm='], { account: undefined, cwd: '/', input: '' })
  return output.includes('postgres')
}

async function sweepStaging(dataDirectory: string): Promise<void> {
  for (const name of await readdir(dataDirectory)) {
    if (!name.startsWith(stagingPrefix)) continue
    const path = join(dataDirectory, name)
    // It may be moved to its final place by the start that makes it, just now.
    const found = await stat(path).catch(() => undefined)
    if (found && Date.now() - found.mtimeMs > stagingAgeMs) await rm(path, { recursive: true, force: true })
  }
}

/** Runs one program to its end. `input` goes through a pipe of the shell: /dev/stdin cannot be opened on Node's socket. */
function run(
  command: string[],
  { account, cwd, input }: { account: Account | undefined; cwd: string; input: string },
): Promise<{ status: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('/bin/sh', ['-c', 'cat | exec "$@"', 'sh', ...command], {
      ...account,
      cwd,
      env: serverEnvironment,
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: initdbDeadlineMs,
    })
    let output = ''
    const keep = (chunk: string) => {
      output = (output + chunk).slice(-8_000)
    }
    child.stdout.setEncoding('utf8').on('data', keep)
    child.stderr.setEncoding('utf8').on('data', keep)
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, output }))
    // A program that ends without reading leaves a broken pipe; its status and its words tell why.
    child.stdin.on('error', () => {})
    child.stdin.end(input)
  })
}
