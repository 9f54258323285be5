// Turns of the chat through the whole system: tools called through the router, approvals, stopping, going on, limits.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { PretendedRequest, ScriptedAnswer } from '@sekisho/fakes'
import { type ChatPerson, type ChatStack, startChatStack, words } from './chat-bench.js'

let chat: ChatStack
let mei: ChatPerson
let tea: string

beforeAll(async () => {
  chat = await startChatStack()
  mei = await chat.newcomer('Mei Sato')
  const [row] = await chat.stack.sql<{ id: string }>(`SELECT id FROM products WHERE active AND stock > 5 LIMIT 1`)
  tea = row?.id ?? ''
})
afterAll(() => chat.close())
afterEach(() => chat.gemini.behave())

const answered = (text: string): ScriptedAnswer => ({ pieces: words(text) })
const calls = (...wanted: [name: string, given: Record<string, unknown>][]): ScriptedAnswer => ({
  pieces: wanted.map(([name, given]) => ({ call: { name, arguments: given } })),
})

/** The texts of the results that the model is told last. */
function resultsIn({ turns }: PretendedRequest): string[] {
  const last = turns.at(-1)
  return last?.role === 'results' ? last.results.map(({ text }) => text) : []
}

function orderIn(request: PretendedRequest): string {
  return /"id":"([0-9a-f-]{36})"/.exec(resultsIn(request)[0] ?? '')?.[1] ?? ''
}

/** A room in which the model has placed an order and wants to cancel it, and what that waits for. */
async function waitingToCancel(then: ScriptedAnswer = answered('That is done.')) {
  let order = ''
  chat.gemini.script(
    calls(['order.create', { lines: [{ product_id: tea, quantity: 1 }] }]),
    (request) => {
      order = orderIn(request)
      return calls(
        ['product.search', { query: 'tea' }],
        ['product.get', { product_id: '00000000-0000-4000-8000-000000000000' }],
        ['order.cancel', { order_id: order }],
      )
    },
    then,
  )
  const room = await mei.room(['product', 'order'])
  const turn = await mei.send(room, 'Order a tea, look what else there is, then cancel the order.')
  const waiting = await mei.turnWhen(turn, ({ status }) => status === 'waiting')
  const approval: string = waiting.calls.at(-1)?.data.approvalId
  const statusOfOrder = async () =>
    (await chat.stack.sql<{ status: string }>('SELECT status FROM orders WHERE id = $1', [order]))[0]?.status
  return { room, turn, waiting, approval, statusOfOrder }
}

