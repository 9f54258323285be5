// Rotates keys while everything runs: `npm run keys:rotate -- signing` makes a new signing key. docs/keys.md says more.
import 'reflect-metadata'
import { FaultySettings } from '@sekisho/contracts'
import { rotateSigningKey, TooManyKeys } from './oauth/signing-keys.js'
import { createDataSource } from './platform/database/data-source.js'
import { Database, sqlStateOf } from './platform/database/database.js'
import { SealBroken, SecretBox } from './platform/secret-box.js'
import { type KeySettings, loadKeySettings } from './platform/settings.js'

/** EX_USAGE and EX_CONFIG of sysexits.h. */
const wrongUse = 64
const faultySetUp = 78

const usage = `Say which key to rotate:
  npm run keys:rotate -- signing             a new key for new tokens; those of the old key work until they expire
  npm run keys:rotate -- signing --at-once   the same, and every access token ends now: for a key that has leaked`

/** Postgres codes of what an older schema lacks: undefined_table, undefined_column. */
const schemaFaults = ['42P01', '42703']

process.exit(await main(process.argv.slice(2)))

async function main([which, ...options]: string[]): Promise<number> {
  const atOnce = options.length === 1 && options[0] === '--at-once'
  const understood = which === 'signing' && (options.length === 0 || atOnce)
  if (!understood) {
    console.error(usage)
    return wrongUse
  }
  try {
    const settings = loadKeySettings(process.env)
    return await withDatabase(settings, (database) => rotateSigning(database, settings, atOnce))
  } catch (error) {
    const words = setUpFault(error)
    if (words === undefined) throw error
    console.error(words)
    return faultySetUp
  }
}

async function withDatabase(
  { databaseUrl }: KeySettings,
  work: (database: Database) => Promise<number>,
): Promise<number> {
  const dataSource = createDataSource({ databaseUrl, databasePoolSize: 2 }, [])
  await dataSource.initialize()
  try {
    return await work(new Database(dataSource))
  } finally {
    await dataSource.destroy()
  }
}

async function rotateSigning(database: Database, settings: KeySettings, atOnce: boolean): Promise<number> {
  const { kid, retired } = await rotateSigningKey(database, new SecretBox(settings), { atOnce })
  console.log(`New tokens are signed with ${kid} from now on.`)
  if (retired.length > 0) {
    console.log(
      atOnce
        ? `Removed: ${retired.join(', ')}. Every access token has ended; programs get new ones by themselves.`
        : `Retired: ${retired.join(', ')}. Verifies until its last token has expired, then goes by itself.`,
    )
  }
  return 0
}

/** What to tell the operator when the cause lies in the set-up; undefined for a fault of ours. */
function setUpFault(error: unknown): string | undefined {
  if (error instanceof FaultySettings || error instanceof TooManyKeys) return error.message
  if (error instanceof SealBroken) return `${error.message}. Give SEALING_KEY as the app server has it.`
  if (schemaFaults.includes(sqlStateOf(error) ?? '')) {
    return 'The database is of an older version, or empty. Start the app server of this version once, then try again.'
  }
  const { code } = error as { code?: unknown }
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'ETIMEDOUT') {
    return `The database does not answer (${code}). Start it, or correct DATABASE_URL.`
  }
  return undefined
}
