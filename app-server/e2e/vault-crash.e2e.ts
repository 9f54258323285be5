// A process that dies while it renews tokens: the account survives, or says truthfully that it needs the person.
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { eventually, freePort } from '@sekisho/testing'
import pg from 'pg'
import { akisAccount, settingsFor } from './cloud-service.js'
import {
  callTool,
  expireTokens,
  openVaultBench,
  secretWords,
  type VaultBench,
  type VaultCaller,
  writtenDown,
} from './vault-bench.js'

let bench: VaultBench
let aki: VaultCaller
let child: { url: string; process: ChildProcess } | undefined
/** What all of them have printed. */
let output = ''

beforeAll(async () => {
  bench = await openVaultBench()
  aki = await bench.caller('Aki Tanaka')
})

afterAll(() => bench?.close())

beforeEach(async () => {
  const { oauth } = bench.cloud
  oauth.options.reuseMs = 0
  await bench.connect(aki, akisAccount)
  bench.cloud.behave()
  oauth.refreshes = 0
  await expireTokens(bench)
  child = await startChild()
})

afterEach(async () => {
  await kill()
  bench.cloud.behave()
})

/** A second app server on the same database, as a process of its own. */
async function startChild() {
  const { settings } = bench.app
  const port = await freePort()
  const program = fileURLToPath(new URL('app-server-child.mjs', import.meta.url))
  const started = spawn(process.execPath, [program], {
    env: {
      PATH: process.env.PATH ?? '',
      NODE_ENV: 'test',
      APP_PORT: String(port),
      PUBLIC_URL: settings.publicUrl,
      MCP_URL: settings.mcpUrl,
      DATABASE_URL: settings.databaseUrl,
      SEALING_KEY: settings.sealingKey.toString('base64'),
      ...settingsFor(bench.cloud),
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  for (const stream of [started.stdout, started.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const url = `http://127.0.0.1:${port}`
  await eventually(async () => {
    if (started.exitCode !== null) throw new Error(`the app server ended with ${started.exitCode}: ${output}`)
    const answer = await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(1_000) }).catch(() => undefined)
    return answer?.ok
  }, 20_000)
  return { url, process: started }
}

/** As a machine that loses power does it. */
async function kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  const running = child?.process
  if (!running || running.exitCode !== null || running.signalCode !== null) return
  const ended = new Promise<void>((resolve) => running.once('exit', () => resolve()))
  running.kill(signal)
  await ended
}

/** A call on the process that is going to die; nobody gets an answer of it. */
async function beginCall(): Promise<void> {
  const url = child?.url ?? ''
  callTool(url, aki, 'cloud.who').then(
    (answer) => {
      if (answer.status === 200) throw new Error('the call was answered before the process died')
    },
    () => undefined,
  )
  await eventually(() => bench.cloud.requests('/token') === 1, 10_000)
}

/** As if the time of the lease were over. */
const endLease = () => bench.app.sql('UPDATE oauth_tokens SET lease_until = now() WHERE lease_until IS NOT NULL')

const call = () => callTool(bench.app.url, aki, 'cloud.who')
const fine = { status: 200, body: { id: akisAccount.id, label: akisAccount.email, saw: akisAccount.email } }

async function row() {
  const [found] = await bench.app.sql<Record<string, unknown> & { renewal_began_at: Date | null }>(
    `SELECT c.status, c.status_reason, t.generation, t.lease_id, t.renewal_began_at FROM oauth_tokens t
       JOIN connections c ON c.id = t.connection_id`,
  )
  return found
}

async function expectTruth(beganAt: Date | null | undefined): Promise<void> {
  const { status, body } = await call()
  expect(status).toBe(403)
  expect(body).toMatchObject({ code: 'not-connected', reason: 'reconnect-needed', lost_because: 'renewal-interrupted' })
  expect(body.detail).toContain(
    `that began at ${beganAt?.toISOString()} was cut off before Cloud's new tokens were kept`,
  )
  expect(await row()).toMatchObject({ status: 'reconnect-needed' })
  // And connecting it again makes it whole.
  await bench.connect(aki, akisAccount)
  expect(await call()).toEqual(fine)
}

describe('a process that dies', () => {
  test('before the service did anything leaves the account whole, once its lease is over by itself', async () => {
    bench.cloud.misbehave('/token', { kind: 'hang' }, { times: 1 })
    await beginCall()
    expect((await row())?.lease_id).not.toBeNull()
    await kill()
    // Nobody helps here: the next call waits until the lease has ended, and takes over.
    expect(await call()).toEqual(fine)
    expect(bench.cloud.oauth.refreshes).toBe(1)
    expect(await row()).toMatchObject({ status: 'connected', lease_id: null, renewal_began_at: null })
  })

  test('after the service rotated and before its answer says truthfully that the person is needed', async () => {
    const release = bench.cloud.holdTokenAnswers()
    await beginCall()
    await eventually(() => bench.cloud.oauth.refreshes === 1)
    const beganAt = (await row())?.renewal_began_at
    await kill()
    release()
    await endLease()
    await expectTruth(beganAt)
  })

  test('there leaves the account whole where the service lets a used refresh token work a while', async () => {
    bench.cloud.oauth.options.reuseMs = 60_000
    const release = bench.cloud.holdTokenAnswers()
    await beginCall()
    await eventually(() => bench.cloud.oauth.refreshes === 1)
    await kill()
    release()
    await endLease()
    expect(await call()).toEqual(fine)
    expect(await row()).toMatchObject({ status: 'connected', renewal_began_at: null })
  })

  test('after the answer and before it is kept says truthfully that the person is needed', async () => {
    const { beganAt, letGo } = await dieWhileStoring()
    // The connection of a machine that is gone goes too, and its statement with it.
    await letGo('end the statement')
    await endLease()
    await expectTruth(beganAt)
  })

  test('after the database was given the new tokens loses nothing', async () => {
    const { letGo } = await dieWhileStoring()
    await letGo('finish the statement')
    await eventually(async () => (await row())?.lease_id === null)
    expect(await call()).toEqual(fine)
    expect(bench.cloud.oauth.refreshes).toBe(1)
  })

  /** Kills the process while its statement with the new tokens waits for a row that is locked here. */
  async function dieWhileStoring() {
    const release = bench.cloud.holdTokenAnswers()
    await beginCall()
    await eventually(() => bench.cloud.oauth.refreshes === 1)
    const beganAt = (await row())?.renewal_began_at
    const blocker = new pg.Client({ connectionString: bench.app.settings.databaseUrl })
    await blocker.connect()
    await blocker.query('BEGIN')
    await blocker.query('SELECT connection_id FROM oauth_tokens FOR UPDATE')
    release()
    const pid = await eventually(async () => {
      const [found] = await bench.app.sql<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%generation = generation + 1%'`,
      )
      return found?.pid
    })
    await kill()
    return {
      beganAt,
      async letGo(how: 'end the statement' | 'finish the statement') {
        if (how === 'end the statement') {
          await bench.app.sql('SELECT pg_terminate_backend($1)', [pid])
          await eventually(
            async () => (await bench.app.sql('SELECT FROM pg_stat_activity WHERE pid = $1', [pid])).length === 0,
          )
        }
        await blocker.query('ROLLBACK')
        await blocker.end()
      },
    }
  }
})

test('a process that is told to end keeps what the service gives it before it goes', async () => {
  await bench.connect(aki, akisAccount)
  await bench.app.sql(
    `UPDATE oauth_tokens SET expires_at = now() + interval '1 minute', refreshed_at = now() - interval '59 minutes'`,
  )
  const release = bench.cloud.holdTokenAnswers()
  // Answered at once; the renewal goes on for nobody in particular.
  expect(await callTool(child?.url ?? '', aki, 'cloud.who')).toEqual(fine)
  await eventually(() => bench.cloud.oauth.refreshes === 1)
  const ended = kill('SIGTERM')
  setTimeout(release, 500)
  await ended
  expect(await row()).toMatchObject({ status: 'connected', lease_id: null, renewal_began_at: null })
  expect(await call()).toEqual(fine)
  expect(bench.cloud.oauth.refreshes).toBe(1)
})

test('calls that meet the death of a renewing process get right answers or a truthful refusal, and nothing else', async () => {
  bench.cloud.oauth.options.reuseMs = 60_000
  const release = bench.cloud.holdTokenAnswers()
  await beginCall()
  const meeting = Promise.all(Array.from({ length: 20 }, call))
  await kill()
  release()
  await endLease()
  for (const answer of await meeting) expect(answer).toEqual(fine)
  expect(bench.cloud.requests('/token')).toBe(2)
})

test('no token or secret stands in what was written down', async () => {
  await eventually(() => output.includes('app server is ready'))
  expect(output).not.toMatch(secretWords)
  expect(await writtenDown(bench)).not.toMatch(secretWords)
})
