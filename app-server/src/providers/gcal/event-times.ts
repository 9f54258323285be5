// When events are: what people and models write, what Google takes, and what is shown.
// Google's whole-day events end on the day after; here the last day is always the last day, in and out.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { isDate } from '../inputs.js'
import { isTime, requireInstant } from '../time-input.js'
import { firstInstantAt, toDate, toDay, toLocalIso, wallMsAt } from '../zone.js'
import type { GoogleEvent, GoogleEventTime } from './google-calendar-api.js'

export const dayMs = 86_400_000
const usualMs = 3_600_000

/** Input member for a date (a whole day) or a time. */
export function dateOrTime(description: string) {
  const error =
    'must be a date such as 2026-11-30, or a time such as 2026-11-30T10:00 (local) or 2026-11-30T10:00:00+09:00'
  return z
    .string()
    .max(40, { error, abort: true })
    .refine((value) => isDate(value) || isTime(value), error)
    .describe(description)
}

export function startOfDay(zone: string, day: number): number {
  return firstInstantAt(zone, day * dayMs)
}

/** The instant a range begins: a time, or the beginning of a day. */
export function rangeStart(value: string, zone: string): number {
  return isDate(value) ? startOfDay(zone, toDay(value)) : requireInstant(value, zone)
}

/** The instant a range ends: a time, or the end of a day. */
export function rangeEnd(value: string, zone: string): number {
  return isDate(value) ? startOfDay(zone, toDay(value) + 1) : requireInstant(value, zone)
}

/** When an event is: days (the last one included) or instants. */
export type Span =
  | { readonly kind: 'days'; readonly first: number; readonly last: number }
  | { readonly kind: 'times'; readonly startMs: number; readonly endMs: number }

export interface GivenTimes {
  readonly start?: string | undefined
  readonly end?: string | undefined
}

/**
 * The span a start and an end mean. Without an end it lasts as long as before, an hour, or that one day.
 * @param before the span of the event that is changed
 * Throws Problem invalid-arguments.
 */
export function requireSpan({ start, end }: GivenTimes, zone: string, before?: Span): Span {
  const from = start === undefined ? before : spanOf(start, zone)
  if (!from) throw new Problem('invalid-arguments', 'Give a start.')
  const until = end === undefined ? undefined : spanOf(end, zone)
  if (until && until.kind !== from.kind) {
    throw new Problem('invalid-arguments', 'start and end must both be dates, for whole days, or both be times.')
  }
  if (from.kind === 'days') {
    const length = before?.kind === 'days' ? before.last - before.first : 0
    const last = until?.kind === 'days' ? until.last : from.first + length
    if (last < from.first) throw wrongOrder()
    return { kind: 'days', first: from.first, last }
  }
  const lengthMs = before?.kind === 'times' ? before.endMs - before.startMs : usualMs
  const endMs = until?.kind === 'times' ? until.endMs : from.startMs + lengthMs
  if (endMs < from.startMs) throw wrongOrder()
  return { kind: 'times', startMs: from.startMs, endMs }
}

function spanOf(value: string, zone: string): Span {
  if (isDate(value)) return { kind: 'days', first: toDay(value), last: toDay(value) }
  const ms = requireInstant(value, zone)
  return { kind: 'times', startMs: ms, endMs: ms }
}

function wrongOrder(): Problem {
  return new Problem('invalid-arguments', 'end lies before start. Give them in order.')
}

/** The span as Google takes it, also in a patch of an event that had the other kind. */
export function googleTimes(span: Span, zone: string): { start: GoogleEventTime; end: GoogleEventTime } {
  if (span.kind === 'days') {
    const day = (value: number) => ({ date: toDate(value), dateTime: null, timeZone: null })
    return { start: day(span.first), end: day(span.last + 1) }
  }
  const time = (ms: number) => ({ dateTime: toLocalIso(zone, ms), timeZone: zone, date: null })
  return { start: time(span.startMs), end: time(span.endMs) }
}

/** The span of an event of Google's; undefined when it tells none, as cancelled ones do. */
export function findSpan({ start, end }: GoogleEvent): Span | undefined {
  if (start?.date && end?.date) return { kind: 'days', first: toDay(start.date), last: toDay(end.date) - 1 }
  const startMs = Date.parse(start?.dateTime ?? '')
  const endMs = Date.parse(end?.dateTime ?? '')
  return Number.isNaN(startMs) || Number.isNaN(endMs) ? undefined : { kind: 'times', startMs, endMs }
}

/** The instant an event begins for a reader in a zone, to put events in order. */
export function startMsOf(event: GoogleEvent, zone: string): number {
  const span = findSpan(event)
  if (!span) return 0
  return span.kind === 'days' ? startOfDay(zone, span.first) : span.startMs
}

export interface ShownTimes {
  start?: string
  end?: string
  all_day?: true
}

/** When an event is, for a reader in a zone. */
export function showTimes(event: GoogleEvent, zone: string): ShownTimes {
  const span = findSpan(event)
  if (!span) return {}
  if (span.kind === 'days') return { start: toDate(span.first), end: toDate(span.last), all_day: true }
  return { start: toLocalIso(zone, span.startMs), end: toLocalIso(zone, span.endMs) }
}

/** How far a time of day is moved, in wall time of a zone: ten o'clock stays ten o'clock when the clocks change. */
export function wallShiftMs(zone: string, fromMs: number, toMs: number): number {
  return wallMsAt(zone, toMs) - wallMsAt(zone, fromMs)
}

export function shifted(zone: string, instantMs: number, wallMs: number): number {
  return firstInstantAt(zone, wallMsAt(zone, instantMs) + wallMs)
}
