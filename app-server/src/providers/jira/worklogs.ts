// Work that was logged on an issue, and the durations people write.
import { z } from 'zod'
import { text } from '../inputs.js'
import { momentOf, nameOfPerson } from './issues.js'
import { person } from './people.js'
import { partOf } from './texts.js'

/** A year and more of work in one entry is a mistake. */
const maxSeconds = 10_000_000
const durationShape = /^(?:\d{1,5}(?:\.\d{1,2})?[wdhm](?:\s+|(?=\d)|$))+$/i

export const worklog = z.object({
  id: z.string(),
  author: person.nullish(),
  started: z.string().nullish(),
  timeSpent: z.string().nullish(),
  timeSpentSeconds: z.number().nullish(),
  comment: z.unknown().optional(),
})

export const worklogOutput = z.object({
  id: z.string(),
  author: z.string().nullable(),
  started_at: z.string().nullable().describe('When the work began, in UTC.'),
  time_spent: z.string().describe("How long, in Jira's words; its days may have 8 hours."),
  seconds: z.number().int().describe('How long, in seconds.'),
  comment: z.string().describe('What was done, as Markdown.'),
})

export function showWorklog(one: z.output<typeof worklog>): z.input<typeof worklogOutput> {
  return {
    id: one.id,
    author: nameOfPerson(one.author),
    started_at: momentOf(one.started),
    time_spent: (one.timeSpent ?? '').slice(0, 60),
    seconds: Math.round(one.timeSpentSeconds ?? 0),
    comment: partOf(one.comment, 1_000).text,
  }
}

/** Input member for a duration. */
export function duration(description: string) {
  const error = 'must be a duration such as 1h 30m, 2d or 45m, or a number of seconds (60 or more)'
  return z
    .union([
      z.number({ error }).int().min(60, error).max(maxSeconds),
      text({ min: 2, max: 40 }).refine((value) => durationShape.test(value), error),
    ])
    .describe(description)
}

/** The duration as Jira takes it: it alone knows how many hours its days have. */
export function timeSpent(value: number | string): { timeSpentSeconds: number } | { timeSpent: string } {
  if (typeof value === 'number') return { timeSpentSeconds: value }
  const parts = value.toLowerCase().match(/\d+(?:\.\d+)?[wdhm]/g) ?? []
  return { timeSpent: parts.join(' ') }
}
