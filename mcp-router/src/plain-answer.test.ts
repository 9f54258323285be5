// Answers that go to the client as they came, and how many lists are known by heart.
import { expect, test } from '@jest/globals'
import { PlainAnswers } from './plain-answer.js'
import type { PlainRequest } from './plain-request.js'

function request(
  id: string | number,
  method: PlainRequest['method'] = 'tools/list',
  era: PlainRequest['era'] = 'legacy',
) {
  return { id, method, era } as PlainRequest
}
const answer = (id: unknown, result: unknown) => Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, result }))
const list = (name: string) => ({ tools: [{ name, inputSchema: { type: 'object' } }] })

test('a list that is known is still an answer to one request alone', () => {
  const answers = new PlainAnswers()
  expect(answers.find(request(1), answer(1, list('a')))?.toString()).toBe(answer(1, list('a')).toString())
  expect(answers.find(request('1'), answer('1', list('a')))).toBeDefined()
  for (const foreign of ['1', 2, 11, null]) {
    expect(answers.find(request(1), answer(foreign, list('a')))).toBeUndefined()
  }
})

test('what is plain in one era need not be so in the other', () => {
  const answers = new PlainAnswers()
  const result = { resultType: 'complete', tools: [], ttlMs: 1, cacheScope: 'private' }
  const wrapped = { ...result, tools: [{ name: 'a', outputSchema: { type: 'array' } }] }
  expect(answers.find(request(1, 'tools/list', 'modern'), answer(1, wrapped))).toBeDefined()
  expect(answers.find(request(1, 'tools/list', 'legacy'), answer(1, wrapped))).toBeUndefined()
  expect(answers.find(request(1, 'tools/list', 'legacy'), answer(1, list('a')))).toBeDefined()
  expect(answers.find(request(1, 'tools/list', 'modern'), answer(1, list('a')))).toBeUndefined()
})

test('a call is looked at each time, even if a list had the same bytes', () => {
  const answers = new PlainAnswers()
  const result = { ...list('a'), resultType: 'complete', ttlMs: 1, cacheScope: 'private' }
  expect(answers.find(request(1, 'tools/list', 'modern'), answer(1, result))).toBeDefined()
  const faulty = Buffer.from('{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete",}}')
  expect(answers.find(request(1, 'tools/call', 'modern'), faulty)).toBeUndefined()
})

test('says in the modern era who answers, and changes nothing else', () => {
  const result = { resultType: 'complete', content: [], structuredContent: { a: '☃' } }
  const found = new PlainAnswers().find(request('x', 'tools/call', 'modern'), answer('x', result))
  expect(JSON.parse(String(found))).toEqual({
    jsonrpc: '2.0',
    id: 'x',
    result: {
      ...result,
      _meta: { 'io.modelcontextprotocol/serverInfo': expect.objectContaining({ name: 'sekisho' }) },
    },
  })
})

test('forgets lists, so that many people with lists of their own cost no memory', () => {
  const answers = new PlainAnswers()
  for (let each = 0; each < 1_000; each++) answers.find(request(1), answer(1, list(`of-person-${each}`)))
  const { knownLists } = answers as unknown as { knownLists: Record<string, Buffer[]> }
  expect(knownLists.legacy?.length).toBeLessThanOrEqual(8)
  const huge = list('x'.repeat(2 * 1024 * 1024))
  expect(answers.find(request(1), answer(1, huge))).toBeDefined()
  expect(knownLists.legacy?.some(({ length }) => length > 1024 * 1024)).toBe(false)
})
