// When the model, its key or the tools fail in the middle of a turn: what the person is told, and what is lost, which is nothing.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import {
  type FakeAnswer,
  geminiError,
  geminiErrors,
  geminiStream,
  type PretendedRequest,
  type ScriptedAnswer,
} from '@sekisho/fakes'
import { eventually } from '@sekisho/testing'
import { type ChatPerson, type ChatStack, startChatStack, type TurnRow, words } from './chat-bench.js'

let chat: ChatStack
let mei: ChatPerson

beforeAll(async () => {
  chat = await startChatStack()
  mei = await chat.newcomer('Mei Sato')
})
afterAll(() => chat.close())
afterEach(() => chat.gemini.behave())

const answered = (text: string): ScriptedAnswer => ({ pieces: words(text) })

const tokensOf = ({ input_tokens, output_tokens }: TurnRow) => Number(input_tokens) + Number(output_tokens)

/** The next answers are this one instead. */
function misbehave({ status = 500, body }: FakeAnswer, times = 1): void {
  chat.gemini.misbehave(geminiStream, { kind: 'answer', status, body }, { times })
}

describe('a model that', () => {
  test('has no time is asked again, the page says so, and the answer comes', async () => {
    misbehave(geminiErrors.rateLimited(1), 2)
    chat.gemini.script(answered('Here I am.'))
    const turn = await mei.ended(await mei.send(await mei.room(), 'Hello'), 30_000)
    expect(turn).toMatchObject({ status: 'done', text: 'Here I am.' })
    expect(turn.notes).toEqual(['retrying', 'retrying'])
  })

  test('has used up its quota fails the turn at once, with the reason', async () => {
    misbehave(geminiErrors.dayQuota())
    const turn = await mei.ended(await mei.send(await mei.room(), 'Hello'))
    expect(turn).toMatchObject({ status: 'failed', failure: { code: 'quota' }, notes: [] })
  })

  test('breaks off leaves what it said, and the turn can go on', async () => {
    chat.gemini.script({ ...answered('Half an answer'), end: 'cut' }, answered('Whole.'))
    const room = await mei.room()
    const id = await mei.send(room, 'Hello')
    const cut = await mei.ended(id)
    expect(cut).toMatchObject({ status: 'failed', failure: { code: 'cut' }, text: 'Half an answer' })
    // It was read and written all the same, and the room's limits hold for it.
    const taken = tokensOf(cut)
    expect(taken).toBeGreaterThan(0)
    await mei.goOn(room, id)
    const whole = await mei.turnWhen(id, ({ status }) => status === 'done')
    expect(whole).toMatchObject({ text: 'Whole.' })
    expect(tokensOf(whole)).toBeGreaterThan(taken)
  })

  test('refuses the question says so', async () => {
    chat.gemini.script({ pieces: [], blocked: 'PROHIBITED_CONTENT' })
    const turn = await mei.ended(await mei.send(await mei.room(), 'Hello'))
    expect(turn).toMatchObject({ status: 'failed', failure: { code: 'blocked' } })
  })

  test('stops for safety keeps what it said and names the reason', async () => {
    chat.gemini.script({ ...answered('I begin'), finish: 'SAFETY' })
    const turn = await mei.ended(await mei.send(await mei.room(), 'Hello'))
    expect(turn).toMatchObject({ status: 'done', end_reason: 'safety', text: 'I begin' })
  })

  test('writes until its limit is told from one that has said all', async () => {
    chat.gemini.script({ ...answered('On and on'), finish: 'MAX_TOKENS' })
    const turn = await mei.ended(await mei.send(await mei.room(), 'Hello'))
    expect(turn).toMatchObject({ status: 'done', end_reason: 'length' })
  })

  test('is cut behind a call leaves it unmade, and the page does not wait for it', async () => {
    const call = { name: 'product.search', arguments: { query: 'tea' } }
    chat.gemini.script({ pieces: [{ text: 'I look.' }, { call }], finish: 'MAX_TOKENS' })
    const turn = await mei.ended(await mei.send(await mei.room(['product']), 'Look'))
    expect(turn).toMatchObject({ status: 'done', end_reason: 'length' })
    expect(turn.calls.map(({ data }) => data.state)).toEqual(['stopped'])
  })

  test('says nothing at all is not taken for one that has answered', async () => {
    chat.gemini.script({ pieces: [{ thinking: 'Hm.' }] })
    const room = await mei.room()
    const turn = await mei.ended(await mei.send(room, 'Hello'))
    expect(turn).toMatchObject({ status: 'done', end_reason: 'other', failure: { detail: 'EMPTY_ANSWER' } })
    expect((await mei.browser.open(`/chat/${room}`)).body).toContain('The model gave an empty answer.')
  })

  test('does not take what it is sent says so in the words of its service', async () => {
    misbehave(geminiError(400, 'Please enable billing for this project.'))
    const room = await mei.room()
    expect(await mei.ended(await mei.send(room, 'Hello'))).toMatchObject({ failure: { code: 'bad-request' } })
    expect((await mei.browser.open(`/chat/${room}`)).body).toContain(
      'The service says: Please enable billing for this project.',
    )
  })

  test('does not take a file answers the messages after it all the same', async () => {
    const room = await mei.room()
    const file = await mei.upload(room, 'broken.pdf', 'application/pdf', Buffer.from('no PDF'))
    const unreadable = geminiError(400, 'The document has no pages.')
    misbehave(unreadable)
    expect(await mei.ended(await mei.send(room, 'Read it', [file]))).toMatchObject({
      failure: { code: 'bad-request', detail: 'The document has no pages.' },
    })
    let asked: PretendedRequest | undefined
    misbehave(unreadable)
    chat.gemini.script((request) => {
      asked = request
      return answered('Hello.')
    })
    expect(await mei.ended(await mei.send(room, 'Then just say hello'))).toMatchObject({ text: 'Hello.' })
    const said = asked?.turns.flatMap((one) => (one.role === 'user' ? [one] : [])) ?? []
    expect(said.map(({ files }) => files)).toEqual([0, 0])
    expect(said[0]?.text).toContain('[The file broken.pdf was sent with this message and is no longer shown.]')
  })

  test('is gone fails the turn, with the reason', async () => {
    const model = chat.gemini.models.get('gemini-2.5-flash')
    if (!model) throw new Error('the pretended Gemini has another model')
    chat.gemini.models.delete(model.id)
    const turn = await mei.ended(await mei.send(await mei.room(), 'Hello'))
    chat.gemini.models.set(model.id, model)
    expect(turn).toMatchObject({ status: 'failed', failure: { code: 'model-gone' } })
  })
})

