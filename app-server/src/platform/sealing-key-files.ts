// Puts a new sealing key into its file, so that at no moment, not even of a power cut, a key in use is in none of the files.
import { randomBytes } from 'node:crypto'
import { open, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { SealingKeys } from './settings.js'

/** Older keys that stay in their file: what was sealed by them is sealed anew, but backups of that time are not. */
const oldKeysKept = 3

/** Makes a new key. The present one goes to the old ones first; only then the new one takes its place. */
export async function replaceSealingKey(files: { current: string; old: string }, keys: SealingKeys): Promise<void> {
  const old = [keys.sealingKey, ...keys.oldSealingKeys].map((key) => key.toString('base64'))
  const kept = [...new Set(old)].slice(0, oldKeysKept)
  const { mode } = await stat(files.current)
  await writeWhole(files.old, `${kept.join(',\n')}\n`, mode & 0o777)
  await writeWhole(files.current, `${randomBytes(32).toString('base64')}\n`, mode & 0o777)
}

/** Readers see the file as it was or as it will be. Resolves when it would survive a power cut. */
async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const draft = `${path}.new`
  const file = await open(draft, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.chmod(mode)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(draft, path)
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
