// What administrators can do to a person: when each act is offered, what it is called, and what it will do.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import type { Account } from '../accounts/accounts.js'
import { t } from './t.js'

export interface PersonAct {
  readonly button: string
  /** Beside the button, in a few words. */
  readonly aside: string
  readonly danger: boolean
  /** The question on the page that asks; `{name}` is who or what it is about. */
  readonly question: string
  /** What will happen, a sentence each. */
  readonly effects: readonly string[]
  /** Title of the notice afterwards. */
  readonly done: string
  /** Whether that is (still) so. */
  holds(person: Account): boolean
  /** Whether it makes sense for this person; `self` is whoever looks. */
  offered(person: Account, self: boolean): boolean
}

const always = () => true

export const personActs = {
  suspend: {
    button: 'Suspend',
    aside: 'for now; keeps everything',
    danger: true,
    question: 'Suspend {name}?',
    effects: [
      'They are signed out everywhere at once and cannot sign in.',
      'Programs that act for them are refused from their very next call on.',
      'Nothing is lost: when you reactivate them, their programs go on working.',
    ],
    done: 'Suspended',
    holds: ({ status }) => status === 'suspended',
    offered: ({ status }, self) => status === 'active' && !self,
  },
  disable: {
    button: 'Disable',
    aside: 'for good; withdraws all programs',
    danger: true,
    question: 'Disable the account of {name}?',
    effects: [
      'They are signed out everywhere at once and cannot sign in.',
      'All their programs lose their access for good; each would have to be connected anew.',
      'What they did and made here stays. You can reactivate the account.',
    ],
    done: 'Disabled',
    holds: ({ status }) => status === 'disabled',
    offered: ({ status }, self) => status !== 'disabled' && !self,
  },
  reactivate: {
    button: 'Reactivate',
    aside: 'lets them in again',
    danger: false,
    question: 'Reactivate {name}?',
    effects: ['They can sign in again, and programs that still have their access go on working.'],
    done: 'Reactivated',
    holds: ({ status }) => status === 'active',
    offered: ({ status }) => status !== 'active',
  },
  promote: {
    button: 'Make administrator',
    aside: 'sees and changes everything here',
    danger: false,
    question: 'Make {name} an administrator?',
    effects: [
      'They see all people, clients and audit entries.',
      'They can suspend people, block clients and make administrators, you included.',
    ],
    done: 'Now an administrator',
    holds: ({ role }) => role === 'administrator',
    offered: ({ role, status }) => role === 'member' && status === 'active',
  },
  demote: {
    button: 'Make member',
    aside: 'takes these pages away',
    danger: true,
    question: 'Make {name} an ordinary member?',
    effects: [
      'They lose the admin pages at their next click.',
      'Their account, sessions and programs stay as they are.',
    ],
    done: 'Now a member',
    holds: ({ role }) => role === 'member',
    offered: ({ role }) => role === 'administrator',
  },
  'end-sessions': {
    button: 'End all sessions',
    aside: 'signs them out everywhere',
    danger: true,
    question: 'End all sessions of {name}?',
    effects: ['They are signed out of every browser and can sign in again.', 'Their programs keep their access.'],
    done: 'All sessions ended',
    holds: always,
    offered: ({ status }) => status === 'active',
  },
  withdraw: {
    button: 'Withdraw',
    aside: 'one program',
    danger: true,
    question: 'Withdraw the access of “{name}”?',
    effects: [
      'It is refused from its very next call on.',
      'To use it again, the person connects it anew and says yes once more.',
    ],
    done: 'Access withdrawn',
    holds: always,
    // Offered beside each program instead.
    offered: () => false,
  },
} as const satisfies Record<string, PersonAct>

export type PersonActName = keyof typeof personActs
export type DonePersonAct = PersonActName

export function offeredActs(person: Account, self: boolean): PersonActName[] {
  return (Object.keys(personActs) as PersonActName[]).filter((name) => personActs[name].offered(person, self))
}

/** The act that takes another one back. */
export function undoOf(act: PersonActName): PersonActName | undefined {
  const undo = { suspend: 'reactivate', disable: 'reactivate', promote: 'demote', demote: 'promote' } as const
  return Object.hasOwn(undo, act) ? undo[act as keyof typeof undo] : undefined
}

export function isDonePersonAct(value: unknown): value is DonePersonAct {
  return typeof value === 'string' && Object.hasOwn(personActs, value)
}

/** Throws Problem not-found. */
export function requirePersonAct(value: string): PersonActName {
  if (isDonePersonAct(value)) return value
  throw new Problem('not-found', t('There is no such thing to do. Go back to the page of the person.'))
}

/** Throws Problem not-found for what is no id of a person. */
export function requirePersonId(value: string): string {
  if (z.uuid().safeParse(value).success) return value
  throw new Problem('not-found', t('There is nobody of that id. Look for them in the list of people.'))
}
