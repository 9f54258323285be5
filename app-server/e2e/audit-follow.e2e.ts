// Following what happens while it happens, for as long as one may look, and for a few at a time.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { eventually, Person, signIn } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'
import { addCalls } from './audit-bench.js'

let app: TestApp
let boss: Person

beforeAll(async () => {
  app = await startTestApp()
  boss = await app.signedIn('Boss')
})

afterAll(() => app.close())

const audit = '/admin/audit'

interface Following {
  text: string
  ended: Promise<void>
  leave(): void
  status: number
}

async function follow(person: Person, query = '', lastId?: string, url = app.url): Promise<Following> {
  const control = new AbortController()
  const response = await fetch(`${url}${audit}/follow${query}`, {
    signal: control.signal,
    headers: {
      accept: 'text/event-stream',
      cookie: `sekisho_session=${person.cookie('sekisho_session')}`,
      ...(lastId ? { 'last-event-id': lastId } : {}),
    },
  })
  const following: Following = {
    text: '',
    status: response.status,
    ended: Promise.resolve(),
    leave: () => control.abort(),
  }
  following.ended = (async () => {
    const decoder = new TextDecoder()
    for await (const part of response.body ?? []) following.text += decoder.decode(part as Uint8Array, { stream: true })
  })().catch(() => undefined)
  return following
}

test('tells what fits as it happens, and nothing else', async () => {
  const stream = await follow(boss, '?tool=live.test')
  expect(stream.status).toBe(200)
  await addCalls(app, 1, 'live.other')
  await app.sql(
    `INSERT INTO audit_entries (kind, action, outcome, tool, details) VALUES ('call', 'call', 'ok', 'live.test', '{}')`,
  )
  await eventually(() => stream.text.includes('live.test'))
  expect(stream.text).toMatch(/event: entry\nid: [0-9a-f-]{36}\ndata: \{.*"tool":"live\.test"/)
  expect(stream.text).not.toContain('live.other')
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  expect(stream.text.match(/event: entry/g)).toHaveLength(1)
  stream.leave()
  await stream.ended
})

test('goes on where it was after a break', async () => {
  const stream = await follow(boss, '?tool=again.test')
  const put = () =>
    app.sql<{ id: string }>(
      `INSERT INTO audit_entries (kind, action, outcome, tool, details) VALUES ('call', 'call', 'ok', 'again.test', '{}') RETURNING id`,
    )
  const [first] = await put()
  await eventually(() => stream.text.includes(String(first?.id)))
  stream.leave()
  const [second] = await put()
  const again = await follow(boss, '?tool=again.test', first?.id)
  await eventually(() => again.text.includes(String(second?.id)))
  expect(again.text).not.toContain(String(first?.id))
  again.leave()
})

test('ends with the role, and with the session', async () => {
  const former = await app.signedIn('Follower')
  const of = `WHERE email = 'follower@example.test'`
  await app.sql(`UPDATE users SET role = 'administrator' ${of}`)
  const stream = await follow(former)
  await app.sql(`UPDATE users SET role = 'member' ${of}`)
  await stream.ended
  expect(stream.text).toContain('event: end\ndata: {"why":"right"}')
  await app.sql(`UPDATE users SET role = 'administrator' ${of}`)
  const other = await follow(former)
  await app.sql(`DELETE FROM sessions WHERE user_id = (SELECT id FROM users ${of})`)
  await other.ended
  expect(other.text).toContain('event: end')
})

test('is for a few at once, and those who leave make room', async () => {
  const another = new Person([app.url])
  await signIn(another, 'Boss', 'boss@example.test')
  const streams = await Promise.all([1, 2, 3, 4].map(() => follow(another)))
  expect(streams.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  expect((await follow(another)).status).toBe(429)
  for (const stream of streams) stream.leave()
  await eventually(async () => {
    const stream = await follow(another)
    stream.leave()
    return stream.status === 200
  })
})

test('ends at once when the server stops, instead of holding it up', async () => {
  const replica = await app.replica()
  const stream = await follow(boss, '', undefined, replica.url)
  expect(stream.status).toBe(200)
  const startedAt = performance.now()
  await replica.close()
  await stream.ended
  expect(stream.text).toContain('event: end\ndata: {"why":"restart"}')
  expect(performance.now() - startedAt).toBeLessThan(6_000)
})
