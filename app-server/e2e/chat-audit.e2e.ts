// What people do with rooms that reaches others stands in the audit log, for administrators to read with its reason.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { Person } from '@sekisho/testing'
import { formAt } from './admin-bench.js'
import { startTestApp, type TestApp } from './app.js'
import { act, idOf, newRoom } from './chat-bench.js'

let app: TestApp
let boss: Person
let mika: Person

beforeAll(async () => {
  app = await startTestApp({ env: { ADMIN_EMAILS: 'boss@example.test' } })
  boss = await app.signedIn('Boss')
  mika = await app.signedIn('Mika')
  await app.signedIn('Ken')
})
afterAll(() => app.close())

test('sharing, lending, exporting and deleting a room leave an entry each, and reading it leaves none', async () => {
  const room = await newRoom(mika, 'Shared plans', { providers: 'product' })
  const settings = `/chat/${room}/settings`
  const press = async (action: string, fields: Record<string, string> = {}) => {
    const page = await mika.open(settings)
    expect((await mika.submit(page, formAt(page, action), fields)).status).toBe(200)
  }
  const ken = await idOf(app, 'ken@example.test')
  await press(`/chat/${room}/members`, { email: 'ken@example.test', role: 'writer' })
  await press(`/chat/${room}/lending`)
  await press(`/chat/${room}/lending/end`)
  await act(app, mika, `/chat/${room}/members/remove`, { user: ken })
  expect((await mika.open(`/chat/${room}/export.md`)).status).toBe(200)
  await mika.open(`/chat/${room}`)
  await act(app, mika, `/chat/${room}/delete`)
  const entries = await app.sql<Record<string, unknown>>(
    `SELECT action, outcome, target_type, target_id, details ->> 'room_name' AS name FROM audit_entries
      WHERE kind = 'room' ORDER BY at, id`,
  )
  expect(entries.map(({ action, outcome, name }) => [action, outcome, name])).toEqual(
    ['put-member', 'lend-accounts', 'end-lending', 'remove-member', 'export', 'delete'].map((action) => [
      action,
      'ok',
      'Shared plans',
    ]),
  )
  expect(entries[0]).toMatchObject({ target_type: 'user', target_id: ken })
  expect(entries[5]).toMatchObject({ target_type: 'room', target_id: room })
  const list = await boss.open('/admin/audit?kind=room')
  expect(list.body).toContain('gave somebody a place in a chat room')
  expect(list.body).toContain('deleted a chat room')
})

test('what was refused leaves no entry that says it was done', async () => {
  const room = await newRoom(mika, 'Mine')
  await act(app, boss, `/chat/${room}/delete`)
  await act(app, mika, `/chat/${room}/members`, { email: 'nobody@example.test', role: 'writer' })
  const entries = await app.sql(`SELECT id FROM audit_entries WHERE kind = 'room' AND details ->> 'room_name' = 'Mine'`)
  expect(entries).toEqual([])
})
