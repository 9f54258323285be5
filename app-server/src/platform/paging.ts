// Pages of a list: a limit with a ceiling and an opaque cursor that says where the last page ended.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'

/** Input members of every paged tool: `limit` 1–100 (20 unless told) and the `cursor` of the page before. */
export const pageInput = {
  limit: z.number().int().min(1).max(100).default(20).describe('How many at most.'),
  cursor: z.string().max(512).optional().describe('next_cursor of the page before; left out for the first.'),
}

/** Output member of every paged tool. */
export const pageOutput = {
  next_cursor: z.string().nullable().describe('cursor of the next page; null on the last.'),
}

/** SQL for a moment in a cursor: to the microsecond, which a Date would cut off. */
export const asPosition = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`

/** Makes the cursor for a position (a few short values that the list is ordered by). */
export function toCursor(position: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url')
}

/**
 * Reads a cursor back. `position` is the shape it must have, so that a crafted one is refused before it reaches SQL.
 * Throws Problem invalid-arguments.
 */
export function fromCursor<Position>(cursor: string | undefined, position: z.ZodType<Position>): Position | undefined {
  if (cursor === undefined) return undefined
  try {
    return position.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')))
  } catch {
    throw new Problem(
      'invalid-arguments',
      'cursor is not one that this tool gave out. Leave it out to start at the first page.',
    )
  }
}

/** Cuts `rows`, read with LIMIT limit + 1, to a page. */
export function toPage<Row>(
  rows: readonly Row[],
  limit: number,
  positionOf: (row: Row) => readonly unknown[],
): { items: Row[]; next_cursor: string | null } {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, next_cursor: rows.length > limit && last ? toCursor(positionOf(last)) : null }
}
