// Makes a write happen once however often it is asked for: the key and the write stand or fall in one transaction.
import { createHash } from 'node:crypto'
import { Problem } from '@sekisho/contracts'
import type { Database, Sql } from './database.js'

/** How long a repeated call is recognised, in hours. */
export const idempotencyKeyHours = 48

export interface OnceRequest {
  /** Whose key it is: two people may use the same words. */
  ownerId: string
  /** What is done, e.g. the tool's name. */
  operation: string
  /** The caller's idempotency key; without one the write simply runs in a transaction. */
  key: string | undefined
  /** What it was asked with. The same key with other arguments is a conflict, not a repetition. */
  arguments: unknown
}

/**
 * Runs `write` in a transaction, once for each (owner, operation, key).
 * A repetition gets the stored result of the first run; one that arrives while the first is still running waits for it.
 * When `write` throws, nothing is kept and the key can be used again.
 * Throws Problem idempotency-conflict when the key was used with other arguments.
 */
export async function once<Result>(
  database: Database,
  request: OnceRequest,
  write: (sql: Sql) => Promise<Result>,
): Promise<Result> {
  const { ownerId, operation, key } = request
  if (key === undefined) return database.transaction(write)
  const digest = createHash('sha256').update(canonicalJson(request.arguments)).digest()
  return database.transaction(async (sql) => {
    const claimed = await sql.query(
      `INSERT INTO idempotency_keys (owner_id, operation, key, arguments_digest) VALUES ($1, $2, $3, $4)
       ON CONFLICT DO NOTHING RETURNING key`,
      [ownerId, operation, key, digest],
    )
    if (claimed.length === 0) {
      const [earlier] = await sql.query<{ arguments_digest: Buffer; result: Result }>(
        'SELECT arguments_digest, result FROM idempotency_keys WHERE owner_id = $1 AND operation = $2 AND key = $3',
        [ownerId, operation, key],
      )
      // The row can only be missing when it was collected this very moment: then the caller may simply try again.
      if (!earlier) throw new Problem('conflict', 'This idempotency key has just expired. Call again with a new key.')
      if (!earlier.arguments_digest.equals(digest)) {
        throw usedOtherwise(key, operation)
      }
      return earlier.result
    }
    const result = await write(sql)
    await sql.query('UPDATE idempotency_keys SET result = $4 WHERE owner_id = $1 AND operation = $2 AND key = $3', [
      ownerId,
      operation,
      key,
      JSON.stringify(result),
    ])
    return result
  })
}

/** How long an action outside may run, in seconds; one that is not finished by then never will be. */
const longestActionSeconds = 120

/** Failures after which nobody knows whether the action outside was done, unless they say `nothing_done`. */
const unsureCodes: ReadonlySet<string> = new Set(['timeout', 'cancelled', 'upstream-failed', 'unavailable', 'internal'])

/**
 * Does something outside the database, at most once for each (owner, operation, key): `act` runs in no transaction.
 * A repetition gets the stored result of the first run. When that one failed with certainty, it runs anew.
 * Throws Problem idempotency-conflict when the key was used with other arguments, conflict while the first is under way
 * and when nobody knows whether it was done.
 */
export async function onceOutside<Result>(
  database: Database,
  request: OnceRequest,
  act: () => Promise<Result>,
): Promise<Result> {
  const { ownerId, operation, key } = request
  if (key === undefined) return act()
  const digest = createHash('sha256').update(canonicalJson(request.arguments)).digest()
  const place = [ownerId, operation, key]
  const claimed = await database.query(
    `INSERT INTO idempotency_keys (owner_id, operation, key, arguments_digest) VALUES ($1, $2, $3, $4)
     ON CONFLICT DO NOTHING RETURNING key`,
    [...place, digest],
  )
  if (claimed.length === 0) return earlierResult(database, request, digest)
  let result: Result
  try {
    result = await act()
  } catch (error) {
    const unsure = !(error instanceof Problem) || (unsureCodes.has(error.code) && error.members.nothing_done !== true)
    await database.query(
      unsure
        ? 'UPDATE idempotency_keys SET unsure = true WHERE owner_id = $1 AND operation = $2 AND key = $3'
        : 'DELETE FROM idempotency_keys WHERE owner_id = $1 AND operation = $2 AND key = $3',
      place,
    )
    throw error
  }
  await database.query('UPDATE idempotency_keys SET result = $4 WHERE owner_id = $1 AND operation = $2 AND key = $3', [
    ...place,
    JSON.stringify(result),
  ])
  return result
}

async function earlierResult<Result>(database: Database, request: OnceRequest, digest: Buffer): Promise<Result> {
  const { ownerId, operation, key } = request
  const [earlier] = await database.query<{ digest: Buffer; result: Result | null; lost: boolean }>(
    `SELECT arguments_digest AS digest, result, unsure OR created_at < now() - $4 * interval '1 second' AS lost
       FROM idempotency_keys WHERE owner_id = $1 AND operation = $2 AND key = $3`,
    [ownerId, operation, key, longestActionSeconds],
  )
  if (!earlier) throw new Problem('conflict', 'The call with this idempotency key has just failed. Call again.')
  if (!earlier.digest.equals(digest)) throw usedOtherwise(key, operation)
  if (earlier.result !== null) return earlier.result
  throw new Problem(
    'conflict',
    earlier.lost
      ? `The first call with this idempotency key ended without an answer, so nobody knows whether ${operation} was done. Look first; if it was not, call again with a new key.`
      : 'The first call with this idempotency key is still under way. Wait a few seconds, then call again with the same key.',
  )
}

function usedOtherwise(key: string | undefined, operation: string): Problem {
  return new Problem(
    'idempotency-conflict',
    `The idempotency key "${key}" was already used for ${operation} with other arguments. Use a new key for a new request.`,
  )
}

/** JSON with the members of every object in one order, so that equal arguments have equal digests. */
export function canonicalJson(value: unknown): string {
  return (
    JSON.stringify(value, (_name, member: unknown) =>
      member !== null && typeof member === 'object' && !Array.isArray(member)
        ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
        : member,
    ) ?? 'null'
  )
}
