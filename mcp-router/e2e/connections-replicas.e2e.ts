// What is taken away on one app server is gone at the very next call on the other, whatever that one did a moment ago.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Replica } from '@sekisho/testing'
import { formAt } from '../../app-server/e2e/admin-bench.js'
import { ask, type ConnectedStack, connect, type Newcomer, startConnectedStack } from './connections-bench.js'

let at: ConnectedStack
let replica: Replica
let newcomer: Newcomer

beforeAll(async () => {
  at = await startConnectedStack()
  replica = await at.stack.replica()
}, 60_000)

afterAll(() => at?.close())

/** The next call of their client, on the other app server; and whether anything of it reached Google. */
async function nextCall() {
  const before = at.google.seen.length
  const { status, body, text } = await ask(replica.router.url, newcomer, 'gcal')
  return { status, result: body?.result, text, reachedGoogle: at.google.seen.length > before }
}

beforeEach(async () => {
  newcomer = await at.newcomer()
  await connect(newcomer, 'gcal')
  // The other app server knows them and their account already: what it remembers is no reason to go on.
  const { status, text, reachedGoogle } = await nextCall()
  expect([status, reachedGoogle]).toEqual([200, true])
  expect(text).toContain(newcomer.secrets.gcal)
})

/** Opens a page that asks, and confirms. */
async function confirm(browser: Newcomer['browser'], path: string, action = path): Promise<void> {
  const question = await browser.open(path)
  const done = await browser.submit(question, formAt(question, action))
  if (done.status !== 200) throw new Error(`${path}: ${done.status} at ${done.url}`)
}

describe('at the very next call on the other app server', () => {
  test('a suspended person is refused, and may again when they are reactivated', async () => {
    const [row] = await at.stack.sql<{ id: string }>('SELECT id FROM users WHERE email = $1', [newcomer.email])
    await confirm(at.administrator, `/admin/people/${row?.id}/suspend`)
    expect(await nextCall()).toMatchObject({ status: 401, reachedGoogle: false })
    await confirm(at.administrator, `/admin/people/${row?.id}/reactivate`)
    expect(await nextCall()).toMatchObject({ status: 200, reachedGoogle: true })
  })

  test('a program whose access was withdrawn is refused', async () => {
    const programs = await newcomer.browser.open('/programs')
    const link = /href="(\/programs\/withdraw[^"]*)"/.exec(programs.body)?.[1]?.replaceAll('&amp;', '&') ?? ''
    await confirm(newcomer.browser, link, '/programs/withdraw')
    expect(await nextCall()).toMatchObject({ status: 401, reachedGoogle: false })
  })

  test('a disconnected account is told to be connected first, and nothing of it is used any more', async () => {
    const [row] = await at.stack.sql<{ id: string }>(
      'SELECT c.id FROM connections c JOIN users u ON u.id = c.user_id WHERE u.email = $1',
      [newcomer.email],
    )
    await confirm(newcomer.browser, `/connections/${row?.id}/disconnect`)
    const { status, result, text, reachedGoogle } = await nextCall()
    expect([status, reachedGoogle]).toEqual([200, false])
    expect(result).toMatchObject({ isError: true, structuredContent: { code: 'not-connected', reason: 'no-account' } })
    expect(text).not.toContain(newcomer.secrets.gcal)
  })
})
