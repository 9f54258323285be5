// Google's own client of the Calendar API, whose every request goes through the call's upstream; and what its errors mean.
import { calendar, type calendar_v3 } from '@googleapis/calendar'
import { Problem } from '@sekisho/contracts'
import type { OutboundRequest } from '../../platform/guarded-fetch.js'
import type { Services } from '../../platform/service-settings.js'
import type { Upstream } from '../connect.js'
import { rateLimited, retryAfterOf, upstreamProblem } from '../upstream.js'

export const service = 'Google Calendar'

export type GoogleEvent = calendar_v3.Schema$Event
export type GoogleEventTime = calendar_v3.Schema$EventDateTime
export type GoogleAttendee = calendar_v3.Schema$EventAttendee

/** Where the client's requests go. */
export function calendarUrl({ google }: Services): string {
  return `${google.api}/calendar/v3`
}

/** Most bytes of one answer: a page of 250 events with long descriptions has some three million. */
const responseBytes = 4 * 1024 * 1024

/** Headers of the client that go out; the rest would tell Google about this machine. */
const sentHeaders = ['accept', 'content-type', 'if-match', 'if-none-match']

/** Reasons for "too many requests" that pass within a second or two (Calendar API, "Handle API errors"). */
const shortLimits = new Set(['rateLimitExceeded', 'userRateLimitExceeded'])
const shortLimitSeconds = 2

/** Reasons for limits that last, and how many seconds before another try makes sense. */
const longLimits: Readonly<Record<string, number>> = { quotaExceeded: 3_600, dailyLimitExceeded: 21_600 }

/** Asks Google. Throws Problem; its members say `upstream_status` and Google's `upstream_reason`. */
export async function askGoogle<Data>(
  upstream: Upstream,
  ask: (api: calendar_v3.Calendar) => Promise<{ data: Data }>,
): Promise<Data> {
  let failure: unknown
  const api = calendar({
    version: 'v3',
    rootUrl: `${upstream.services.google.api}/`,
    // Renewing, waiting and giving up are done in one place, which is not this client.
    retry: false,
    fetchImplementation: async (input, init) => {
      try {
        const response = await upstream.fetch(urlOf(input), outbound(init))
        if (!response.ok) throw await googleProblem(response)
        return response
      } catch (error) {
        failure = error
        throw error
      }
    },
  })
  try {
    return (await ask(api)).data
  } catch (error) {
    // The client wraps what it did not expect; what was thrown here says more.
    throw failure ?? error
  }
}

/** Whether a problem is an answer of Google with this status, and this reason if one is given. */
export function isAnswer(error: unknown, status: number, reason?: string): boolean {
  if (!(error instanceof Problem) || error.members.upstream_status !== status) return false
  return reason === undefined || error.members.upstream_reason === reason
}

/** Whether nobody knows what became of a request. */
export function isUnsure(error: unknown): boolean {
  return error instanceof Problem && ['timeout', 'upstream-failed'].includes(error.code)
}

/** The problem behind an error answer of Google. */
export async function googleProblem(response: Response): Promise<Problem> {
  const { status } = response
  const { reason, words } = errorOf(await response.text())
  const retryAfterSeconds = retryAfterOf(response)
  const problem = problemOf({ status, reason, words, retryAfterSeconds })
  const members = { ...problem.members, upstream_status: status, ...(reason ? { upstream_reason: reason } : {}) }
  return new Problem(problem.code, problem.detail, members, { headers: problem.headers })
}

/** Seconds to wait when Google says "too many requests" by 403. */
export async function googleRetryAfter(response: Response): Promise<number | undefined> {
  if (response.status !== 403) return undefined
  const { reason } = errorOf(await response.text())
  return reason && shortLimits.has(reason) ? (retryAfterOf(response) ?? shortLimitSeconds) : undefined
}

interface GoogleAnswer {
  readonly status: number
  readonly reason: string | undefined
  readonly words: string | undefined
  readonly retryAfterSeconds: number | undefined
}

function problemOf({ status, reason = '', words, retryAfterSeconds }: GoogleAnswer): Problem {
  if (shortLimits.has(reason)) return rateLimited(service, retryAfterSeconds)
  const longLimit = longLimits[reason]
  if (longLimit !== undefined) return rateLimited(service, retryAfterSeconds ?? longLimit)
  switch (reason) {
    case 'insufficientPermissions':
      return new Problem(
        'not-connected',
        "The connected Google account did not give what this needs. Ask the person to connect it again and to leave every box ticked on Google's page.",
      )
    case 'accessNotConfigured':
      return new Problem(
        'upstream-failed',
        'The Google Calendar API is not switched on in the Google Cloud project of this server. Whoever runs it must enable it there; trying again does not help.',
      )
    case 'requiredAccessLevel':
      return new Problem(
        'forbidden',
        'The connected account may read this calendar but not change it. Choose one whose access is writer or owner, from gcal.list_calendars.',
      )
    case 'forbiddenForNonOrganizer':
      return new Problem(
        'forbidden',
        'Only the organizer may change this event. An invitation can be answered with gcal.respond; or ask the organizer.',
      )
    case 'cannotChangeOrganizerOfInstance':
      return new Problem(
        'invalid-arguments',
        'One date of a series cannot be moved to another calendar. Give the id of the whole series, its series_id.',
      )
    case 'deleted':
      return new Problem('not-found', 'This event has been deleted.')
    case 'timeRangeTooLong':
      return new Problem('invalid-arguments', 'Google Calendar does not take so long a range. Ask for a shorter one.')
    default:
      return upstreamProblem({ service, status, words, retryAfterSeconds })
  }
}

/** Google's reason and words. Both are data of somebody else: the reason is one word or nothing. */
function errorOf(text: string): { reason: string | undefined; words: string | undefined } {
  try {
    const { error } = JSON.parse(text) as { error?: { errors?: { reason?: unknown }[]; message?: unknown } }
    const reason = error?.errors?.[0]?.reason
    return {
      reason: typeof reason === 'string' && /^\w{1,60}$/.test(reason) ? reason : undefined,
      words: typeof error?.message === 'string' ? error.message : undefined,
    }
  } catch {
    return { reason: undefined, words: undefined }
  }
}

function urlOf(input: string | URL | Request): string {
  return input instanceof Request ? input.url : String(input)
}

/** The client's request as ours: what it sends is JSON text or nothing. */
function outbound({ method = 'GET', headers, body }: RequestInit = {}): OutboundRequest {
  const given = new Headers(headers)
  const sent = sentHeaders.flatMap((name) => {
    const value = given.get(name)
    return value === null ? [] : [[name, value] as const]
  })
  if (body !== undefined && body !== null && typeof body !== 'string') {
    throw new Error('the Calendar API is sent JSON text only')
  }
  return {
    method: method as NonNullable<OutboundRequest['method']>,
    headers: Object.fromEntries(sent),
    responseBytes,
    ...(body ? { body } : {}),
  }
}
