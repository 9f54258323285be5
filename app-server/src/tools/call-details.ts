// What the audit entry of a call says beside who, what and how it ended: what the decision rested on, for whoever asks later why.
import type { Problem } from '@sekisho/contracts'
import type { Access } from '../oauth/access.js'
import type { Tool } from '../providers/provider.js'
import type { OpenedUpstream } from '../vault/vault.js'

/** What a call turned out to act with. */
export interface Used {
  connection?: OpenedUpstream['connection'] | undefined
  /** The id of the person's approval. */
  approval?: string | undefined
}

export function detailsOf(
  access: Access,
  tool: Tool | undefined,
  used: Used,
  problem: Problem | undefined,
): Record<string, unknown> {
  return { ...basisOf(access, tool, problem), ...accountOf(used, problem), ...approvalOf(used, problem) }
}

/** What the audit log and the figures call it. */
export function wordOf(problem: Problem | undefined): 'ok' | 'refused' | 'failed' {
  if (problem === undefined) return 'ok'
  return problem.status >= 500 || problem.code === 'cancelled' ? 'failed' : 'refused'
}

function basisOf(access: Access, tool: Tool | undefined, problem: Problem | undefined): Record<string, unknown> {
  const faults = problem?.code === 'invalid-arguments' ? problem.members.faults : undefined
  return {
    ...(tool ? { scopes_needed: [tool.scope] } : {}),
    scopes_held: [...access.scopes],
    role: access.administrator ? 'administrator' : 'member',
    // A session that calls by itself, without a token made for it, is named once.
    ...(access.tokenId === access.sessionId ? {} : { bearer_id: access.tokenId }),
    ...(access.sessionId === undefined ? {} : { session_id: access.sessionId }),
    // Where the faults are, not what was there: that stands in the arguments, as far as it may be kept.
    ...(Array.isArray(faults) ? { faulty_arguments: faults.map(({ path }: { path: string }) => path) } : {}),
    ...(typeof problem?.members.reference === 'string' ? { reference: problem.members.reference } : {}),
  }
}

/** Which account it was, or why there was none. */
function accountOf({ connection }: Used, problem: Problem | undefined): Record<string, unknown> {
  const { members } = problem?.code === 'not-connected' ? problem : { members: {} as Record<string, unknown> }
  const account =
    connection ?? (members.connection_id ? { id: members.connection_id, label: members.connection } : undefined)
  return {
    ...(account ? { connection: account } : {}),
    ...(problem?.code === 'not-connected'
      ? {
          not_connected: members.reason,
          ...(members.lost_because ? { lost_because: members.lost_because } : {}),
          ...(members.missing_scopes ? { missing_scopes: members.missing_scopes } : {}),
        }
      : {}),
  }
}

/** Which approval it rested on, or lacked. */
function approvalOf({ approval }: Used, problem: Problem | undefined): Record<string, unknown> {
  const asked = problem?.code === 'approval-needed' || problem?.code === 'approval-denied' ? problem.members : {}
  const id = approval ?? asked.approval_id
  return {
    ...(id === undefined ? {} : { approval: id }),
    ...(asked.expired_approval_id === undefined ? {} : { expired_approval: asked.expired_approval_id }),
    ...(problem?.code === 'approval-denied' ? { not_approved: asked.reason } : {}),
  }
}
