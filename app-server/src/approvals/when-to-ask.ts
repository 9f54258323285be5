// Which calls wait for their person's word: the person's own rule for the tool, and else the operator's for all.
import type { Access } from '../oauth/access.js'
import type { Settings } from '../platform/settings.js'
import type { Tool } from '../providers/provider.js'

export type ApprovalRule = Settings['approveCalls']

/** Whether calls of a tool wait where the person has said nothing about it. */
export function isAskedByDefault({ annotations }: Pick<Tool, 'annotations'>, rule: ApprovalRule): boolean {
  return rule === 'destructive' && !annotations.readOnlyHint && annotations.destructiveHint
}

/** Whether a call waits. Costs nothing: every call passes here. */
export function isAsked(access: Access, tool: Tool, rule: ApprovalRule): boolean {
  // Their own session without a token made for it: they pressed the button themselves.
  if (access.sessionId !== undefined && access.tokenId === access.sessionId) return false
  const own = access.toolPolicies.get(tool.name)
  return own === undefined ? isAskedByDefault(tool, rule) : own === 'ask'
}