describe('a turn with tool calls', () => {
  test('runs what may run, tells what was refused, waits for the person, goes on when they allow it, and answers', async () => {
    const { turn, waiting, approval, statusOfOrder } = await waitingToCancel()
    expect(waiting.calls.map(({ data }) => [data.tool, data.state])).toEqual([
      ['order.create', 'done'],
      ['product.search', 'done'],
      ['product.get', 'failed'],
      ['order.cancel', 'approval'],
    ])
    expect(waiting.calls[2]?.data.problem.code).toBe('not-found')
    expect(waiting.lease_id).toBeNull()
    expect(await statusOfOrder()).toBe('placed')
    await mei.decide(approval, 'approve')
    const done = await mei.turnWhen(turn, ({ status }) => status === 'done')
    expect(done).toMatchObject({ end_reason: 'answered', text: 'That is done.', rounds: 3 })
    expect(done.calls.at(-1)?.data.state).toBe('done')
    expect(await statusOfOrder()).toBe('cancelled')
    // Each call stands in the audit log, under the chat.
    const entries = await chat.stack.sql<{ tool: string; outcome: string }>(
      `SELECT tool, outcome FROM audit_entries WHERE kind = 'call' AND client_id = 'urn:sekisho:chat' AND actor_id = $1
        ORDER BY at`,
      [mei.id],
    )
    expect(entries.filter(({ tool }) => tool === 'order.cancel').map(({ outcome }) => outcome)).toEqual([
      'refused',
      'ok',
    ])
  })

  test('does not do what the person denies, and the model is told', async () => {
    let told: string[] = []
    const { turn, approval, statusOfOrder } = await waitingToCancel()
    chat.gemini.behave()
    chat.gemini.script((request) => {
      told = resultsIn(request)
      return answered('I left it.')
    })
    await mei.decide(approval, 'deny')
    const done = await mei.turnWhen(turn, ({ status }) => status === 'done')
    expect(done.calls.at(-1)?.data.state).toBe('denied')
    expect(told).toHaveLength(3)
    expect(told[2]).toContain('The person said no')
    expect(await statusOfOrder()).toBe('placed')
  })

  test('does not do what nobody allowed in time', async () => {
    const { turn, approval, statusOfOrder } = await waitingToCancel(answered('Too late.'))
    await chat.stack.sql(`UPDATE approvals SET expires_at = now() - interval '1 second' WHERE id = $1`, [approval])
    const done = await mei.turnWhen(turn, ({ status }) => status === 'done')
    expect(done.calls.at(-1)?.data).toMatchObject({
      state: 'denied',
      result: expect.stringContaining('Nobody allowed'),
    })
    expect(await statusOfOrder()).toBe('placed')
  })

  test('is stopped while it waits, and the call is not made', async () => {
    const { room, turn, statusOfOrder } = await waitingToCancel()
    await mei.stop(room, turn)
    const stopped = await mei.turnWhen(turn, ({ status }) => status === 'stopped')
    expect(stopped.end_reason).toBe('person')
    expect(stopped.calls.at(-1)?.data.state).toBe('stopped')
    expect(await statusOfOrder()).toBe('placed')
  })

  test('offers the model the tools of the room, without keys, and no others', async () => {
    chat.gemini.script(answered('Hello.'))
    await mei.ended(await mei.send(await mei.room(['order']), 'Hello'))
    const tools = chat.gemini.asked.at(-1)?.tools ?? []
    expect(tools.length).toBeGreaterThan(2)
    expect(tools.every(({ name }) => name.startsWith('order.'))).toBe(true)
    expect(JSON.stringify(tools)).not.toContain('idempotency')
  })

  test('tells the model that a tool is not there when it calls one that was not offered', async () => {
    let told: string[] = []
    chat.gemini.script(calls(['booking.list', {}]), (request) => {
      told = resultsIn(request)
      return answered('I cannot.')
    })
    const done = await mei.ended(await mei.send(await mei.room(['product']), 'My bookings?'))
    expect(done.calls[0]?.data.state).toBe('failed')
    expect(told[0]).toContain('There is no tool booking.list')
    const entries = await chat.stack.sql(`SELECT id FROM audit_entries WHERE tool = 'booking.list'`)
    expect(entries).toEqual([])
  })
})

