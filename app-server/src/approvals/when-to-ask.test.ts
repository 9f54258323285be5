// Tests of which calls wait: the operator's rule, the person's own, and nobody for what people do themselves.
import { expect, test } from '@jest/globals'
import type { ToolPolicy } from '../accounts/tool-policies.js'
import type { Access } from '../oauth/access.js'
import type { Tool } from '../providers/provider.js'
import { type ApprovalRule, isAsked } from './when-to-ask.js'

const tools = {
  looks: { readOnlyHint: true, destructiveHint: false },
  // Says nothing sensible, and changes nothing all the same.
  'looks hard': { readOnlyHint: true, destructiveHint: true },
  adds: { readOnlyHint: false, destructiveHint: false },
  changes: { readOnlyHint: false, destructiveHint: true },
}
const toolOf = (name: keyof typeof tools) =>
  ({ name, annotations: { ...tools[name], idempotentHint: false, openWorldHint: false } }) as Tool

function accessOf(policies: Record<string, ToolPolicy>, ids: Partial<Access> = {}): Access {
  return {
    tokenId: 't',
    sessionId: undefined,
    grantId: 'g',
    toolPolicies: new Map(Object.entries(policies)),
    ...ids,
  } as Access
}

test.each<[ApprovalRule, keyof typeof tools, ToolPolicy | undefined, boolean]>([
  ['destructive', 'changes', undefined, true],
  ['destructive', 'changes', 'allow', false],
  ['destructive', 'changes', 'ask', true],
  ['destructive', 'adds', undefined, false],
  ['destructive', 'adds', 'ask', true],
  ['destructive', 'looks', undefined, false],
  ['destructive', 'looks', 'ask', true],
  ['destructive', 'looks hard', undefined, false],
  ['asked', 'changes', undefined, false],
  ['asked', 'changes', 'ask', true],
])('by the rule "%s" a tool that %s and is marked %s waits: %s', (rule, name, own, waits) => {
  const policies: Record<string, ToolPolicy> = own === undefined ? {} : { [name]: own }
  expect(isAsked(accessOf(policies), toolOf(name), rule)).toBe(waits)
  // The mark of one tool is none of another.
  expect(isAsked(accessOf({ other: 'ask', another: 'allow' }), toolOf('changes'), 'destructive')).toBe(true)
})

test('a session waits for nobody, and a token minted for it does', () => {
  const changes = toolOf('changes')
  const session = accessOf({ changes: 'ask' }, { grantId: undefined, sessionId: 's', tokenId: 's' })
  expect(isAsked(session, changes, 'destructive')).toBe(false)
  expect(isAsked({ ...session, tokenId: 't' }, changes, 'destructive')).toBe(true)
})
