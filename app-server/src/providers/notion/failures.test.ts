// What people are told when Notion refuses, breaks off or does not answer; and that nothing is ever written twice.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { notionError } from '@sekisho/fakes'
import { type NotionBench, openNotionBench } from '../../../e2e/notion-bench.js'
import { noServices, problemOf, steadyToken } from '../../../e2e/provider-bench.js'
import { GuardedFetch } from '../../platform/guarded-fetch.js'
import { upstreamFetch } from '../upstream.js'
import { NotionApi } from './notion-api.js'
import { notionConnect } from './notion-connect.js'

let on: NotionBench
let pageId: string
let guard: GuardedFetch

beforeAll(async () => {
  on = await openNotionBench()
  guard = new GuardedFetch({ outboundAllowedHosts: [on.fake.host] })
})
afterAll(async () => {
  await guard.onApplicationShutdown()
  await on.close()
})
beforeEach(() => {
  on.fake.behave()
  pageId = on.workspace.addPage('Page').id
})

const lines = (count: number) => Array.from({ length: count }, (_, index) => `Line ${index}`).join('\n\n')
const blocksNow = () => on.workspace.pages.get(pageId)?.children.length

const refusal = (code: Parameters<typeof notionError>[0], message?: string, headers: Record<string, string> = {}) => ({
  kind: 'answer' as const,
  ...notionError(code, message),
  headers,
})

