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
        throw new Problem(
          'idempotency-conflict',
          `The idempotency key "${key}" was already used for ${operation} with other arguments. Use a new key for a new request.`,
        )
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

/** JSON with the members of every object in one order, so that equal arguments have equal digests. */
function canonicalJson(value: unknown): string {
  return (
    JSON.stringify(value, (_name, member: unknown) =>
      member !== null && typeof member === 'object' && !Array.isArray(member)
        ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
        : member,
    ) ?? 'null'
  )
}
