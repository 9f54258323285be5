// Starts a Postgres of our own from the installed binaries, and makes sure that it never outlives whoever started it.
import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { open, rename, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { findServerAccount } from './account.js'
import { requireBinaries } from './binaries.js'
import {
  clusterOf,
  findPassword,
  findServingPort,
  firstDatabase,
  inUse,
  pathForServer,
  readIfThere,
  requireCluster,
  requireDataDirectory,
  requireUnused,
  serverEnvironment,
  superuser,
} from './cluster.js'
import { LocalPostgresFailure, systemCode } from './failure.js'
import { keeperScript } from './keeper.js'

export interface LocalPostgresOptions {
  /** Made when it is not there. Holds the cluster, its password (0600) and the server's log. */
  dataDirectory: string
  /** True: what is committed survives a power cut. False: for tests, faster, and a crash may lose everything. */
  durable: boolean
  /** The port on 127.0.0.1; without it a free one is chosen. */
  port?: number
}

export interface LocalPostgres {
  readonly port: number
  /** A connection string, password included. The cluster comes with one database, `sekisho`, the default. */
  url(database?: string): string
  /** Ends the server: running transactions are rolled back, what is committed is kept. Safe to call twice. */
  stop(): Promise<void>
  /** Settles when the server has ended, by stop() or by itself. Never rejects. */
  readonly exited: Promise<PostgresExit>
}

export interface PostgresExit {
  /** True after stop(). */
  expected: boolean
  /** What the server last said, at most 4000 characters. */
  lastWords: string
}

/** Recovery after a crash replays the log; that takes minutes only for far more data than this is meant for. */
const startDeadlineMs = 120_000
/** The keeper asks once, then insists after 20 seconds; past this the whole group is killed. */
const stopDeadlineMs = 30_000
/** Backends of a server that was killed notice within moments; a port can be taken between our look and the start. */
const attempts = 5
const maxLogBytes = 1024 * 1024

/**
 * Starts Postgres on the data directory, making the database first where there is none. Durations: half a second to
 * make, a tenth to start. Throws LocalPostgresFailure with one message for a person: no binaries for this platform,
 * a directory that cannot be written, data in use or made by another version, a busy port.
 */
export async function startLocalPostgres(options: LocalPostgresOptions): Promise<LocalPostgres> {
  const dataDirectory = resolve(options.dataDirectory)
  const cluster = clusterOf(dataDirectory)
  const account = findServerAccount(cluster)
  const binaries = await requireBinaries(account)
  await requireDataDirectory(dataDirectory, account)
  const password = await requireCluster(dataDirectory, { binaries, account, durable: options.durable })
  const log = await openLog(dataDirectory)

  for (let attempt = 1; ; attempt += 1) {
    await requireUnused(cluster)
    const port = options.port ?? (await findFreePort())
    const before = await readIfThere(join(cluster, 'postmaster.pid'))
    const logStart = (await stat(log)).size
    const output = openSync(log, 'a')
    const keeper = spawn(
      '/bin/sh',
      [
        '-c',
        keeperScript,
        'sekisho-postgres',
        join(binaries.directory, 'bin', 'postgres'),
        ...['-D', pathForServer(cluster, account)],
        ...serverSettings(port, options.durable),
      ],
      // A process group of its own: Ctrl-C goes to the terminal's whole group, and the database has to be the last to go.
      { ...account, cwd: cluster, env: serverEnvironment, stdio: ['pipe', output, output], detached: true },
    )
    closeSync(output)
    const server = new RunningServer(keeper, log, logStart)
    if (await server.becomesReady(cluster, port, before)) {
      return {
        port,
        url: (database = firstDatabase) => urlOf(port, password, database),
        stop: () => server.stop(),
        exited: server.exited,
      }
    }
    await server.stop()
    const { lastWords } = await server.exited
    if (attempt < attempts) {
      if (/shared memory block .* still in use/.test(lastWords)) {
        await delay(500)
        continue
      }
      if (options.port === undefined && /could not (bind|create any TCP)/.test(lastWords)) continue
    }
    if (/lock file "postmaster\.pid" already exists/.test(lastWords)) throw inUse(cluster)
    if (/could not bind/.test(lastWords)) {
      throw new LocalPostgresFailure(`Port ${port} on 127.0.0.1, meant for Postgres, is busy. Choose another.`)
    }
    throw new LocalPostgresFailure(`Postgres did not start on ${cluster}. It said:\n${lastWords || '(nothing)'}`)
  }
}

/**
 * The connection string of the server that runs on a data directory now, whoever started it. Undefined when none does.
 */
export async function findLocalPostgres(dataDirectory: string): Promise<string | undefined> {
  const cluster = clusterOf(resolve(dataDirectory))
  const [port, password] = [await findServingPort(cluster), await findPassword(cluster)]
  return port === undefined || password === undefined ? undefined : urlOf(port, password, firstDatabase)
}

function urlOf(port: number, password: string, database: string): string {
  return `postgres://${superuser}:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`
}

class RunningServer {
  readonly exited: Promise<PostgresExit>
  private ended = false
  private stopping = false

  constructor(
    private readonly keeper: ChildProcess,
    private readonly log: string,
    private readonly logStart: number,
  ) {
    this.exited = new Promise((settle) => {
      const end = () => {
        this.ended = true
        readFrom(this.log, this.logStart).then(
          (lastWords) => settle({ expected: this.stopping, lastWords }),
          (error) => settle({ expected: this.stopping, lastWords: String(error) }),
        )
      }
      keeper.once('exit', end)
      keeper.once('error', end)
    })
    // A keeper that is gone breaks its pipe; `exited` tells that.
    keeper.stdin?.on('error', () => {})
  }

  /** True once the server takes connections, false when it ended instead (or never came to be ready). */
  async becomesReady(cluster: string, port: number, before: string | undefined): Promise<boolean> {
    const deadline = Date.now() + startDeadlineMs
    while (!this.ended && Date.now() < deadline) {
      // Line 4 is the port and line 8 the state, as pg_ctl reads them (PostgreSQL, miscadmin.h, LOCK_FILE_LINE_*).
      const lock = await readIfThere(join(cluster, 'postmaster.pid'))
      const lines = lock?.split('\n') ?? []
      if (lock !== before && lines[3] === String(port) && lines[7]?.trim() === 'ready') return true
      await delay(10)
    }
    return false
  }

  async stop(): Promise<void> {
    this.stopping ||= !this.ended
    this.keeper.stdin?.end()
    const late = setTimeout(() => this.killGroup(), stopDeadlineMs)
    await this.exited
    clearTimeout(late)
  }

  /** The group holds the keeper and the server; backends end when they see the server gone. */
  private killGroup(): void {
    if (this.keeper.pid === undefined) return
    try {
      process.kill(-this.keeper.pid, 'SIGKILL')
    } catch (error) {
      // It has just ended by itself.
      if (systemCode(error) !== 'ESRCH') throw error
    }
  }
}

function serverSettings(port: number, durable: boolean): string[] {
  const settings: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    timezone: 'UTC',
    log_timezone: 'UTC',
    // What a statement got wrong is told to who sent it; the log is for the server's own news.
    log_min_messages: 'log',
    log_checkpoints: 'off',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

/** The server's log; one older file is kept beside it. */
async function openLog(dataDirectory: string): Promise<string> {
  const log = join(dataDirectory, 'postgres.log')
  const handle = await open(log, 'a', 0o600)
  const { size } = await handle.stat()
  await handle.close()
  if (size <= maxLogBytes) return log
  await rename(log, `${log}.1`)
  await (await open(log, 'a', 0o600)).close()
  return log
}

async function readFrom(path: string, position: number): Promise<string> {
  const handle = await open(path, 'r')
  try {
    const { size } = await handle.stat()
    const start = Math.max(position, size - 4_000)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.max(0, size - start)), 0, size - start, start)
    return buffer.toString('utf8', 0, bytesRead).trim()
  } finally {
    await handle.close()
  }
}

function findFreePort(): Promise<number> {
  return new Promise((resolvePort, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() =>
        address && typeof address === 'object' ? resolvePort(address.port) : reject(new Error('no port')),
      )
    })
  })
}
