// Why a call was allowed or refused, in sentences.
import { isProblemCode } from '@sekisho/contracts'
import type { AuditRecord } from '../audit/audit-trail.js'
import { joined, sentences } from '../platform/html/language.js'
import { problemTitle } from '../platform/html/problem-page.js'
import { whyNotApproved } from './approval-why.js'
import { listOf, quoted } from './audit-why-parts.js'
import { isKeyOf, reasonWords } from './audit-words.js'
import { t } from './t.js'

export function whyOfCall({ outcome, reason, tool, details, grantId }: AuditRecord): string[] {
  const needed = listOf(details.scopes_needed)
  const held = listOf(details.scopes_held)
  const name = tool ?? t('the tool')
  if (needed.length === 0 && held.length === 0 && reason === null) {
    return [t('It was allowed. Of calls this old nothing more was written down.')]
  }
  const alive =
    grantId === null
      ? t('At that moment the person was active, and the session had not ended.')
      : t(
          'At that moment the person was active, and their authorization of the program was neither withdrawn nor expired.',
        )
  const bySession = typeof details.session_id === 'string' && details.bearer_id === undefined
  const covered = bySession
    ? t('the person was signed in here, and a session stands for all that its person could allow, {scopes} included', {
        scopes: quoted(needed),
      })
    : t('the access token held {scopes}, which {tool} needs', { scopes: quoted(needed), tool: name })
  if (reason === null) {
    const approved =
      typeof details.approval === 'string'
        ? [
            t('The person had approved this very call; the approval is used up: {approval}.', {
              approval: details.approval,
            }),
          ]
        : []
    return [t('It was allowed because {covered}.', { covered }), ...approved, alive]
  }
  switch (reason) {
    case 'insufficient-scope':
      return [
        held.length > 0
          ? t('It was refused because {tool} needs {needed}, and the access token held only {held}.', {
              tool: name,
              needed: quoted(needed),
              held: quoted(held),
            })
          : t('It was refused because {tool} needs {needed}, and the access token held no scope at all.', {
              tool: name,
              needed: quoted(needed),
            }),
        t('The program was told which scopes to ask the person for.'),
        alive,
      ]
    case 'unknown-tool':
      return [
        t('It was refused because there is no tool called {tool}. The program was told which names are like it.', {
          tool: name,
        }),
        alive,
      ]
    case 'invalid-arguments': {
      const faulty = listOf(details.faulty_arguments)
      return [
        faulty.length > 0
          ? t('It was refused because the arguments do not fit what {tool} takes: {faulty}. The tool was not run.', {
              tool: name,
              faulty: joined(faulty),
            })
          : t('It was refused because the arguments do not fit what {tool} takes. The tool was not run.', {
              tool: name,
            }),
        t('The caller was allowed to: {covered}.', { covered }),
      ]
    }
    case 'not-connected':
      return [
        sentences([
          t('The caller was allowed to: {covered}.', { covered }),
          t('But {tool} acts with an account of the person’s, and {missing}.', {
            tool: name,
            missing: missingWords(String(details.not_connected)),
          }),
          ...whichAccount(details),
        ]),
        alive,
      ]
    case 'approval-needed':
    case 'approval-denied':
      return [
        sentences([t('The caller was allowed to: {covered}.', { covered }), ...whyNotApproved(reason, name, details)]),
        alive,
      ]
    case 'cancelled':
      return [t('It was allowed, because {covered}; but the caller gave up before it was finished.', { covered })]
    case 'timeout':
      return [
        t('It was allowed, because {covered}; but it did not finish in time. It may or may not have been done.', {
          covered,
        }),
      ]
    case 'rate-limited':
      return [t('It was refused because too much was asked at once.'), alive]
  }
  if (outcome === 'failed') {
    return [
      sentences([
        t('It was allowed, because {covered}; but it broke: {reason}.', { covered, reason: reasonWords(reason) }),
        ...(typeof details.reference === 'string'
          ? [t('The log has the cause under the reference {reference}.', { reference: details.reference })]
          : []),
      ]),
    ]
  }
  return [
    sentences([
      t('The caller was allowed to: {covered}.', { covered }),
      t('It was {tool} itself that refused: {reason}.', {
        tool: name,
        reason: isProblemCode(reason) ? problemTitle(reason).toLowerCase() : reasonWords(reason),
      }),
    ]),
    alive,
  ]
}

/** The account that was meant, and why its access had been lost. */
function whichAccount({ connection, lost_because: lost }: Record<string, unknown>): string[] {
  if (typeof connection !== 'object' || connection === null || !('label' in connection)) return []
  const account = String(connection.label)
  return [
    typeof lost === 'string'
      ? t('The account: {account}, lost because {reason}.', { account, reason: reasonWords(lost) })
      : t('The account: {account}.', { account }),
  ]
}

const notConnectedWords = {
  'not-set-up': 'its service is not set up here',
  'no-account': 'they had connected none',
  'unknown-account': 'the one that was named is none they had connected',
  'reconnect-needed': 'the access to it had ended',
  revoked: 'the access to it had been withdrawn',
  'more-access-needed': 'theirs was connected without the access this needs',
  declined: 'they were asked to connect one and said no',
  cancelled: 'they were asked to connect one and closed the question',
} as const

function missingWords(reason: string): string {
  return isKeyOf(notConnectedWords, reason) ? t(notConnectedWords[reason]) : t('there was none to act with')
}
