// Builds queries of Jira (JQL) from plain arguments, so that nothing that was given can be read as part of the query.
import { Problem } from '@sekisho/contracts'

/** A value of a query, quoted: quotation marks, backslashes and control signs are escaped (JQL, "Reserved characters"). */
export function quoted(value: string): string {
  const escaped = value.replaceAll(/["\\\p{Cc}]/gu, (sign) =>
    sign === '"' || sign === '\\' ? `\\${sign}` : `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `"${escaped}"`
}

/** Words to look for, without the signs that the text search has a meaning of its own for. Undefined when none are left. */
function searchWords(text: string): string | undefined {
  const words = text
    .replaceAll(/[+\-&|!(){}[\]^~*?\\:/"'\p{Cc}]/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return words === '' ? undefined : words
}

export interface Filters {
  readonly project?: string | undefined
  readonly text?: string | undefined
  readonly status?: string | undefined
  readonly assignee?: string | undefined
  readonly updated_within_days?: number | undefined
}

/** The query for plain filters, the latest changes first; undefined when none is given. Throws Problem invalid-arguments. */
export function jqlFor({ project, text, status, assignee, updated_within_days: days }: Filters): string | undefined {
  const words = text === undefined ? undefined : searchWords(text)
  if (text !== undefined && words === undefined) {
    throw new Problem('invalid-arguments', 'text has no words to look for. Give words, without signs.')
  }
  const parts = [
    project === undefined ? [] : [`project = ${quoted(project)}`],
    words === undefined ? [] : [`text ~ ${quoted(words)}`],
    status === undefined ? [] : [`status = ${quoted(status)}`],
    assignee === undefined ? [] : [assigneeIs(assignee)],
    days === undefined ? [] : [`updated >= -${days}d`],
  ].flat()
  return parts.length === 0 ? undefined : `${parts.join(' AND ')} ORDER BY updated DESC`
}

function assigneeIs(assignee: string): string {
  if (assignee.toLowerCase() === 'me') return 'assignee = currentUser()'
  return assignee.toLowerCase() === 'none' ? 'assignee IS EMPTY' : `assignee = ${quoted(assignee)}`
}
