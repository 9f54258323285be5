// The times a question names, in English and Japanese: which days, and at what hour.

export interface Days {
  /** Both included, as YYYY-MM-DD. */
  readonly from: string
  readonly to: string
}

const dayMs = 86_400_000

/** The days of a question; undefined when it names none. */
export function findDays(question: string, now: Date): Days | undefined {
  const day = (offset: number) => new Date(now.getTime() + offset * dayMs).toISOString().slice(0, 10)
  const days = (from: number, to = from): Days => ({ from: day(from), to: day(to) })
  // Weeks begin on Monday.
  const sinceMonday = (now.getUTCDay() + 6) % 7
  if (/next week|来週/i.test(question)) return days(7 - sinceMonday, 13 - sinceMonday)
  if (/this week|今週/i.test(question)) return days(0, 6 - sinceMonday)
  if (/weekend|週末/i.test(question)) return days(5 - Math.min(sinceMonday, 5), 6 - sinceMonday)
  if (/day after tomorrow|明後日|あさって/i.test(question)) return days(2)
  if (/tomorrow|明日|あした/i.test(question)) return days(1)
  if (/today|今日|きょう/i.test(question)) return days(0)
  return undefined
}

/** An hour of the day as HH:MM; undefined when the question names none. */
export function findHour(question: string): string | undefined {
  if (/\bnoon\b|正午/i.test(question)) return '12:00'
  const clock = /\b(\d{1,2}):(\d{2})\b/.exec(question) ?? /(\d{1,2})時(?:(\d{1,2})分)?/.exec(question)
  const half = /\b(\d{1,2})\s*(am|pm)\b/i.exec(question)
  const hour = half ? (Number(half[1]) % 12) + (half[2]?.toLowerCase() === 'pm' ? 12 : 0) : Number(clock?.[1])
  if (!(hour >= 0 && hour < 24)) return undefined
  const afternoon = /午後/.test(question) && hour < 12 ? 12 : 0
  return `${String(hour + afternoon).padStart(2, '0')}:${(clock?.[2] ?? '0').padStart(2, '0')}`
}