describe('stopping and going on', () => {
  const slow: ScriptedAnswer = { pieces: words('One two three four five six seven eight nine ten.'), pauseMs: 300 }

  test('keeps what is there when the person stops it, and the next message knows of it', async () => {
    chat.gemini.script(slow)
    const room = await mei.room()
    const turn = await mei.send(room, 'Count')
    await mei.turnWhen(turn, ({ text }) => text.includes('two'))
    await mei.stop(room, turn)
    const stopped = await mei.ended(turn)
    expect(stopped).toMatchObject({ status: 'stopped', end_reason: 'person' })
    expect(stopped.text).toMatch(/^One two/)
    chat.gemini.script(answered('As you like.'))
    await mei.ended(await mei.send(room, 'Enough'))
    const told = JSON.stringify(chat.gemini.asked.at(-1)?.turns)
    expect(told).toContain('One two')
    expect(told).toContain('Enough')
  })

  test('goes on with a turn that was stopped, from the last whole round on', async () => {
    chat.gemini.script(calls(['product.search', { query: 'tea' }]), slow, answered('Whole.'))
    const room = await mei.room(['product'])
    const turn = await mei.send(room, 'Tea?')
    await mei.turnWhen(turn, ({ text }) => text.includes('two'))
    await mei.stop(room, turn)
    await mei.ended(turn)
    await mei.goOn(room, turn)
    const done = await mei.turnWhen(turn, ({ status }) => status === 'done')
    expect(done).toMatchObject({ text: 'Whole.', notes: [] })
    expect(done.calls).toHaveLength(1)
  })

  test('takes no second message while an answer is being written', async () => {
    chat.gemini.script(slow)
    const room = await mei.room()
    const turn = await mei.send(room, 'Count')
    await expect(mei.send(room, 'And?')).rejects.toThrow(/409.*An answer is being written/)
    await mei.stop(room, turn)
    await mei.ended(turn)
  })

  test('leaves a replaced answer out of what the model is told', async () => {
    chat.gemini.script(answered('First answer.'), answered('Second answer.'))
    const room = await mei.room()
    const turn = await mei.send(room, 'Question')
    await mei.ended(turn)
    const { turn: second } = await mei.act(`/chat/${room}/turns/${turn}/replace`, { prompt: 'Better question' })
    expect(await mei.ended(String(second))).toMatchObject({ text: 'Second answer.' })
    const told = JSON.stringify(chat.gemini.asked.at(-1)?.turns)
    expect(told).toContain('Better question')
    expect(told).not.toContain('First answer')
  })
})

describe('the limits of a turn', () => {
  test.each([
    ['rounds', { max_rounds: '2' }],
    ['tokens', { max_tokens: '1000' }],
  ])('it stops when its %s are used up, and goes on as far again when the person says so', async (reason, fields) => {
    const look = calls(['product.search', { query: 'tea' }])
    chat.gemini.script(look, look, answered('Found.'), answered('Found.'))
    const room = await mei.room(['product', 'order'], fields)
    const turn = await mei.send(room, 'Look long')
    expect(await mei.ended(turn)).toMatchObject({ status: 'stopped', end_reason: reason })
    chat.gemini.behave()
    chat.gemini.script(answered('Found.'))
    await mei.goOn(room, turn)
    expect(await mei.turnWhen(turn, ({ status }) => status === 'done')).toMatchObject({ text: 'Found.' })
  })

  test('it stops when its money is used up, and says what it cost', async () => {
    chat.gemini.script({ ...calls(['product.search', { query: 'tea' }]), usage: { input: 100_000, output: 1_000 } })
    const room = await mei.room(['product'], { max_cost: '0.01' })
    const turn = await mei.ended(await mei.send(room, 'Spend'))
    expect(turn).toMatchObject({ status: 'stopped', end_reason: 'cost' })
    expect(Number(turn.cost_micros)).toBeGreaterThan(10_000)
  })
})

test('a long result is cut for the model, which reads the rest piece by piece', async () => {
  await chat.stack.sql(
    `INSERT INTO products (title, description, category, price_minor, currency, stock)
     SELECT 'Long thing ' || n, repeat('long words ', 150), 'Long', 100, 'JPY', 1 FROM generate_series(1, 40) n`,
  )
  const told: string[] = []
  chat.gemini.script(
    calls(['product.search', { query: 'Long thing', limit: 40 }]),
    (request) => {
      told.push(...resultsIn(request))
      const [, id, from] = /call_id "([^"]+)" and from (\d+)/.exec(told[0] ?? '') ?? []
      return calls(['chat.read_more', { call_id: id, from: Number(from) }])
    },
    (request) => {
      told.push(...resultsIn(request))
      return answered('Read.')
    },
  )
  const done = await mei.ended(await mei.send(await mei.room(['product']), 'All of it'))
  expect(done).toMatchObject({ status: 'done', text: 'Read.' })
  expect(told[0]?.length).toBeLessThan(26_000)
  expect(told[1]).toMatch(/Characters 24000 to \d+ of \d+/)
  // What is stored is whole.
  expect(done.calls[0]?.data.result.length).toBe(done.calls[0]?.data.resultLength)
})
