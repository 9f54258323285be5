// jira.link_issues: says how one issue is related to another.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { connectionInput } from '../connect.js'
import { oneLine } from '../foreign-text.js'
import { idempotencyInput } from '../idempotency.js'
import { text } from '../inputs.js'
import { defineTool } from '../provider.js'
import { beforeWriting } from '../upstream.js'
import { issueKey } from './issues.js'
import { type Jira, jiraOf, path } from './jira-api.js'
import { siteInput } from './sites.js'

const linkTypes = z.object({
  issueLinkTypes: z.array(z.object({ name: z.string(), inward: z.string(), outward: z.string() })),
})

export const linkIssuesTool = defineTool({
  name: 'jira.link_issues',
  title: 'Link two Jira issues',
  description:
    'Links two issues, read as a sentence: issue, relation, other; e.g. ABC-1 "blocks" ABC-2, or ABC-1 "is blocked by" ABC-2. When a site has no such relation, it says which there are. For a parent or an epic use jira.update_issue instead.',
  scope: 'jira:write',
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  input: z.strictObject({
    issue: issueKey('The issue the sentence begins with.'),
    relation: text({ min: 1, max: 100 }).describe(
      'How it is related, e.g. blocks, is blocked by, duplicates, relates to.',
    ),
    other: issueKey('The issue the sentence ends with.'),
    ...siteInput,
    ...connectionInput,
    ...idempotencyInput,
  }),
  output: z.object({ message: z.string().describe('The sentence that holds now.') }),
  async run(input, call) {
    const jira = jiraOf(call, input)
    if (input.issue === input.other) throw new Problem('invalid-arguments', 'An issue cannot be linked to itself.')
    return call.onceUpstream(async () => {
      const { name, relation, backwards } = await beforeWriting(() => requireRelation(jira, input.relation))
      const [from, to] = backwards ? [input.other, input.issue] : [input.issue, input.other]
      // What Jira calls the inward issue is the one that does something to the outward one.
      const body = { type: { name }, inwardIssue: { key: from }, outwardIssue: { key: to } }
      await jira.act('POST', path`/issueLink`, body)
      return { message: `${input.issue} ${relation} ${input.other}.` }
    })
  },
})

/** The kind of link that is meant, and whether its sentence was given from its end. Throws Problem invalid-arguments. */
async function requireRelation(jira: Jira, given: string) {
  const wanted = given.trim().toLowerCase()
  const { issueLinkTypes } = await jira.get(linkTypes, path`/issueLinkType`)
  for (const { name, inward, outward } of issueLinkTypes) {
    if ([outward, name].some((one) => one.toLowerCase() === wanted)) {
      return { name, relation: oneLine(outward, 100), backwards: false }
    }
    if (inward.toLowerCase() === wanted) return { name, relation: oneLine(inward, 100), backwards: true }
  }
  const list = [...new Set(issueLinkTypes.flatMap(({ inward, outward }) => [outward, inward]))].map((one) =>
    oneLine(one, 100),
  )
  throw new Problem(
    'invalid-arguments',
    `The site has no relation "${given}". There are: ${list.join(', ') || 'none'}.`,
    {
      relations: list,
    },
  )
}
