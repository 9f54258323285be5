// The times people and models write: ISO 8601, with an offset or as local time of a zone; and the zones they name.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { isDate } from './inputs.js'
import { firstInstantAt, instantsOf, isZone, toLocalIso } from './zone.js'

const shape =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.0{1,9})?)?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?$/

/** Input member for a time. */
export function time(description: string) {
  const error = 'must be a time such as 2026-11-30T10:00 (local time) or 2026-11-30T10:00:00+09:00'
  return z
    .string()
    .max(40, { error, abort: true })
    .refine((value) => read(value) !== undefined, error)
    .describe(description)
}

/** True for what `time` takes. */
export function isTime(value: string): boolean {
  return value.length <= 40 && read(value) !== undefined
}

/** Input member for a time zone. */
export function timeZone(description: string) {
  const error = 'must be an IANA time zone such as Asia/Tokyo or America/New_York'
  return z.string().max(64, { error, abort: true }).refine(isZone, error).describe(description)
}

/**
 * The instant a `time` means, in milliseconds since 1970.
 * @param zone where a time without an offset is meant
 * Throws Problem invalid-arguments for a local time that the zone skips or has twice.
 */
export function requireInstant(value: string, zone: string): number {
  const given = read(value)
  if (!given) throw new Problem('invalid-arguments', `"${value.slice(0, 40)}" is not a time.`)
  if (given.offsetMs !== undefined) return given.wallMs - given.offsetMs
  const instants = instantsOf(zone, given.wallMs)
  const [first, second] = instants.map((instantMs) => toLocalIso(zone, instantMs))
  if (instants[0] === undefined) {
    const next = toLocalIso(zone, firstInstantAt(zone, given.wallMs))
    throw new Problem(
      'invalid-arguments',
      `${value} does not exist in ${zone}: the clocks are put forward then. The first moment after the change is ${next}.`,
    )
  }
  if (second !== undefined) {
    throw new Problem(
      'invalid-arguments',
      `${value} happens twice in ${zone}, because the clocks are put back. Say which one: ${first} or ${second}.`,
    )
  }
  return instants[0]
}

function read(value: string): { wallMs: number; offsetMs: number | undefined } | undefined {
  const [, date = '', hour = '', minute = '', second = '00', zone] = shape.exec(value) ?? []
  if (!isDate(date)) return undefined
  return {
    wallMs: Date.parse(`${date}T${hour}:${minute}:${second}Z`),
    offsetMs: zone === undefined ? undefined : offsetMsOf(zone),
  }
}

function offsetMsOf(zone: string): number {
  if (zone === 'Z') return 0
  const [hours = 0, minutes = 0] = zone.slice(1).split(':').map(Number)
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000
}
