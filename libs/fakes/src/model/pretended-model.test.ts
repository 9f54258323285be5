// What the pretended model asks for, and what it makes of the answers.
import { describe, expect, test } from '@jest/globals'
import { pretendedAnswer } from './pretended-model.js'
import type { PretendedTool, PretendedTurn, ScriptedAnswer } from './script.js'

/** A Thursday. */
const now = new Date('2026-11-26T09:00:00Z')

function tool(name: string, properties: Record<string, unknown> = {}, required: string[] = []): PretendedTool {
  return { name, description: '', parameters: { type: 'object', properties, required } }
}

const text = { type: 'string' }
const tools = [
  tool('gcal.list_events', { from: text, to: text }),
  tool('gcal.create_event', { title: text, start: text }, ['title', 'start']),
  tool('jira.search_issues', { jql: text }),
  tool('github.search_issues', { query: text, kind: text, sort: { enum: ['created'] } }, ['query', 'sort']),
  tool('booking.list_services'),
  tool('booking.find_slots', { service_id: text, from: text, to: text }, ['service_id']),
]

const asked = (question: string): PretendedTurn => ({ role: 'user', text: question, files: 0 })
const results = (...found: [string, unknown][]): PretendedTurn => ({
  role: 'results',
  results: found.map(([name, result]) => ({
    name,
    text: typeof result === 'string' ? result : JSON.stringify(result),
  })),
})

function answerTo(turns: PretendedTurn[], offered = tools): ScriptedAnswer {
  return pretendedAnswer({ model: 'pretended', system: '', turns, tools: offered }, now)
}

const callsOf = ({ pieces }: ScriptedAnswer) =>
  pieces.flatMap((piece) => ('call' in piece ? [[piece.call.name, piece.call.arguments]] : []))
const said = ({ pieces }: ScriptedAnswer) => pieces.map((piece) => ('text' in piece ? piece.text : '')).join('')

describe('it calls', () => {
  test.each([
    ['Which events do I have next week?', 'gcal.list_events', { from: '2026-11-30', to: '2026-12-06' }],
    ['来週の予定を教えて', 'gcal.list_events', { from: '2026-11-30', to: '2026-12-06' }],
    ['What is on my calendar tomorrow?', 'gcal.list_events', { from: '2026-11-27', to: '2026-11-27' }],
    [
      'Add "Tea with Emi" to my calendar tomorrow at 3 pm',
      'gcal.create_event',
      { title: 'Tea with Emi', start: '2026-11-27T15:00' },
    ],
    ['明日の正午に「ランチ」の予定を追加して', 'gcal.create_event', { title: 'ランチ', start: '2026-11-27T12:00' }],
    ['Open issues on GitHub', 'github.search_issues', { query: 'is:open user:hana', kind: 'issue', sort: 'created' }],
    ['自分の Jira のチケットは？', 'jira.search_issues', { jql: expect.stringContaining('currentUser()') }],
  ])('for "%s" %s', (question, name, given) => {
    expect(callsOf(answerTo([asked(question)]))).toEqual([[name, given]])
  })

  test('two tools at once when two things are asked for', () => {
    const calls = callsOf(answerTo([asked('My meetings this week and the free haircut times')]))
    expect(calls.map(([name]) => name).sort()).toEqual(['booking.list_services', 'gcal.list_events'])
  })

  test('one after the other where the second needs what the first finds', () => {
    const services = {
      services: [
        { id: 's1', title: 'Head spa' },
        { id: 's2', title: 'Haircut' },
      ],
    }
    const turns = [asked('Free haircut times tomorrow'), results(['booking.list_services', services])]
    expect(callsOf(answerTo(turns))).toEqual([
      ['booking.find_slots', { service_id: 's2', from: '2026-11-27', to: '2026-11-27' }],
    ])
  })

  test('a tool by the name it is offered under', () => {
    expect(callsOf(answerTo([asked('events today')], [tool('gcal_list_events')]))).toEqual([['gcal_list_events', {}]])
  })

  test('nothing twice, whatever came back', () => {
    expect(
      callsOf(answerTo([asked('events today'), results(['gcal.list_events', 'Connect an account first.'])])),
    ).toEqual([])
  })

  test('nothing for a question of before', () => {
    const turns = [asked('events today'), results(['gcal.list_events', { events: [] }]), asked('Thank you')]
    expect(callsOf(answerTo(turns))).toEqual([])
  })
})

describe('it tells', () => {
  test('a list as a table, in the language of the question', () => {
    const events = Array.from({ length: 9 }, (_, at) => ({ id: `e${at}`, title: `A | ${at}`, start: '10:00' }))
    const answer = said(answerTo([asked('今日の予定'), results(['gcal.list_events', { events, next_cursor: null }])]))
    expect(answer).toContain('`gcal.list_events` の結果です。')
    expect(answer).toContain('| title | start |\n| --- | --- |\n| A \\| 0 | 10:00 |')
    expect(answer).toContain('… ほか 1 件。')
    expect(answer).toContain('見せかけのモデル')
  })

  test('what was done, what failed, and what is not there', () => {
    const tell = (result: unknown) =>
      said(answerTo([asked('add lunch to my calendar'), results(['gcal.create_event', result])]))
    expect(tell({ event: { id: 'e', title: 'Lunch' } })).toContain('- **title**: Lunch')
    expect(tell('Connect an account first.')).toContain('> Connect an account first.')
    expect(tell({ events: [] })).toContain('`gcal.create_event` found nothing.')
  })

  test('that it only pretends, and what could be asked with the tools there are', () => {
    const answer = said(answerTo([asked('Hello')]))
    expect(answer).toContain('I am a **pretended model**')
    expect(answer).toContain('- Which events do I have next week?')
    expect(answer).not.toContain('tea')
    expect(said(answerTo([asked('Hello')], []))).toContain('No tool is switched on')
  })

  test('the same every time', () => {
    const turns = [asked('Hello')]
    expect(answerTo(turns)).toEqual(answerTo(turns))
  })
})
