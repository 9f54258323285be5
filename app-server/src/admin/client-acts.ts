// What administrators can do to a client, and what each act will do.
import type { ListedClient } from '../oauth/client-directory.js'
import { unusedAtOnce } from '../oauth/clients.js'
import type { QuestionPageProps } from '../platform/html/question.page.js'
import { t } from './t.js'

export interface ClientAct {
  readonly button: string
  readonly danger: boolean
  /** `{name}` is the client. */
  readonly question: string
  /** What will happen, a sentence each. */
  effects(client: ListedClient): string[]
  /** Title and words of the notice afterwards. */
  readonly done: string
  readonly doneWords: string
  /** Whether it makes sense for this client. */
  offered(client: ListedClient): boolean
}

export const clientActs = {
  withdraw: {
    button: 'Withdraw all access',
    danger: true,
    question: 'Withdraw all access of “{name}”?',
    effects: ({ grants, people }) => [
      t(
        'This ends {grants, plural, one {# authorization} other {# authorizations}} of {people, plural, one {# person} other {# people}}.',
        { grants, people },
      ),
      t('It is refused from its very next call on.'),
      t('People can connect it anew. To prevent that, block it.'),
    ],
    done: 'All access withdrawn',
    doneWords: 'It can act for nobody until somebody allows it anew.',
    offered: ({ grants }) => grants > 0,
  },
  block: {
    button: 'Block',
    danger: true,
    question: 'Block “{name}”?',
    effects: ({ grants, people, kind }) => [
      ...(grants > 0
        ? [
            t(
              'This ends {grants, plural, one {# authorization} other {# authorizations}} of {people, plural, one {# person} other {# people}}; unblocking does not bring them back.',
              { grants, people },
            ),
          ]
        : []),
      t('It is refused from its very next call on, and nobody can connect it any more.'),
      ...(kind === 'registered'
        ? [
            t(
              'It registered itself, so the same program can register once more under another id. Then it is another client here.',
            ),
          ]
        : []),
    ],
    done: 'Blocked',
    doneWords: 'It can act for nobody, and nobody can connect it.',
    offered: ({ blockedAt }) => blockedAt === null,
  },
  unblock: {
    button: 'Unblock',
    danger: false,
    question: 'Unblock “{name}”?',
    effects: () => [t('People can connect it again. What was withdrawn stays withdrawn.')],
    done: 'Unblocked',
    doneWords: 'People can connect it again.',
    offered: ({ blockedAt }) => blockedAt !== null,
  },
} as const satisfies Record<string, ClientAct>

export type ClientActName = keyof typeof clientActs

export function isClientAct(value: unknown): value is ClientActName {
  return typeof value === 'string' && Object.hasOwn(clientActs, value)
}

export function offeredClientActs(client: ListedClient): ClientActName[] {
  return (Object.keys(clientActs) as ClientActName[]).filter((name) => clientActs[name].offered(client))
}

export function removeUnusedQuestion(removable: number, csrfToken: string): QuestionPageProps {
  return {
    eyebrow: t('Clients'),
    question: t('Remove {removable, plural, one {# unused client} other {# unused clients}}?', { removable }),
    effects: [
      t('They registered themselves, and nobody lets them act now.'),
      t(
        'A program that comes back to one of these registrations is not known any more; most then register anew by themselves.',
      ),
      t('Blocked ones and those of the last hour stay.'),
      ...(removable > unusedAtOnce
        ? [t('The oldest {count, number} go now; repeat it for the others.', { count: unusedAtOnce })]
        : []),
    ],
    button: t('Remove them'),
    danger: true,
    action: '/admin/clients/remove-unused',
    csrfToken,
    fields: {},
    back: '/admin/clients',
  }
}