describe('a key that', () => {
  test('was revoked fails the turn with the reason, and is in no log', async () => {
    chat.gemini.keys.clear()
    const turn = await mei.ended(await mei.send(await mei.room(), 'Hello'))
    chat.gemini.keys.add(chat.gemini.apiKey)
    expect(turn).toMatchObject({ status: 'failed', failure: { code: 'key-refused' } })
    expect(JSON.stringify(chat.stack.appServer.logLines)).not.toContain(chat.gemini.apiKey)
    const stored = JSON.stringify([turn, await chat.stack.sql('SELECT * FROM audit_entries')])
    expect(stored).not.toContain(chat.gemini.apiKey)
  })

  test('was removed from the room fails the turn with the reason', async () => {
    const room = await mei.room()
    await chat.stack.sql('UPDATE chat_rooms SET credential_id = NULL WHERE id = $1', [room])
    const turn = await mei.ended(await mei.send(room, 'Hello'))
    expect(turn).toMatchObject({ status: 'failed', failure: { code: 'no-model' } })
    expect(chat.gemini.asked).toEqual([])
  })

  test('is of somebody who is no owner of the room any more is not used', async () => {
    const ken = await chat.newcomer('Ken Mori')
    const room = await mei.room()
    const [own] = await chat.stack.sql<{ id: string }>(
      `INSERT INTO credentials (provider, kind, owner_id, label, secret, fields)
       SELECT provider, kind, $1, 'Of Ken', secret, fields FROM credentials WHERE kind = 'model-key' AND owner_id IS NULL
       RETURNING id`,
      [ken.id],
    )
    await chat.stack.sql('UPDATE chat_rooms SET credential_id = $2 WHERE id = $1', [room, own?.id])
    const turn = await mei.ended(await mei.send(room, 'Hello'))
    expect(turn).toMatchObject({ status: 'failed', failure: { code: 'no-model' } })
    expect(chat.gemini.asked).toEqual([])
  })
})

