// Which event a change is meant for: one date of a series, or the series itself.
import { Problem } from '@sekisho/contracts'
import type { Upstream } from '../connect.js'
import { type EventPlace, requireEvent } from './events.js'
import type { GoogleEvent } from './google-calendar-api.js'

export type ApplyTo = 'this_event' | 'whole_series'

/** The event that was named, and the one to change: the same, or the series the named one is a date of. */
export interface Target {
  readonly named: GoogleEvent
  readonly event: GoogleEvent
  readonly eventId: string
}

/**
 * Reads the event and, where the whole series is meant, the series.
 * Throws Problem not-found; invalid-arguments when the id is of a series and one date is meant.
 */
export async function requireTarget(upstream: Upstream, place: EventPlace, applyTo: ApplyTo): Promise<Target> {
  const named = await requireEvent(upstream, place)
  if (applyTo === 'this_event') {
    if (named.recurrence?.length) {
      throw new Problem(
        'invalid-arguments',
        'This id is that of a whole series. Give the id of one date, from gcal.list_events, or say apply_to: "whole_series". "This and all following" is not offered: end the series with a new UNTIL in its recurrence and create another one.',
      )
    }
    return { named, event: named, eventId: place.eventId }
  }
  if (!named.recurringEventId) return { named, event: named, eventId: place.eventId }
  const eventId = named.recurringEventId
  const event = await requireEvent(upstream, { ...place, eventId })
  return { named, event, eventId }
}

/** Throws Problem conflict when the event is not as the caller read it last. */
export function requireEtag({ named }: Target, etag: string | undefined): void {
  if (etag === undefined || etag === named.etag) return
  throw changedMeanwhile()
}

export function changedMeanwhile(): Problem {
  return new Problem(
    'conflict',
    'The event was changed since it was read. Nothing was done: read it anew with gcal.get_event, then call again with its present etag.',
    { upstream_status: 412 },
  )
}
