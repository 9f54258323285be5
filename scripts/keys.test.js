// `npm run keys:rotate` on the data of an `npm start`, while that runs and while it does not.
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { compile } from './build.js'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
let project
let startLocalPostgres

beforeAll(async () => {
  expect(await compile(root, ['libs/local-postgres', 'app-server'])).toBe(true)
  ;({ startLocalPostgres } = await import('../libs/local-postgres/dist/index.js'))
  project = await mkdtemp(join(tmpdir(), 'sekisho-keys-'))
  await mkdir(join(project, '.data'))
  await writeFile(
    join(project, 'run.mjs'),
    `import { rotateKeys } from ${JSON.stringify(join(root, 'scripts/keys.js'))}
    process.exit(await rotateKeys({ root: ${JSON.stringify(project)}, env: process.env, words: process.argv.slice(2), program: ${JSON.stringify(join(root, 'app-server/dist/rotate-keys.js'))} }))`,
  )
}, 120_000)

afterAll(() => rm(project, { recursive: true, force: true }))

/** Runs a script to its end with nothing in its environment but `env`. */
function run(command, env = {}) {
  const child = spawn(process.execPath, command, { env: { PATH: process.env.PATH, ...env } })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  return new Promise((settle) => child.once('close', (code) => settle({ code, output })))
}

const rotate = (...words) => run([join(project, 'run.mjs'), ...words])

test('before the first start there is nothing to rotate, and it says so', async () => {
  const { code, output } = await rotate('signing')
  expect(code).toBe(1)
  expect(output).toContain('Run npm start once')
  await writeFile(join(project, '.data/sealing-key'), randomBytes(32).toString('base64'))
  expect((await rotate('signing')).output).toContain('Run npm start once')
})

test('it finds the database of a running start, and leaves it running', async () => {
  const postgres = await startLocalPostgres({ dataDirectory: join(project, '.data/postgres'), durable: false })
  try {
    const older = await rotate('signing')
    expect([older.code, older.output]).toEqual([78, expect.stringContaining('Start the app server of this version')])
    const migrated = await run([join(root, 'app-server/dist/migrate.js')], { DATABASE_URL: postgres.url() })
    expect(migrated.code).toBe(0)
    for (const words of ['New tokens are signed with', 'Retired: ']) {
      const { code, output } = await rotate('signing')
      expect([code, output]).toEqual([0, expect.stringContaining(words)])
    }
    expect((await run([join(root, 'app-server/dist/migrate.js')], { DATABASE_URL: postgres.url() })).code).toBe(0)
  } finally {
    await postgres.stop()
  }
})

test('it opens the database itself when nothing runs, and closes it again', async () => {
  for (let round = 0; round < 2; round++) {
    const { code, output } = await rotate('signing')
    expect([code, output]).toEqual([0, expect.stringContaining('Retired: ')])
  }
})

test('it replaces the sealing key in the data directory, and finds everything again by the new one', async () => {
  const file = join(project, '.data/sealing-key')
  const before = await readFile(file, 'utf8')
  const { code, output } = await rotate('sealing')
  expect([code, output]).toEqual([0, expect.stringContaining('Everything is sealed by it now')])
  expect(await readFile(file, 'utf8')).not.toBe(before)
  expect(await readFile(join(project, '.data/sealing-keys-old'), 'utf8')).toContain(before.trim())
  expect((await rotate('signing')).code).toBe(0)
})

test('it passes on how it is used', async () => {
  const { code, output } = await rotate()
  expect(code).toBe(64)
  expect(output).toContain('keys:rotate -- signing')
})
