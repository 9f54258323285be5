// What the address of an audit page asks for: read, checked, and written again as links that can be shared.
import { z } from 'zod'
import type { AuditKind, AuditOutcome } from '../audit/audit-log.js'
import type { AuditFilter, Position } from '../audit/audit-trail.js'
import { fromCursor, toCursor } from '../platform/paging.js'
import { kindWords, outcomeWords } from './audit-words.js'
import { t } from './t.js'

/** The fields of the filter as the address has them; an empty one asks for nothing. */
export const auditFields = ['person', 'client', 'tool', 'kind', 'outcome', 'reason', 'from', 'to'] as const
export type AuditField = (typeof auditFields)[number]

export interface AuditQuery {
  /** What was typed, also where it is faulty. */
  readonly typed: Readonly<Record<AuditField, string>>
  /** Person and client are as typed: whom they mean is looked up elsewhere. */
  readonly filter: Omit<AuditFilter, 'personId' | 'clientId'>
  readonly faults: Readonly<Partial<Record<AuditField, string>>>
  /** Where the page before ended; undefined on the first page. */
  readonly before: Position | undefined
}

/** Longest text of one field; a client id may be an address. */
const maxLength = 2_000
const dayMs = 24 * 3_600_000
const day = /^\d{4}-\d\d-\d\d$/

/** Never throws for what was typed into the fields. Throws Problem invalid-arguments for a crafted `before`. */
export function readAuditQuery(query: Readonly<Record<string, unknown>>): AuditQuery {
  const typed = Object.fromEntries(auditFields.map((name) => [name, textOf(query[name])])) as Record<AuditField, string>
  const faults: Partial<Record<AuditField, string>> = {}
  const { kind, outcome } = typed
  if (kind && !Object.hasOwn(kindWords, kind)) faults.kind = t('There are no entries of this kind.')
  if (outcome && !Object.hasOwn(outcomeWords, outcome)) faults.outcome = t('There is no such outcome.')
  const from = momentOf(typed.from, 0)
  // A day given as the end is meant with all its hours.
  const to = momentOf(typed.to, dayMs)
  for (const [name, moment] of [
    ['from', from],
    ['to', to],
  ] as const) {
    if (moment === 'faulty') {
      faults[name] = t('Write a day, like 2026-11-20, or a moment, like 2026-11-20T08:00:00Z.')
    }
  }
  if (from instanceof Date && to instanceof Date && from >= to) faults.to = t('This is before the beginning.')
  const filter = {
    ...(typed.tool ? { tool: typed.tool } : {}),
    ...(kind && !faults.kind ? { kind: kind as AuditKind } : {}),
    ...(outcome && !faults.outcome ? { outcome: outcome as AuditOutcome } : {}),
    ...(typed.reason ? { reason: typed.reason } : {}),
    ...(from instanceof Date ? { from } : {}),
    ...(to instanceof Date ? { to } : {}),
  }
  return { typed, filter, faults, before: positionOf(query.before) }
}

/** The address of an audit page with these fields; empty ones are left out. */
export function auditLink(
  path: string,
  typed: Readonly<Partial<Record<AuditField, string>>>,
  before?: Position,
): string {
  const search = new URLSearchParams()
  for (const name of auditFields) if (typed[name]) search.set(name, typed[name])
  if (before) search.set('before', toCursor([before.at.toISOString(), before.id]))
  return search.size > 0 ? `${path}?${search}` : path
}

const position = z.tuple([z.iso.datetime().transform((text) => new Date(text)), z.uuid()])

function positionOf(cursor: unknown): Position | undefined {
  const read = fromCursor(typeof cursor === 'string' && cursor !== '' ? cursor : undefined, position)
  return read && { at: read[0], id: read[1] }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.replaceAll('\u0000', '').trim().slice(0, maxLength) : ''
}

/** A day in UTC begins at midnight; `dayOffsetMs` is added to days only. Years that Postgres and people know. */
function momentOf(text: string, dayOffsetMs: number): Date | 'faulty' | undefined {
  if (text === '') return undefined
  const whole = day.test(text)
  if (!whole && !z.iso.datetime({ offset: true }).safeParse(text).success) return 'faulty'
  const moment = new Date(whole ? `${text}T00:00:00Z` : text)
  const year = moment.getUTCFullYear()
  if (!(year >= 1970 && year < 9999)) return 'faulty'
  return whole ? new Date(moment.getTime() + dayOffsetMs) : moment
}
