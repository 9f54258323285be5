// Which user runs the server: ourselves, or, because Postgres refuses to run as root, an ordinary one in root's place.
import { spawnSync } from 'node:child_process'
import { statSync } from 'node:fs'
import { LocalPostgresFailure, systemCode, useOwnDatabase } from './failure.js'

/** The user and group a child process is started as. */
export interface Account {
  uid: number
  gid: number
}

/** Accounts root starts the server as, the first that exists wins. */
const candidates = ['postgres', 'nobody']

/**
 * The account to start the server as, or undefined when it is to run as ourselves.
 * Data that is there already keeps its owner, so that a start with and without sudo can take turns.
 * Throws LocalPostgresFailure when the data belongs to someone we cannot become.
 */
export function findServerAccount(clusterDirectory: string): Account | undefined {
  const ownUid = process.geteuid?.()
  const owner = findOwner(clusterDirectory)
  if (ownUid !== 0) {
    if (owner && ownUid !== undefined && owner.uid !== ownUid) {
      throw new LocalPostgresFailure(
        `The database in ${clusterDirectory} belongs to user ${owner.uid}, but this is user ${ownUid}. ` +
          `Start as the user who made it, or give it away with: sudo chown -R ${ownUid} ${clusterDirectory}`,
      )
    }
    return undefined
  }
  if (owner && owner.uid !== 0) return owner
  for (const name of candidates) {
    const uid = idOf('-u', name)
    const gid = idOf('-g', name)
    if (uid && gid !== undefined) return { uid, gid }
  }
  throw new LocalPostgresFailure(
    `Postgres does not run as root, and this machine has neither a user "postgres" nor a user "nobody" to run it as. Start as an ordinary user. ${useOwnDatabase}`,
  )
}

/** Whether the account can enter the directory, found out by trying: mode bits alone do not tell (parents, ACLs). */
export function canEnter(directory: string, account: Account): boolean {
  return (
    spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], { ...account, cwd: '/', stdio: 'ignore' }).status === 0
  )
}

function findOwner(path: string): Account | undefined {
  try {
    const { uid, gid } = statSync(path)
    return { uid, gid }
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return undefined
    throw new LocalPostgresFailure(`Cannot read ${path} (${systemCode(error)}). Make it readable for this user.`, {
      cause: error,
    })
  }
}

// `id` rather than /etc/passwd: accounts may come from a directory service.
function idOf(what: '-u' | '-g', name: string): number | undefined {
  const { status, stdout } = spawnSync('id', [what, name], { encoding: 'utf8' })
  const id = Number(stdout)
  return status === 0 && Number.isInteger(id) ? id : undefined
}
