// Why a call was not run for want of its person's word, in words a model can act on.
import { Problem } from '@sekisho/contracts'
import { type Approval, approvalUrl } from './approval.js'

const membersOf = (approval: Approval, url: string) => ({
  approval_id: approval.id,
  approval_url: url,
  expires_at: approval.expiresAt.toISOString(),
  tool: approval.tool,
})

/** @param late the approval such a call had before, which was over before it was used */
export function approvalNeeded(approval: Approval, publicUrl: string, late?: Approval): Problem {
  const url = approvalUrl(publicUrl, approval.id)
  const again = late ? 'It was approved before, but not called again in time. ' : ''
  return new Problem(
    'approval-needed',
    `${approval.tool} was not run: it waits for the person’s approval. ${again}Ask the person to open ${url} in a browser, look at the arguments and allow it; then call again with the very same arguments. This can be decided until ${approval.expiresAt.toISOString()}.`,
    { ...membersOf(approval, url), ...(late ? { expired_approval_id: late.id } : {}) },
  )
}

export function approvalDenied(approval: Approval, publicUrl: string): Problem {
  const url = approvalUrl(publicUrl, approval.id)
  return new Problem(
    'approval-denied',
    `The person said no to ${approval.tool} with these arguments, so it was not run. Do not try again unless they ask for it; until ${approval.expiresAt.toISOString()} they can still allow it at ${url}.`,
    { ...membersOf(approval, url), reason: 'denied' },
  )
}

/** What is told when the person was asked by their client to look at the approval and would not. */
export function notLookedAt(tool: string, publicUrl: string, said: 'decline' | 'cancel'): Problem {
  const url = new URL('/approvals', publicUrl).href
  const detail =
    said === 'decline'
      ? `The person was asked to approve this call of ${tool} and said no, so it was not run. Do not try again unless they ask for it.`
      : `The person was asked to approve this call of ${tool} and closed the question, so it was not run. Ask them whether to go on; then call again, and they are asked again.`
  const reason = said === 'decline' ? 'declined' : 'cancelled'
  return new Problem('approval-denied', detail, { tool, reason, approval_url: url })
}

export function tooManyPending(tool: string, publicUrl: string): Problem {
  const url = new URL('/approvals', publicUrl).href
  return new Problem(
    'rate-limited',
    `${tool} was not run: it needs the person’s approval, and too many calls wait for it already. Ask the person to decide some at ${url}, then call again.`,
    { tool, approval_url: url },
  )
}