describe('a person who', () => {
  test('signs out in the middle has nothing done in their name any more', async () => {
    const yui = await chat.newcomer('Yui Ito')
    const room = await yui.room(['product'])
    chat.gemini.script(
      { pieces: [{ waitMs: 600 }, { call: { name: 'product.search', arguments: { query: 'tea' } } }] },
      answered('Found.'),
    )
    const id = await yui.send(room, 'Tea?')
    await eventually(() => chat.gemini.asked.length === 1)
    await chat.stack.sql('DELETE FROM sessions WHERE user_id = $1', [yui.id])
    expect(await yui.ended(id)).toMatchObject({ status: 'failed', failure: { code: 'session-ended' } })
    expect(chat.gemini.asked).toHaveLength(1)
    const entries = await chat.stack.sql(
      `SELECT id FROM audit_entries WHERE kind = 'call' AND outcome = 'ok' AND actor_id = $1`,
      [yui.id],
    )
    expect(entries).toEqual([])
  })

  test.each([
    ['is taken out of the room', 'DELETE FROM chat_members WHERE room_id = $1'],
    ['may only read any more', `UPDATE chat_members SET role = 'reader' WHERE room_id = $1`],
    ['has the room archived', 'UPDATE chat_rooms SET archived_at = now() WHERE id = $1'],
  ])('%s in the middle gets no further round', async (what, change) => {
    const rin = await chat.newcomer(`Rin who ${what}`)
    const room = await rin.room(['product'])
    chat.gemini.script(
      { pieces: [{ waitMs: 600 }, { call: { name: 'product.search', arguments: { query: 'tea' } } }] },
      answered('Found.'),
    )
    const id = await rin.send(room, 'Tea?')
    await eventually(() => chat.gemini.asked.length === 1)
    await chat.stack.sql(change, [room])
    expect(await rin.ended(id)).toMatchObject({ status: 'failed', failure: { code: 'not-a-member' } })
    expect(chat.gemini.asked).toHaveLength(1)
  })
})

test('a request that is too long after all is summarised and sent again', async () => {
  const room = await mei.room()
  for (const prompt of ['One', 'Two', 'Three']) {
    chat.gemini.script(answered(`Answer to ${prompt}.`))
    await mei.ended(await mei.send(room, prompt))
  }
  misbehave(geminiErrors.tooLong())
  chat.gemini.script(answered('SUMMARY of it.'), answered('Here.'))
  const turn = await mei.ended(await mei.send(room, 'Four'))
  expect(turn).toMatchObject({ status: 'done', text: 'Here.', notes: ['summarised'] })
  expect(JSON.stringify(chat.gemini.asked.at(-1)?.turns)).toContain('SUMMARY of it.')
})

describe('tools that', () => {
  test('cannot be listed fail the turn, and it goes on when they can', async () => {
    const ren = await chat.newcomer('Ren Kato')
    const room = await ren.room(['product'])
    await chat.stack.router.stop()
    const id = await ren.send(room, 'Tea?')
    expect(await ren.ended(id)).toMatchObject({ status: 'failed', failure: { code: 'tools-unavailable' } })
    expect(chat.gemini.asked).toEqual([])
    await chat.stack.router.start()
    chat.gemini.script(answered('Tea.'))
    await ren.goOn(room, id)
    expect(await ren.turnWhen(id, ({ status }) => status === 'done')).toMatchObject({ text: 'Tea.' })
  })
})

test.each([
  ['the window of its model', '60000', '500000'],
  ['what one answer may read of it', '1048576', '150000'],
])(
  'a room that outgrows %s is summarised, visibly, and the model goes on from the summary',
  async (_what, window, max_tokens) => {
    await chat.stack.sql(
      `UPDATE credentials SET fields = fields || jsonb_build_object('inputTokenLimit', $1::text)
      WHERE kind = 'model-key' AND owner_id IS NULL`,
      [window],
    )
    const room = await mei.room([], { max_tokens })
    const long = 'The garden needs water. '.repeat(1_600)
    for (let n = 1; n <= 2; n++) {
      chat.gemini.script(answered(`Answer ${n}.`))
      const id = await mei.send(room, `Message ${n}: ${long}`)
      expect(await mei.ended(id)).toMatchObject({ status: 'done', notes: [] })
    }
    chat.gemini.asked.length = 0
    const usage = { input: 1_000, output: 10 }
    chat.gemini.script({ ...answered('SUMMARY: water the garden.'), usage }, { ...answered('I remember.'), usage })
    const turn = await mei.ended(await mei.send(room, `And now? ${long}`))
    expect(turn).toMatchObject({ status: 'done', text: 'I remember.', notes: ['summarised'] })
    // What the summary took is counted with the answer, its price as well.
    expect([turn.input_tokens, turn.output_tokens, turn.cost_micros]).toEqual(['2000', '20', '650'])
    const [, asked] = chat.gemini.asked
    const told = JSON.stringify(asked?.turns)
    expect(told).toContain('SUMMARY: water the garden.')
    expect(told).not.toContain('Message 1')
    // It is kept: the next message needs no new one.
    chat.gemini.asked.length = 0
    chat.gemini.script(answered('Still.'))
    const next = await mei.ended(await mei.send(room, 'Do you?'))
    expect(next.notes).toEqual([])
    expect(JSON.stringify(chat.gemini.asked[0]?.turns)).toContain('SUMMARY: water the garden.')
    // The person still sees all of it.
    const page = await mei.browser.open(`/chat/${room}`)
    expect(page.body).toContain('Message 1')
  },
)
