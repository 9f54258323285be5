// Everything that is sealed in the database, whatever room it belongs to: by which key it is, and sealing it anew.
import type { Database, Sql } from './database/database.js'
import { keyIdOf, SealBroken, type SecretBox } from './secret-box.js'

/** A bytea column of sealed values. Its table's primary key is the one column `key`. */
export interface SealedColumn {
  readonly table: string
  readonly key: string
  readonly column: string
}

/** Values sealed anew in one statement. */
const batch = 200

/** The place a value is sealed for. */
export function placeIn({ table, column }: SealedColumn, id: string): string {
  return `${table}.${column}/${id}`
}

/** How many values of a column are sealed by one key. */
export interface SealedBy {
  readonly column: SealedColumn
  readonly keyId: string
  readonly values: number
}

export async function countByKey(sql: Sql, columns: readonly SealedColumn[]): Promise<SealedBy[]> {
  const counts: SealedBy[] = []
  for (const sealed of columns) {
    const { table, column } = sealed
    const rows = await sql.query<{ keyId: string; values: number }>(
      `SELECT ${keyIdOf(column)} AS "keyId", count(*)::int AS values FROM ${table}
        WHERE ${column} IS NOT NULL GROUP BY 1 ORDER BY 1`,
    )
    counts.push(...rows.map((row) => ({ column: sealed, ...row })))
  }
  return counts
}

/** Values in the database that none of the keys we were given opens; the message says which, and what to do. */
export class UnknownSealingKey extends Error {
  constructor(unknown: readonly SealedBy[], given: readonly string[]) {
    const lines = unknown.map(
      ({ column: { table, column }, keyId, values }) => `  - ${table}.${column}: ${values} sealed by key ${keyId}`,
    )
    super(
      `The database holds values that none of the given sealing keys opens:\n${lines.join('\n')}\n` +
        `Given: SEALING_KEY ${given[0]}${given.length > 1 ? `, SEALING_KEYS_OLD ${given.slice(1).join(', ')}` : ''}. ` +
        'Add the missing key to SEALING_KEYS_OLD; it is kept with the backups of this database.',
    )
    this.name = 'UnknownSealingKey'
  }
}

/** Throws UnknownSealingKey unless every value is sealed by a key the box has. */
export async function requireKnownKeys(sql: Sql, box: SecretBox, columns: readonly SealedColumn[]): Promise<void> {
  const counts = await countByKey(sql, columns)
  const given = new Set(box.keyIds)
  const unknown = counts.filter(({ keyId }) => !given.has(keyId))
  if (unknown.length > 0) throw new UnknownSealingKey(unknown, box.keyIds)
}

/** How far the sealing anew is. */
export interface Progress {
  readonly column: SealedColumn
  /** Values sealed anew in this column so far. */
  readonly done: number
}

/**
 * Seals every value that is sealed by an older key by the box's present one, a few at a time. May be stopped anywhere and
 * run again: what is done is done. A value that changes meanwhile is left to whoever changed it.
 * @returns the places of values that do not open; they stay as they are.
 */
export async function sealAnew(
  database: Database,
  box: SecretBox,
  columns: readonly SealedColumn[],
  report: (progress: Progress) => void,
): Promise<string[]> {
  const broken: string[] = []
  for (const column of columns) {
    let after: string | undefined = ''
    let done = 0
    while (after !== undefined) {
      const rows = await findOlder(database, box, column, after)
      after = rows.length < batch ? undefined : rows.at(-1)?.id
      done += await replace(
        database,
        column,
        rows.flatMap((row) => resealed(box, column, row, broken)),
      )
      if (rows.length > 0) report({ column, done })
    }
  }
  return broken
}

interface SealedRow {
  id: string
  value: Buffer
}

interface ResealedRow extends SealedRow {
  anew: Buffer
}

async function findOlder(sql: Sql, box: SecretBox, { table, key, column }: SealedColumn, after: string) {
  return sql.query<SealedRow>(
    `SELECT ${key}::text AS id, ${column} AS value FROM ${table}
      WHERE ${column} IS NOT NULL AND ${keyIdOf(column)} <> $1 AND ${key}::text > $2
      ORDER BY ${key}::text LIMIT ${batch}`,
    [box.keyIds[0], after],
  )
}

function resealed(box: SecretBox, column: SealedColumn, { id, value }: SealedRow, broken: string[]): ResealedRow[] {
  const place = placeIn(column, id)
  try {
    return [{ id, value, anew: box.seal(box.open(value, place), place) }]
  } catch (error) {
    if (!(error instanceof SealBroken)) throw error
    broken.push(place)
    return []
  }
}

async function replace(sql: Sql, { table, key, column }: SealedColumn, rows: readonly ResealedRow[]): Promise<number> {
  if (rows.length === 0) return 0
  const replaced = await sql.query(
    `UPDATE ${table} t SET ${column} = n.anew
       FROM unnest($1::text[], $2::bytea[], $3::bytea[]) AS n (id, value, anew)
      WHERE t.${key}::text = n.id AND t.${column} = n.value RETURNING 1`,
    [rows.map(({ id }) => id), rows.map(({ value }) => value), rows.map(({ anew }) => anew)],
  )
  return replaced.length
}
