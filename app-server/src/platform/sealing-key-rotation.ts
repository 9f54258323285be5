// The rotation of the sealing key from beginning to end: a new key where we may write it, and everything sealed by it.
import { setTimeout as wait } from 'node:timers/promises'
import type { Database } from './database/database.js'
import { notify } from './database/notices.js'
import { countByKey, requireKnownKeys, type SealedColumn, sealAnew } from './sealed-values.js'
import { replaceSealingKey } from './sealing-key-files.js'
import { sealingKeysTopic } from './sealing-key-watch.js'
import { SecretBox } from './secret-box.js'
import type { KeySettings } from './settings.js'

/** A replica that has just sealed by the old key is given time to hear of the new one, so often. */
const maxRounds = 10
const betweenRoundsMs = 1_000

/** A rotation that cannot be; the message says what to do. */
export class CannotReplace extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CannotReplace'
  }
}

/**
 * Makes a new sealing key, when the keys are files, and seals everything by it. What an earlier run has left undone is done
 * first, with the key that is there. Only one may run at a time.
 * @param say hears a line for people now and then
 * @returns the places of values that do not open
 * Throws UnknownSealingKey, CannotReplace.
 */
export async function rotateSealingKey(
  database: Database,
  settings: KeySettings,
  columns: readonly SealedColumn[],
  say: (line: string) => void,
): Promise<string[]> {
  const box = new SecretBox(settings)
  await requireKnownKeys(database, box, columns)
  const left = await countOlder(database, box, columns)
  if (left > 0) {
    say(`${left} values are sealed by an older key: going on with them, without another new key.`)
  } else if (settings.sealingKeyFiles.current === undefined) {
    say(`Every value is sealed by SEALING_KEY (${box.keyIds[0]}) already: nothing to do.`)
    say(
      'For a new key, put it into SEALING_KEY and the present one into SEALING_KEYS_OLD; docs/keys.md says in which order.',
    )
    return []
  } else {
    await takeNewKey(box, settings)
  }
  await notify(database, sealingKeysTopic, '')
  say(`Sealing by key ${box.keyIds[0]} …`)
  for (let round = 1; ; round++) {
    const broken = await sealAnew(database, box, columns, ({ column: { table, column }, done }) =>
      say(`${table}.${column}: ${done} sealed anew`),
    )
    const older = await countOlder(database, box, columns)
    if (older <= broken.length) {
      if (broken.length === 0) say('Everything is sealed by it now. The key before is kept for backups of its time.')
      return broken
    }
    if (round === maxRounds) {
      throw new CannotReplace(
        `${older} values were sealed by an older key meanwhile: an app server does not have the new one. Give it to all of them, then run this again.`,
      )
    }
    await wait(betweenRoundsMs)
  }
}

async function takeNewKey(box: SecretBox, settings: KeySettings): Promise<void> {
  const { current, old } = settings.sealingKeyFiles
  if (current === undefined || old === undefined) {
    throw new CannotReplace(
      'SEALING_KEY_FILE is set and SEALING_KEYS_OLD_FILE is not: there is no place for the present key. Set it, here and for every app server, to a file beside the other; it may be empty.',
    )
  }
  try {
    await replaceSealingKey({ current, old }, settings)
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException
    if (code === undefined) throw cause
    throw new CannotReplace(
      `Cannot write ${current} and ${old} (${code}), so nothing was changed. Run this where they can be written; docs/keys.md says where that is.`,
      { cause },
    )
  }
  box.reload()
}

async function countOlder(database: Database, box: SecretBox, columns: readonly SealedColumn[]): Promise<number> {
  const counts = await countByKey(database, columns)
  return counts.filter(({ keyId }) => keyId !== box.keyIds[0]).reduce((sum, { values }) => sum + values, 0)
}
