// Our cursors around Notion's.
import { z } from 'zod'
import { fromCursor, toCursor } from '../../platform/paging.js'

const position = z.tuple([z.string().max(300)])

/** Notion's cursor in one of ours. Throws Problem invalid-arguments. */
export function startOf(cursor: string | undefined): string | undefined {
  return fromCursor(cursor, position)?.[0]
}

export function cursorOf(next: string | null): string | null {
  return next === null ? null : toCursor([next])
}
