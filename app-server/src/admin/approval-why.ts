// Why a call waited for its person's word, had it or had not, in sentences.
import type { AuditRecord } from '../audit/audit-trail.js'

/** Of an entry about an approval. */
export function whyOfApproval({ action, outcome, tool, details }: AuditRecord): string[] {
  const name = tool ?? 'the tool'
  switch (action) {
    case 'request':
      return [
        `The program called ${name}, whose calls wait for the person’s word: because it may change or delete something, or because they chose so.`,
        `Nothing was run. It could be decided until ${String(details.expires_at ?? 'its time was over')}.`,
      ]
    case 'approve':
      return [
        'The person, signed in here, saw the arguments and allowed the call: once, with exactly these arguments, for the program that asked.',
        ...(details.remembered === true ? [`They also chose not to be asked about ${name} any more.`] : []),
      ]
    case 'deny':
      return ['The person, signed in here, saw the arguments and said no. The call was not run.']
    case 'withdraw':
      return [
        'The person was asked by their program to look at the call and would not. The call was not run, and what had waited here was taken back.',
      ]
    case 'use':
      return [
        'The person had allowed this very call, but it came again only when the time for it was over. It was not run, and the person was asked anew.',
      ]
    case 'set-policy':
      return [
        `People choose for themselves when calls made for them wait. ${policyWords[String(details.policy)] ?? ''}`.trim(),
      ]
    default:
      return [outcome === 'ok' ? 'It was done.' : 'It was refused.']
  }
}

const policyWords: Readonly<Record<string, string>> = {
  ask: 'Calls of this tool now always do.',
  allow: 'Calls of this tool now never do.',
  default: 'For this tool the rule of this server counts again.',
}

/** Of a call that was refused for want of a word. */
export function whyNotApproved(reason: string, tool: string, details: Record<string, unknown>): string {
  const which = typeof details.approval === 'string' ? ` The approval: ${details.approval}.` : ''
  if (reason === 'approval-needed') {
    const late =
      typeof details.expired_approval === 'string' ? ' An earlier approval had ended before the call came again.' : ''
    return `But ${tool} waits for the person’s approval, and they had given none that was good for this call: these arguments, from this program, once.${late}${which}`
  }
  const said = notApprovedWords[String(details.not_approved)] ?? 'said no'
  return `But ${tool} waits for the person’s approval, and they ${said}.${which}`
}

const notApprovedWords: Readonly<Record<string, string>> = {
  denied: 'said no',
  declined: 'were asked by their program to look at the call and said no',
  cancelled: 'were asked by their program to look at the call and closed the question',
}
