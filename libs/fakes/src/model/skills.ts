// What the pretended model knows of Sekisho's tools: which words call for which, and what to give them.
import { findDays, findHour } from './moments.js'

type Json = Record<string, unknown>

export interface Question {
  readonly text: string
  readonly now: Date
}

export interface Skill {
  /** The tool, e.g. `gcal.list_events`. */
  readonly tool: string
  readonly words: RegExp
  /** Skills that are meant by fewer words stand back when this one is meant. */
  readonly instead?: readonly string[]
  /** What must be found out first, by a tool without arguments; its result goes into `give`. */
  readonly after?: string
  /** Undefined: there is nothing to ask with. */
  give(question: Question, before: unknown): Json | undefined
}

/** In the order in which they are looked at; what writes comes first, because its words are the narrower ones. */
export const skills: readonly Skill[] = [
  {
    tool: 'gcal.create_event',
    words:
      /\b(add|create|schedule|plan|put)\b.*\b(event|meeting|lunch|dinner|appointment|calendar)\b|予定.*(追加|入れ|作)/i,
    instead: ['gcal.list_events'],
    give: (question) => ({ title: titleIn(question.text, 'Meeting'), start: startOf(question) }),
  },
  {
    tool: 'github.create_issue',
    words:
      /\b(open|create|file|report)\b.*\bissue\b.*github|github.*\b(open|create|file|report)\b.*\bissue\b|githubに.*(issue|課題).*(作|立て)/i,
    instead: ['github.search_issues', 'jira.search_issues'],
    give: ({ text }) => ({
      repository: /[\w.-]+\/[\w.-]+/.exec(text)?.[0] ?? 'hana/web-shop',
      title: titleIn(text, 'A new issue'),
    }),
  },
  {
    tool: 'booking.create',
    words: /\bbook\b(?!ings?)|予約して|予約を(取|入れ)/i,
    instead: ['booking.find_slots'],
    after: 'booking.list_services',
    give: (question, services) => {
      const service = chosen(question.text, itemsOf(services, 'services'))
      return service && { service_id: service.id, start: startOf(question) }
    },
  },
  {
    tool: 'booking.find_slots',
    words: /\b(slots?|haircuts?|head spa|free times?|appointments?|table)\b|空き|空いて|ヘアカット|美容/i,
    after: 'booking.list_services',
    give: ({ text, now }, services) => {
      const service = chosen(text, itemsOf(services, 'services'))
      return service && { service_id: service.id, ...(findDays(text, now) ?? {}) }
    },
  },
  { tool: 'booking.list', words: /\bmy bookings?\b|予約(一覧|の確認|を見)/i, give: () => ({}) },
  {
    tool: 'gcal.list_events',
    words: /\b(events?|calendar|meetings?|schedule|agenda)\b|予定|カレンダー|会議/i,
    give: ({ text, now }) => ({ ...(findDays(text, now) ?? {}) }),
  },
  {
    tool: 'jira.search_issues',
    words: /\bjira\b|\bissues?\b|\btickets?\b|チケット|課題/i,
    give: ({ text }) =>
      /\bmy\b|自分|わたし|私/i.test(text)
        ? { jql: 'assignee = currentUser() AND statusCategory != Done ORDER BY updated DESC' }
        : { jql: 'statusCategory != Done ORDER BY updated DESC' },
  },
  {
    tool: 'github.search_issues',
    words: /\bgithub\b|\bissues?\b|pull requests?|\bPRs?\b|プルリク/i,
    give: ({ text }) => {
      const kind = /pull requests?|\bPRs?\b|プルリク/i.test(text) ? 'pull_request' : 'issue'
      return { query: `is:open ${/\bmy\b|自分|私/i.test(text) ? 'assignee:@me' : 'user:hana'}`, kind }
    },
  },
  { tool: 'notion.search', words: /\bnotion\b|\b(notes?|pages?|wiki)\b|ノート|ページ/i, give: () => ({}) },
  { tool: 'order.list', words: /\bmy orders?\b|注文(一覧|履歴|の確認|を見)/i, give: () => ({}) },
  {
    tool: 'product.search',
    words: /\b(products?|buy|shop|price|stock|tea|bowls?)\b|商品|お茶|買/i,
    give: ({ text }) => {
      const word = /\b(tea|bowls?|fans?)\b/i.exec(text)?.[1]?.toLowerCase().replace(/s$/, '')
      return word ? { query: word } : {}
    },
  },
]

/** What stands in quotes, else a word for it. */
function titleIn(text: string, otherwise: string): string {
  return /["“「『]([^"”」』]{1,100})["”」』]/.exec(text)?.[1] ?? (/lunch|ランチ|昼食/i.test(text) ? 'Lunch' : otherwise)
}

function startOf({ text, now }: Question): string {
  const { from } = findDays(text, now) ?? { from: new Date(now.getTime() + 86_400_000).toISOString().slice(0, 10) }
  return `${from}T${findHour(text) ?? '10:00'}`
}

function itemsOf(result: unknown, name: string): Json[] {
  const list = (result as Json | undefined)?.[name]
  return Array.isArray(list) ? (list as Json[]) : []
}

/** The one whose title the question names, else the first. */
function chosen(text: string, items: readonly Json[]): Json | undefined {
  const named = items.find(({ title }) => text.toLowerCase().includes(String(title).toLowerCase()))
  return named ?? items[0]
}