describe('an answer of Notion', () => {
  test.each([
    ['unauthorized', 'upstream-failed', 'reconnect'],
    ['restricted_resource', 'forbidden', 'Capabilities'],
    ['object_not_found', 'not-found', 'shared'],
    ['validation_error', 'invalid-arguments', 'body failed'],
    ['conflict_error', 'conflict', 'Read it anew'],
    ['internal_server_error', 'upstream-failed', 'status 500'],
    ['bad_gateway', 'upstream-failed', 'status 502'],
    ['gateway_timeout', 'upstream-failed', 'status 504'],
  ] as const)('%s is the problem %s', async (code, problem, says) => {
    on.fake.misbehave(/^\/v1\//, refusal(code, 'body failed "validation"\nhere'))
    const told = await problemOf(on.call('get_page', { page_id: pageId }))
    expect(told.code).toBe(problem)
    expect(told.detail).toContain(says)
    expect(told.detail).not.toContain('\n')
  })

  test('that knows no such page says where a database is read', async () => {
    const { dataSourceId } = on.workspace.addDatabase('Not a page', { Name: { title: {} } })
    const told = await problemOf(on.call('get_page', { page_id: dataSourceId }))
    expect([told.code, told.detail]).toEqual(['not-found', expect.stringContaining('notion.query_database')])
  })

  test('429 is waited out when it is short, and told when it is long', async () => {
    on.fake.misbehave(/^\/v1\/pages/, refusal('rate_limited', 'slow down', { 'retry-after': '0' }), { times: 1 })
    expect(await on.call('get_page', { page_id: pageId, content: false })).toMatchObject({ page: { title: 'Page' } })
    on.fake.misbehave(/^\/v1\/pages/, refusal('rate_limited', 'slow down', { 'retry-after': '40' }))
    const told = await problemOf(on.call('get_page', { page_id: pageId, content: false }))
    expect(told).toMatchObject({ code: 'rate-limited', members: { retry_after_seconds: 40 } })
  })

  test('503 is asked once more', async () => {
    on.fake.misbehave(/^\/v1\/pages/, refusal('service_unavailable', 'busy', { 'retry-after': '0' }), { times: 1 })
    expect(await on.call('get_page', { page_id: pageId, content: false })).toMatchObject({ page: { title: 'Page' } })
  })

  test('that is no JSON is not taken for one', async () => {
    on.fake.misbehave(/^\/v1\/pages/, { kind: 'answer', status: 200, body: '<html>' })
    expect((await problemOf(on.call('get_page', { page_id: pageId, content: false }))).code).toBe('upstream-failed')
    on.fake.behave()
    on.fake.misbehave(/^\/v1\/pages/, {
      kind: 'answer',
      status: 200,
      body: { object: 'page', properties: 5, parent: null },
    })
    expect(await on.call('get_page', { page_id: pageId, content: false })).toMatchObject({
      page: { title: 'Untitled' },
    })
  })

  test('is explained when the connection lacks a capability', async () => {
    on.fake.capabilities.delete('insert_comments')
    const told = await problemOf(on.call('add_comment', { page_id: pageId, text: 'x' }))
    on.fake.capabilities.add('insert_comments')
    expect(told).toMatchObject({ code: 'forbidden', detail: expect.stringContaining('comments') })
  })
})

describe('a write', () => {
  test.each([
    ['create_page', () => ({ parent_page_id: pageId, title: 'Made', content: 'words' }), 'POST'],
    ['append_content', () => ({ page_id: pageId, content: 'words' }), 'PATCH'],
    ['update_page', () => ({ page_id: pageId, title: 'Named' }), 'PATCH'],
    ['delete_page', () => ({ page_id: pageId }), 'PATCH'],
    ['add_comment', () => ({ page_id: pageId, text: 'words' }), 'POST'],
  ] as const)('%s whose answer is lost is not done again with its key', async (tool, given, method) => {
    const idempotency_key = randomUUID()
    on.fake.misbehave(/^\/v1\//, { kind: 'cut' }, { method, times: 1 })
    const first = await problemOf(on.call(tool, { ...given(), idempotency_key }))
    expect(first).toMatchObject({
      code: 'upstream-failed',
      detail: expect.stringContaining('may or may not have been done'),
    })
    const second = await problemOf(on.call(tool, { ...given(), idempotency_key }))
    expect(second).toMatchObject({ code: 'conflict', detail: expect.stringContaining('Look first') })
    expect(on.fake.seen.filter((request) => request.method === method)).toHaveLength(1)
  })

  test('with one key happens once, and the answer is the same', async () => {
    const given = { parent_page_id: pageId, title: 'Once', content: lines(150), idempotency_key: randomUUID() }
    const first = await on.call('create_page', given)
    expect(await on.call('create_page', given)).toEqual(first)
    expect(blocksNow()).toBe(1)
  })

  test('that Notion refused for sure can be tried again with its key', async () => {
    const given = { page_id: pageId, content: 'words', idempotency_key: randomUUID() }
    on.fake.misbehave(/children$/, refusal('conflict_error'), { times: 1 })
    expect((await problemOf(on.call('append_content', given))).code).toBe('conflict')
    expect(await on.call('append_content', given)).toMatchObject({ complete: true })
    expect(blocksNow()).toBe(1)
  })
})

describe('long content that breaks off in the middle', () => {
  /** Lets the first requests pass. */
  function breakAfter(passes: number, how: Parameters<typeof on.fake.misbehave>[1]): void {
    on.fake.misbehave(/children$/, { kind: 'slow', delayMs: 0 }, { method: 'PATCH', times: passes })
    on.fake.misbehave(/children$/, how, { method: 'PATCH' })
  }

  test('says how far it came for sure, and what is missing', async () => {
    breakAfter(2, refusal('validation_error', 'no more'))
    const told = await on.call('append_content', { page_id: pageId, content: lines(350), idempotency_key: 'k1' })
    expect(told).toMatchObject({ blocks_written: 200, complete: false })
    expect(told.message).toContain('"Line 200"')
    expect(told.message).toContain('was not written')
    expect(blocksNow()).toBe(200)
    // The same call again changes nothing: it is told the same.
    on.fake.behave()
    const again = await on.call('append_content', { page_id: pageId, content: lines(350), idempotency_key: 'k1' })
    expect(again).toEqual(told)
    expect(blocksNow()).toBe(200)
  })

  test('says so when nobody knows whether the next part is there', async () => {
    breakAfter(1, { kind: 'cut' })
    const told = await on.call('append_content', { page_id: pageId, content: lines(150) })
    expect(told).toMatchObject({ blocks_written: 100, complete: false })
    expect(told.message).toContain('may have been written too')
  })

  test('leaves a new page that is told of, and never a second one', async () => {
    on.fake.misbehave(/children$/, refusal('internal_server_error'), { method: 'PATCH' })
    const given = { parent_page_id: pageId, title: 'Half', content: lines(150), idempotency_key: 'k2' }
    const told = await on.call('create_page', given)
    expect(told).toMatchObject({ complete: false, page: { title: 'Half' } })
    expect(told.message).toContain('The page is there, but not all of its content. Only the first 0 of 150')
    expect(await on.call('create_page', given)).toEqual(told)
    expect(blocksNow()).toBe(1)
  })

  test('deletes nothing old when a page is rewritten', async () => {
    on.workspace.addBlocks(pageId, [{ type: 'paragraph', text: 'old' }])
    breakAfter(1, refusal('internal_server_error'))
    const told = await on.call('replace_content', { page_id: pageId, content: lines(150) })
    expect(told).toMatchObject({ deleted: 0, complete: false })
    expect(blocksNow()).toBe(101)
    expect(on.fake.seen.some(({ method }) => method === 'DELETE')).toBe(false)
  })

  test('says which old blocks are left when deleting breaks off', async () => {
    on.workspace.addBlocks(
      pageId,
      ['a', 'b', 'c'].map((text) => ({ type: 'paragraph', text })),
    )
    on.fake.misbehave(/^\/v1\/blocks\//, { kind: 'slow', delayMs: 0 }, { method: 'DELETE', times: 1 })
    on.fake.misbehave(/^\/v1\/blocks\//, refusal('internal_server_error'), { method: 'DELETE' })
    const told = await on.call('replace_content', { page_id: pageId, content: 'new' })
    expect(told).toMatchObject({ deleted: 1, complete: false })
    expect(told.message).toContain('2 old blocks')
  })
})

test('words of others come without hidden signs, bounded, and their links lead only to the web', async () => {
  const id = on.workspace.addPage('T\u202eitle\u0000', [
    { type: 'paragraph', text: 'a\u200bb\u0007' },
    { type: 'bookmark', data: { url: 'javascript:alert(1)', caption: [] } },
  ]).id
  const { page, content } = await on.call<{ page: { title: string }; content: string }>('get_page', { page_id: id })
  expect(page.title).toBe('Title')
  expect(content).toBe('ab\n\n\\[bookmark: unknown]')
})

describe('a Notion that does not answer', () => {
  function apiWith(signal: AbortSignal, timeoutMs: number) {
    const services = { ...noServices, notion: { api: on.fake.url } }
    const tokens = steadyToken(on.fake.internalToken(on.workspace))
    const fetch = upstreamFetch({ connect: notionConnect, services, details: {}, tokens, fetch: guard, signal })
    return new NotionApi(fetch, services, timeoutMs)
  }

  test('is given up after a time, and a write is said to be unsure', async () => {
    on.fake.misbehave(/^\/v1\//, { kind: 'hang' })
    const api = apiWith(new AbortController().signal, 200)
    expect(await problemOf(api.get(`/v1/pages/${pageId}`))).toMatchObject({ code: 'timeout' })
    const unsure = await problemOf(api.patch(`/v1/pages/${pageId}`, { in_trash: true }))
    expect(unsure).toMatchObject({ code: 'timeout', detail: expect.stringContaining('may or may not') })
  })

  test('is let go of when the caller gives up', async () => {
    on.fake.misbehave(/^\/v1\//, { kind: 'hang' })
    const api = apiWith(AbortSignal.timeout(200), 20_000)
    expect(await problemOf(api.get(`/v1/pages/${pageId}`))).toMatchObject({ code: 'cancelled' })
  })

  test('but breaks the connection is said to be out of reach', async () => {
    on.fake.misbehave(/^\/v1\/pages/, { kind: 'drop' })
    const told = await problemOf(on.call('get_page', { page_id: pageId, content: false }))
    expect(told).toMatchObject({ code: 'upstream-failed', detail: expect.stringContaining('cannot be reached') })
  })
})
