// What a person wants to be asked about: their own word on single tools, where they gave one.
import type { Sql } from '../platform/database/database.js'

/** ask: every call waits for the person's approval. allow: none does. */
export const toolPolicies = ['ask', 'allow'] as const
export type ToolPolicy = (typeof toolPolicies)[number]

/** A person's policies by the tool's name; tools they said nothing about are not in it. */
export type ToolPolicies = ReadonlyMap<string, ToolPolicy>

/** SQL that gives the policies of user row `u` as one JSON object, null when there are none: for statements about the person. */
export const policiesOfUser = '(SELECT json_object_agg(p.tool, p.policy) FROM tool_policies p WHERE p.user_id = u.id)'

const none: ToolPolicies = new Map()

/** What `policiesOfUser` gave. */
export function toolPoliciesFrom(value: Record<string, ToolPolicy> | null): ToolPolicies {
  return value === null ? none : new Map(Object.entries(value))
}

export async function findToolPolicies(sql: Sql, userId: string): Promise<ToolPolicies> {
  const [row] = await sql.query<{ policies: Record<string, ToolPolicy> | null }>(
    `SELECT ${policiesOfUser} AS policies FROM users u WHERE u.id = $1`,
    [userId],
  )
  return toolPoliciesFrom(row?.policies ?? null)
}

/** Keeps a person's word on a tool, which counts from the next call on; undefined takes it back. */
export async function setToolPolicy(
  sql: Sql,
  userId: string,
  tool: string,
  policy: ToolPolicy | undefined,
): Promise<void> {
  if (policy === undefined) {
    await sql.query('DELETE FROM tool_policies WHERE user_id = $1 AND tool = $2', [userId, tool])
    return
  }
  await sql.query(
    `INSERT INTO tool_policies (user_id, tool, policy) VALUES ($1, $2, $3)
     ON CONFLICT (user_id, tool) DO UPDATE SET policy = excluded.policy, changed_at = now()`,
    [userId, tool, policy],
  )
}
