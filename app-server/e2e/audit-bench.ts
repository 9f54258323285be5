// What the tests of the audit log share: entries by the hundred, calls at the door, and what is in the table.
import { DOOR_PATH } from '@sekisho/contracts'
import type { Person } from '@sekisho/testing'
import type { TestApp } from './app.js'

export interface StoredEntry {
  id: string
  at: Date
  kind: string
  action: string
  outcome: string
  reason: string | null
  actor_id: string | null
  client_id: string | null
  grant_id: string | null
  target_type: string | null
  target_id: string | null
  tool: string | null
  arguments: Record<string, unknown> | null
  details: Record<string, unknown>
  duration_ms: number | null
  request_id: string | null
  address: string | null
}

/** Entries of one kind, the oldest first. */
export function entriesOf(app: TestApp, kind: string): Promise<StoredEntry[]> {
  return app.sql<StoredEntry>('SELECT * FROM audit_entries WHERE kind = $1 ORDER BY at, id', [kind])
}

/** Puts in `count` calls of one person, a second apart, the newest now. */
export async function addCalls(app: TestApp, count: number, tool = 'test.many', actorId: string | null = null) {
  await app.sql(
    `INSERT INTO audit_entries (at, kind, action, outcome, tool, arguments, details, duration_ms, actor_id, request_id)
     SELECT now() - n * interval '1 second', 'call', 'call', 'ok', $2, jsonb_build_object('n', n, 'text', repeat('x', 200)),
            '{"scopes_needed": ["test:use"], "scopes_held": ["test:use"]}', 5, $3, 'r' || n
       FROM generate_series(0, $1 - 1) n`,
    [count, tool, actorId],
  )
}

/** Calls a tool at the door. */
export function callTool(url: string, bearer: string, name: string, args: object = {}): Promise<Response> {
  return fetch(`${url}${DOOR_PATH}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
  })
}

/** What a person's browser gets from an address, redirects not followed. */
export function getAs(app: TestApp, person: Person, path: string): Promise<Response> {
  return person.request('GET', new URL(path, app.url))
}
