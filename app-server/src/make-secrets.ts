// Makes the secrets of a compose stack at its first start: random, each in a file of its own, never overwritten.
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [directory] = process.argv.slice(2)
if (directory === undefined) {
  console.error('Name the directory that the secrets go to.')
  process.exit(64)
}

/** Postgres' own process, which runs as another user, must read its password; the volume is mounted nowhere else. */
const forAll = 0o444
const forUs = 0o400

keep('sealing-key', forUs, () => randomBytes(32).toString('base64'))
keep('sealing-keys-old', forUs, () => '')
keep('postgres-password', forAll, () => randomBytes(24).toString('hex'))
const password = readFileSync(join(directory, 'postgres-password'), 'utf8')
keep('database-url', forUs, () => `postgres://sekisho:${password}@postgres:5432/sekisho`)

function keep(name: string, mode: number, make: () => string): void {
  const path = join(directory as string, name)
  if (!existsSync(path)) writeFileSync(path, make(), { mode, flag: 'wx' })
}
