// The Postgres programs are found where npm put them, and made usable where npm left them unusable.
import { chmod, chown, cp, lstat, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { findServerAccount } from './account.js'
import { requireBinaries, requirePackage } from './binaries.js'

const account = findServerAccount('/nonexistent')
let scratch: string

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'sekisho-binaries-'))
})

afterAll(async () => {
  await rm(scratch, { recursive: true, force: true })
})

describe('the Postgres programs', () => {
  test('are the installed ones where those can be run', async () => {
    const packageDirectory = requirePackage(`${process.platform}-${process.arch}`)
    expect(await requireBinaries(undefined, packageDirectory)).toEqual({
      directory: join(packageDirectory, 'native'),
      major: 18,
    })
  })

  test('get the symbolic links that a blocked postinstall did not make', async () => {
    const bare = join(scratch, 'bare')
    await installWithoutLinks(bare)
    const { directory } = await requireBinaries(undefined, bare)
    expect(directory).toBe(join(bare, 'native'))
  })

  // Root is refused nothing, so the two kinds of user are kept out of the installed programs in different ways.
  test('are copied to a reachable place when the server cannot run the installed ones, and repaired there', async () => {
    const home = join(scratch, 'private')
    const install = join(home, 'install')
    await mkdir(home, { mode: 0o700 })
    await installWithoutLinks(install)
    if (!account) await chmod(join(install, 'native/lib'), 0o555)
    await chmod(scratch, 0o755)
    await mkdir(join(scratch, 'tmp'))

    const { directory } = await requireBinaries(account, install, [join(scratch, 'tmp')])
    expect(dirname(directory)).toBe(join(scratch, 'tmp'))

    // A cleaner of temporary files came by.
    const tokyo = join(directory, 'share/postgresql/timezone/Asia/Tokyo')
    const { size } = await stat(tokyo)
    await rm(tokyo)
    await requireBinaries(account, install, [join(scratch, 'tmp')])
    expect((await stat(tokyo)).size).toBe(size)
  })

  test('are not taken from a directory that someone else has laid out', async () => {
    // Only root can give a directory away, and only root's server has another user to be kept out of the install.
    if (!account) return
    const temporary = [join(scratch, 'shared'), join(scratch, 'other')]
    const planted = join(scratch, 'shared', (await readdir(join(scratch, 'tmp')))[0] ?? '')
    await mkdir(planted, { recursive: true })
    await chown(planted, account.uid, account.gid)
    await mkdir(join(scratch, 'other'))
    const { directory } = await requireBinaries(account, join(scratch, 'private/install'), temporary)
    expect(dirname(directory)).toBe(join(scratch, 'other'))
    expect(await readdir(planted)).toEqual([])
  })

  test('that do not exist for a platform are reported with the other way to get a database', () => {
    expect(() => requirePackage('sunos-sparc')).toThrow(/no Postgres for sunos-sparc.*DATABASE_URL/)
  })
})

async function installWithoutLinks(target: string): Promise<void> {
  await cp(requirePackage(`${process.platform}-${process.arch}`), target, {
    recursive: true,
    filter: async (path) => !(await lstat(path)).isSymbolicLink(),
  })
}
