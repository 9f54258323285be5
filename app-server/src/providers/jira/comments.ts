// Comments as Jira gives them and as tools show them.
import { z } from 'zod'
import { momentOf, nameOfPerson } from './issues.js'
import { person } from './people.js'
import { type commentOutput, partOf } from './texts.js'

export const comment = z.object({
  id: z.string(),
  author: person.nullish(),
  created: z.string().nullish(),
  body: z.unknown().optional(),
})

export const commentPage = z.object({ comments: z.array(comment), total: z.number().int() })

export function showComment(
  { id, author, created, body }: z.output<typeof comment>,
  max: number,
): z.input<typeof commentOutput> {
  const part = partOf(body, max)
  return { id, author: nameOfPerson(author), created_at: momentOf(created), body: part.text, cut: part.next !== null }
}
