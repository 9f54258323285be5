// Replicas hear each other, also after their connection was cut.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createTestDatabase, eventually, type TestDatabase } from '@sekisho/testing'
import type { DataSource } from 'typeorm'
import { Jobs } from '../jobs.js'
import { Log } from '../log.js'
import type { Settings } from '../settings.js'
import { createDataSource } from './data-source.js'
import { Database } from './database.js'
import { Notices } from './notices.js'

let testDatabase: TestDatabase
let dataSource: DataSource
let database: Database
const log = new Log('silent')

beforeAll(async () => {
  testDatabase = await createTestDatabase()
  dataSource = createDataSource({ databaseUrl: testDatabase.url, databasePoolSize: 6 }, [])
  await dataSource.initialize()
  database = new Database(dataSource)
})

afterAll(async () => {
  await dataSource.destroy()
  await testDatabase.drop()
})

describe('notices', () => {
  test('reach every replica, on their topic only, and again after the connection was cut', async () => {
    const settings = { databaseUrl: testDatabase.url } as Settings
    const replicas = [new Notices(database, log, settings), new Notices(database, log, settings)]
    const heard: string[] = []
    for (const [index, replica] of replicas.entries()) {
      replica.on('greeting', (body) => heard.push(`${index}:${body}`))
      await replica.onApplicationBootstrap()
    }
    await replicas[0]?.tell('greeting', 'one')
    await replicas[0]?.tell('other', 'not for us')
    await eventually(() => heard.length === 2)
    expect(heard.sort()).toEqual(['0:one', '1:one'])

    const cut = await database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sekisho-notices' AND datname = current_database()`,
    )
    expect(cut).toHaveLength(2)
    await eventually(async () => {
      await replicas[1]?.tell('greeting', 'two')
      await new Promise((resolve) => setTimeout(resolve, 100))
      return heard.includes('0:two') && heard.includes('1:two')
    }, 10_000)
    for (const replica of replicas) await replica.onApplicationShutdown()
  })
})

test('a notice is heard by everybody on a replica who listens to its topic', async () => {
  const replica = new Notices(database, log, { databaseUrl: testDatabase.url } as Settings)
  const heard: string[] = []
  replica.on('greeting', (body) => heard.push(`first: ${body}`))
  replica.on('greeting', (body) => heard.push(`second: ${body}`))
  await replica.onApplicationBootstrap()
  await replica.tell('greeting', 'hello')
  await eventually(() => heard.length === 2)
  expect(heard).toEqual(['first: hello', 'second: hello'])
  await replica.onApplicationShutdown()
})

describe('a periodic job', () => {
  test('is done by one replica when two come to it together', async () => {
    await database.query('CREATE TABLE runs (n int)')
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const job = (wait: boolean) => ({
      name: 'sweep',
      everyMs: 60_000,
      run: async (sql: Parameters<Parameters<typeof database.transaction>[0]>[0]) => {
        await sql.query('INSERT INTO runs VALUES (1)')
        if (wait) await held
      },
    })
    const jobs = new Jobs(database, log)
    const first = jobs.runOnce(job(true))
    await new Promise((resolve) => setTimeout(resolve, 100))
    await jobs.runOnce(job(false))
    release()
    await first
    expect(await database.query('SELECT * FROM runs')).toHaveLength(1)
    await jobs.runOnce(job(false))
    expect(await database.query('SELECT * FROM runs')).toHaveLength(2)
  })
})
