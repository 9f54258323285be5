// Why a call waited for its person's word, had it or had not, in sentences.
import type { AuditRecord } from '../audit/audit-trail.js'
import { sentences } from '../platform/html/language.js'
import { isKeyOf } from './audit-words.js'
import { t } from './t.js'

/** Of an entry about an approval. */
export function whyOfApproval({ action, outcome, tool, details }: AuditRecord): string[] {
  const name = tool ?? t('the tool')
  switch (action) {
    case 'request':
      return [
        t(
          'The program called {tool}, whose calls wait for the person’s word: because it may change or delete something, or because they chose so.',
          { tool: name },
        ),
        t('Nothing was run. It could be decided until {when}.', {
          when: String(details.expires_at ?? t('its time was over')),
        }),
      ]
    case 'approve':
      return [
        t(
          'The person, signed in here, saw the arguments and allowed the call: once, with exactly these arguments, for the program that asked.',
        ),
        ...(details.remembered === true
          ? [t('They also chose not to be asked about {tool} any more.', { tool: name })]
          : []),
      ]
    case 'deny':
      return [t('The person, signed in here, saw the arguments and said no. The call was not run.')]
    case 'withdraw':
      return [
        t(
          'The person was asked by their program to look at the call and would not. The call was not run, and what had waited here was taken back.',
        ),
      ]
    case 'use':
      return [
        t(
          'The person had allowed this very call, but it came again only when the time for it was over. It was not run, and the person was asked anew.',
        ),
      ]
    case 'set-policy': {
      const policy = String(details.policy)
      return [
        sentences([
          t('People choose for themselves when calls made for them wait.'),
          ...(isKeyOf(policyWords, policy) ? [t(policyWords[policy])] : []),
        ]),
      ]
    }
    default:
      return [outcome === 'ok' ? t('It was done.') : t('It was refused.')]
  }
}

const policyWords = {
  ask: 'Calls of this tool now always do.',
  allow: 'Calls of this tool now never do.',
  default: 'For this tool the rule of this server counts again.',
} as const

/** Of a call that was refused for want of a word: a sentence or several. */
export function whyNotApproved(reason: string, tool: string, details: Record<string, unknown>): string[] {
  const which =
    typeof details.approval === 'string' ? [t('The approval: {approval}.', { approval: details.approval })] : []
  if (reason === 'approval-needed') {
    return [
      t(
        'But {tool} waits for the person’s approval, and they had given none that was good for this call: these arguments, from this program, once.',
        { tool },
      ),
      ...(typeof details.expired_approval === 'string'
        ? [t('An earlier approval had ended before the call came again.')]
        : []),
      ...which,
    ]
  }
  const how = String(details.not_approved)
  const said = t(isKeyOf(notApprovedWords, how) ? notApprovedWords[how] : notApprovedWords.denied)
  return [t('But {tool} waits for the person’s approval, and they {said}.', { tool, said }), ...which]
}

const notApprovedWords = {
  denied: 'said no',
  declined: 'were asked by their program to look at the call and said no',
  cancelled: 'were asked by their program to look at the call and closed the question',
} as const
