// Rotates keys while everything runs: `npm run keys:rotate -- signing` or `-- sealing`. docs/keys.md says more.
import 'reflect-metadata'
import { FaultySettings } from '@sekisho/contracts'
import type { DataSource } from 'typeorm'
import { rotateSigningKey, TooManyKeys } from './oauth/signing-keys.js'
import { createDataSource } from './platform/database/data-source.js'
import { Database, sqlStateOf } from './platform/database/database.js'
import { UnknownSealingKey } from './platform/sealed-values.js'
import { CannotReplace, rotateSealingKey } from './platform/sealing-key-rotation.js'
import { SealBroken, SecretBox } from './platform/secret-box.js'
import { type KeySettings, loadKeySettings } from './platform/settings.js'
import { sealedColumns } from './sealed-columns.js'

/** EX_USAGE and EX_CONFIG of sysexits.h. */
const wrongUse = 64
const faultySetUp = 78

const usage = `Say which key to rotate:
  npm run keys:rotate -- signing             a new key for new tokens; those of the old key work until they expire
  npm run keys:rotate -- signing --at-once   the same, and every access token ends now: for a key that has leaked
  npm run keys:rotate -- sealing             a new key for what is sealed in the database, which is sealed anew`

/** Postgres codes of what an older schema lacks: undefined_table, undefined_column. */
const schemaFaults = ['42P01', '42703']

/** Held while the sealing key is replaced; by the session, because sealing anew is many transactions. */
const sealingLock = 7_305_274

process.exit(await main(process.argv.slice(2).join(' ')))

async function main(words: string): Promise<number> {
  try {
    switch (words) {
      case 'signing':
      case 'signing --at-once':
        return await withDatabase((settings, database) =>
          rotateSigning(database, settings, words === 'signing --at-once'),
        )
      case 'sealing':
        return await withDatabase(rotateSealing)
      default:
        console.error(usage)
        return wrongUse
    }
  } catch (error) {
    const told = setUpFault(error)
    if (told === undefined) throw error
    console.error(told)
    return faultySetUp
  }
}

type Work = (settings: KeySettings, database: Database, dataSource: DataSource) => Promise<number>

async function withDatabase(work: Work): Promise<number> {
  const settings = loadKeySettings(process.env)
  const dataSource = createDataSource({ databaseUrl: settings.databaseUrl, databasePoolSize: 2 }, [])
  await dataSource.initialize()
  try {
    return await work(settings, new Database(dataSource), dataSource)
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

async function rotateSealing(settings: KeySettings, database: Database, dataSource: DataSource): Promise<number> {
  const runner = dataSource.createQueryRunner()
  try {
    const [row] = (await runner.query('SELECT pg_try_advisory_lock($1) AS mine', [sealingLock])) as [{ mine: boolean }]
    if (!row.mine) throw new CannotReplace('Another rotation of the sealing key is under way. Wait until it has ended.')
    const broken = await rotateSealingKey(database, settings, sealedColumns, (line) => console.log(line))
    if (broken.length === 0) return 0
    console.error(
      `These values do not open with any key and were left as they are: ${broken.slice(0, 20).join(', ')}${broken.length > 20 ? ` and ${broken.length - 20} more` : ''}. They are damaged: restore them from a backup, or remove their rows, and run this again.`,
    )
    return 1
  } finally {
    await runner.release()
  }
}

/** What to tell the operator when the cause lies in the set-up; undefined for a fault of ours. */
function setUpFault(error: unknown): string | undefined {
  for (const kind of [FaultySettings, TooManyKeys, UnknownSealingKey, CannotReplace]) {
    if (error instanceof kind) return error.message
  }
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
