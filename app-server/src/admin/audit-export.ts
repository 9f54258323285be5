// Audit entries as files: written piece by piece as they are read, so that any number of them takes the same memory.
import type { AuditRecord, Position } from '../audit/audit-trail.js'

export type ExportFormat = 'csv' | 'json'

/** Most entries of one file, and the longest time one may take to write, in milliseconds. */
export interface ExportLimits {
  entries: number
  ms: number
}

export const exportLimits: ExportLimits = { entries: 1_000_000, ms: 10 * 60_000 }

export const contentTypes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/json; charset=utf-8',
}

/** The columns of the CSV and the members of the JSON, in this order. */
const columns = {
  id: ({ id }) => id,
  at: ({ at }) => at.toISOString(),
  kind: ({ kind }) => kind,
  action: ({ action }) => action,
  outcome: ({ outcome }) => outcome,
  reason: ({ reason }) => reason,
  actor_id: ({ actorId }) => actorId,
  client_id: ({ clientId }) => clientId,
  grant_id: ({ grantId }) => grantId,
  target_type: ({ targetType }) => targetType,
  target_id: ({ targetId }) => targetId,
  tool: ({ tool }) => tool,
  arguments: (record) => record.arguments,
  details: ({ details }) => details,
  duration_ms: ({ durationMs }) => durationMs,
  request_id: ({ requestId }) => requestId,
  address: ({ address }) => address,
} satisfies Record<string, (record: AuditRecord) => unknown>

/** An entry as JSON, by the names of the columns. */
export function toJson(record: AuditRecord): Record<string, unknown> {
  return Object.fromEntries(Object.entries(columns).map(([name, of]) => [name, of(record)]))
}

interface Writing {
  begin: string
  entry(record: AuditRecord, index: number): string
  /** Last, when entries had to be left out: says from where to go on. */
  cut(after: Position): string
  end: string
}

const writings: Readonly<Record<ExportFormat, Writing>> = {
  csv: {
    // A byte order mark, without which spreadsheets take UTF-8 for something older.
    begin: `\ufeff${Object.keys(columns).join(',')}\r\n`,
    entry: (record) =>
      `${Object.values(columns)
        .map((of) => toCell(of(record)))
        .join(',')}\r\n`,
    cut: ({ at }) => `${toCell(cutWords(at))}\r\n`,
    end: '',
  },
  json: {
    begin: '[',
    entry: (record, index) => `${index === 0 ? '' : ','}\n${JSON.stringify(toJson(record))}`,
    cut: ({ at }) => `,\n${JSON.stringify({ cut: cutWords(at) })}`,
    end: '\n]\n',
  },
}

/**
 * The text of a file, batch by batch. Ends early, and says so in its last entry, when a limit is reached.
 * Throws what reading throws; then the file has no proper end, and whoever takes it must notice that it is not whole.
 */
export async function* exportText(
  format: ExportFormat,
  batches: AsyncIterable<readonly AuditRecord[]>,
  limits: ExportLimits = exportLimits,
): AsyncGenerator<string> {
  const writing = writings[format]
  const endAt = performance.now() + limits.ms
  let count = 0
  let last: AuditRecord | undefined
  yield writing.begin
  for await (const batch of batches) {
    if (last && (count >= limits.entries || performance.now() >= endAt)) {
      yield writing.cut(last)
      break
    }
    const room = batch.slice(0, limits.entries - count)
    yield room.map((record, index) => writing.entry(record, count + index)).join('')
    count += room.length
    last = room.at(-1) ?? last
    if (room.length < batch.length && last) {
      yield writing.cut(last)
      break
    }
  }
  yield writing.end
}

function cutWords(at: Date): string {
  return `Not everything: older entries were left out. Export again with an end of ${at.toISOString()}.`
}

/**
 * One cell of a CSV (RFC 4180). Spreadsheets run what begins like a formula, so such a text gets an apostrophe in front
 * (OWASP, CSV injection).
 */
export function toCell(value: unknown): string {
  if (value === null || value === undefined) return ''
  const plain = typeof value === 'string' ? value : JSON.stringify(value)
  const text = typeof value !== 'number' && /^[=+\-@\t\r\n]/.test(plain) ? `'${plain}` : plain
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
