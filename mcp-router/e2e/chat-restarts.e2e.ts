// Turns outlive the processes that work on them: handed over at a stop, taken up after a crash, woken by a decision.
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import type { ScriptedAnswer } from '@sekisho/fakes'
import { type ChatPerson, type ChatStack, startChatStack, words } from './chat-bench.js'

let chat: ChatStack
let mei: ChatPerson
let tea: string

beforeEach(async () => {
  chat = await startChatStack()
  mei = await chat.newcomer('Mei Sato')
  const [row] = await chat.stack.sql<{ id: string }>(`SELECT id FROM products WHERE active AND stock > 5 LIMIT 1`)
  tea = row?.id ?? ''
})
afterEach(() => chat.close())

const said = 'One two three four five six seven eight nine ten.'
const slow: ScriptedAnswer = { pieces: words(said), pauseMs: 300 }
const order = (): ScriptedAnswer => ({
  pieces: [{ call: { name: 'order.create', arguments: { lines: [{ product_id: tea, quantity: 1 }] } } }],
})
const ordersOf = () => chat.stack.sql('SELECT id FROM orders WHERE user_id = $1', [mei.id])

test('a server that is stopped in the middle of an answer lets the next start go on, and says that it did', async () => {
  chat.gemini.script(order(), slow, slow)
  const id = await mei.send(await mei.room(['order']), 'Order and count')
  await mei.turnWhen(id, ({ text }) => text.includes('two'))
  await chat.stack.appServer.stop()
  const left = await mei.turn(id)
  expect(left).toMatchObject({ status: 'running', lease_id: null })
  expect(left.text).toMatch(/^One two/)
  await chat.stack.appServer.start()
  const done = await mei.turnWhen(id, ({ status }) => status === 'done', 30_000)
  expect(done).toMatchObject({ text: said, notes: ['resumed'] })
  expect(done.calls.map(({ data }) => data.state)).toEqual(['done'])
  expect(await ordersOf()).toHaveLength(1)
}, 60_000)

test('a server that is stopped hands its turns to another that runs, at once', async () => {
  const other = await chat.stack.replica()
  chat.gemini.script(slow, slow)
  const id = await mei.send(await mei.room(), 'Count')
  await mei.turnWhen(id, ({ text }) => text.includes('two'))
  const [holder, heir] = await holderOf(id, other.appServer)
  await holder.stop()
  const done = await mei.turnWhen(id, ({ status }) => status === 'done', 30_000)
  expect(done).toMatchObject({ text: said, notes: ['resumed'] })
  expect(heir.process.exitCode).toBeNull()
  if (holder === chat.stack.appServer) await holder.start()
}, 60_000)

test('a server that is killed in the middle of an answer loses nothing of what was stored, and the answer comes', async () => {
  chat.gemini.script(order(), slow, slow)
  const id = await mei.send(await mei.room(['order']), 'Order and count')
  await mei.turnWhen(id, ({ text }) => text.includes('two'))
  await chat.stack.appServer.stop('SIGKILL')
  expect((await mei.turn(id)).text).toMatch(/^One two/)
  await chat.stack.appServer.start()
  const done = await mei.turnWhen(id, ({ status }) => status === 'done', 45_000)
  expect(done).toMatchObject({ text: said, notes: ['resumed'] })
  expect(await ordersOf()).toHaveLength(1)
}, 90_000)

test('a call that was under way when the server was killed is made once in all', async () => {
  // The call's answer is held back by a lock, so that the server dies with the call at the router.
  chat.gemini.script(order(), { pieces: words('Ordered.') })
  const room = await mei.room(['order'])
  const lock = chat.stack.sql(`SELECT pg_sleep(2) FROM (SELECT id FROM products WHERE id = $1 FOR UPDATE) p`, [tea])
  const id = await mei.send(room, 'Order')
  await mei.turnWhen(id, ({ calls }) => calls[0]?.data.state === 'running')
  await chat.stack.appServer.stop('SIGKILL')
  await lock
  await chat.stack.appServer.start()
  const done = await mei.turnWhen(id, ({ status }) => status !== 'running', 60_000)
  expect(done).toMatchObject({ status: 'done', text: 'Ordered.' })
  expect(done.calls.map(({ data }) => data.state)).toEqual(['done'])
  expect(await ordersOf()).toHaveLength(1)
}, 120_000)

test('a call that waits for a person waits through a restart, and their word wakes the turn', async () => {
  chat.gemini.script(
    order(),
    ({ turns }) => {
      const last = turns.at(-1)
      const id = last?.role === 'results' ? /"id":"([0-9a-f-]{36})"/.exec(last.results[0]?.text ?? '')?.[1] : ''
      return { pieces: [{ call: { name: 'order.cancel', arguments: { order_id: id } } }] }
    },
    { pieces: words('Cancelled.') },
  )
  const id = await mei.send(await mei.room(['order']), 'Order and cancel')
  const waiting = await mei.turnWhen(id, ({ status }) => status === 'waiting')
  await chat.stack.appServer.stop()
  await chat.stack.appServer.start()
  expect(await mei.turn(id)).toMatchObject({ status: 'waiting' })
  await mei.decide(waiting.calls[1]?.data.approvalId, 'approve')
  expect(await mei.turnWhen(id, ({ status }) => status === 'done')).toMatchObject({ text: 'Cancelled.', notes: [] })
}, 60_000)

/** Which of the two servers works on the turn: it is the one whose log says that it took it. */
async function holderOf(id: string, other: ChatStack['stack']['appServer']) {
  const first = chat.stack.appServer
  const took = (server: typeof first) => server.logLines.some(({ msg, turn }) => msg === 'took a turn' && turn === id)
  return took(other) ? ([other, first] as const) : ([first, other] as const)
}
