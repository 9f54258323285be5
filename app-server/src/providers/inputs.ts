// The kinds of input member that tools share: each bounded, safe to store, and short in the JSON Schema a model reads.
import { z } from 'zod'

/**
 * Text of a person or a model, trimmed.
 * NUL characters and halves of surrogate pairs are refused: neither `text` nor `jsonb` of Postgres can hold them.
 * @param limits lengths in UTF-16 units
 */
export function text(limits: { min?: number; max: number }) {
  return z
    .string()
    .trim()
    .min(limits.min ?? 0)
    .max(limits.max, { abort: true })
    .refine(isStorable, 'must not contain NUL characters or halves of surrogate pairs')
}

/** An id that a tool gave out, in lower case. The schema says `format: uuid` without the long pattern of `z.uuid()`. */
export function id(description: string) {
  const error = 'must be an id that a tool gave you, such as 01890a5d-ac96-774b-bcce-b302099a8057'
  return z
    .string()
    .max(36, { error, abort: true })
    .regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i, error)
    .toLowerCase()
    .meta({ description, format: 'uuid', pattern: undefined })
}

/** A calendar date that exists, as YYYY-MM-DD. */
export function date(description: string) {
  const error = 'must be a date that exists, as YYYY-MM-DD'
  return z.string().max(10, { error, abort: true }).refine(isDate, error).meta({ description, format: 'date' })
}

/** An id as a member of a list position in a cursor. */
export const positionId = z.guid()

export function isStorable(value: string): boolean {
  return value.isWellFormed() && !value.includes('\0')
}

/** True for YYYY-MM-DD of the proleptic Gregorian calendar, years 0100 to 9999. */
export function isDate(value: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(value)) return false
  const [year, month, day] = value.split('-').map(Number) as [number, number, number]
  const sameDay = new Date(Date.UTC(year, month - 1, day))
  return sameDay.toISOString().startsWith(value)
}
