// The transitions of an issue, and which of them somebody means by a name.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { oneLine } from '../foreign-text.js'
import { type Field, fieldsOf, transitionFields } from './fields.js'
import { named } from './issues.js'
import { type Jira, path } from './jira-api.js'

const answer = z.object({
  transitions: z.array(z.object({ id: z.string(), name: z.string(), to: named, fields: transitionFields.optional() })),
})

export interface Transition {
  readonly id: string
  readonly name: string
  /** The name of the status it leads to. */
  readonly status: string
  readonly fields: readonly Field[]
}

export async function transitionsOf(jira: Jira, issue: string): Promise<Transition[]> {
  const query = { expand: 'transitions.fields' }
  const { transitions } = await jira.get(answer, path`/issue/${issue}/transitions`, query)
  return transitions.map(({ id, name, to, fields = {} }) => ({
    id,
    name: oneLine(name, 120),
    status: oneLine(to.name, 120),
    fields: fieldsOf(fields),
  }))
}

/** The transition meant by its own name or id, or by the status it leads to. Throws Problem with those there are. */
export function requireTransition(transitions: readonly Transition[], given: string): Transition {
  const wanted = given.trim().toLowerCase()
  const byName = transitions.filter(({ id, name }) => id === wanted || name.toLowerCase() === wanted)
  const found = byName.length > 0 ? byName : transitions.filter(({ status }) => status.toLowerCase() === wanted)
  if (found.length === 1 && found[0]) return found[0]
  const list = (found.length > 1 ? found : transitions).map(({ name, status }) => `${name} (to ${status})`).join(', ')
  throw new Problem(
    found.length > 1 ? 'invalid-arguments' : 'conflict',
    found.length > 1
      ? `Several transitions lead to "${given}": ${list}. Give the name of one.`
      : `The workflow has no way to "${given}" from here. Possible now: ${list || 'nothing'}.`,
    { transitions: transitions.map(({ name, status }) => ({ name, to_status: status })) },
  )
}
