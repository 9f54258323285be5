// Two hundred people read their answers as they are written, at once: nothing is lost or mixed, and nothing of it stays.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { PretendedRequest, ScriptedAnswer } from '@sekisho/fakes'
import { eventually } from '@sekisho/testing'
import { blocksShown, Stream } from '../../app-server/e2e/chat-bench.js'
import { type ChatPerson, type ChatStack, startChatStack, words } from './chat-bench.js'

const people = 40
const roomsOfEach = 5
const turnsAtOnce = people * roomsOfEach

let chat: ChatStack
let rooms: { person: ChatPerson; room: string; number: number }[]

beforeAll(async () => {
  // A small heap, so that what V8 keeps in store for speed does not hide what is kept by mistake.
  chat = await startChatStack({ appEnv: { NODE_OPTIONS: '--max-semi-space-size=2 --max-old-space-size=256' } })
  rooms = []
  for (let n = 0; n < people; n++) {
    const person = await chat.newcomer(`Person ${n}`)
    for (let m = 0; m < roomsOfEach; m++) {
      rooms.push({ person, room: await person.room(['product']), number: n * roomsOfEach + m })
    }
  }
}, 120_000)
afterAll(() => chat.close())

const marker = (number: number, wave: number) => `m${number}w${wave}x`

/** What is said for one marker, word by word: only this answer has it, some forty times. */
const wordsOf = (mark: string) => Array.from({ length: 40 }, (_, at) => `${mark}${at}`).join(' ')

/** One call of a tool, then the words of the marker that stands in the question. */
function answer({ turns }: PretendedRequest): ScriptedAnswer {
  const asked = turns.findLast(({ role }) => role === 'user')
  const mark = /m\d+w\d+x/.exec(asked?.role === 'user' ? asked.text : '')?.[0] ?? ''
  if (turns.at(-1)?.role === 'user') {
    return { pieces: [{ call: { name: 'product.search', arguments: { query: mark } } }] }
  }
  return { pieces: words(wordsOf(mark)), pauseMs: 100 }
}

/** All rooms at once: a page is opened on each, a message sent, and the answer read to its end. */
async function wave(number: number): Promise<void> {
  chat.gemini.script(...Array.from({ length: 2 * turnsAtOnce }, () => answer))
  const reading = await Promise.all(
    rooms.map(async ({ person, room, number: own }) => {
      const stream = await Stream.open({ url: chat.stack.appServer.url }, person.browser, room)
      expect(stream.status).toBe(200)
      const turn = await person.send(room, `Tell me of ${marker(own, number)}`)
      return { person, turn, stream, mark: marker(own, number) }
    }),
  )
  await eventually(async () => {
    const [row] = await chat.stack.sql<{ open: number }>(
      `SELECT count(*)::int AS open FROM chat_turns WHERE status IN ('running', 'waiting')`,
    )
    return row?.open === 0
  }, 120_000)
  for (const { person, turn, stream, mark } of reading) {
    const { status, text, calls, parts } = await person.turn(turn)
    expect([status, text, calls.map(({ data }) => [data.state, data.arguments.query])]).toEqual([
      'done',
      wordsOf(mark),
      [['done', mark]],
    ])
    await eventually(() => stream.of('end').some(({ turn: ended }) => ended === turn), 30_000)
    const answerId = `p-${turn}-${parts.find(({ kind }) => kind === 'text')?.idx}`
    expect(blocksShown(stream.events, answerId).join('')).toContain(wordsOf(mark))
    // Nobody's page ever had a word of another's answer.
    const others = new Set(
      (stream.text.match(/m\d+w\d+x/g) ?? []).filter(
        (word) => word !== mark && !word.startsWith(mark.split('w')[0] ?? ''),
      ),
    )
    expect([...others]).toEqual([])
    stream.leave()
  }
}

const statusOf = (pid: number | undefined) => readFileSync(`/proc/${pid}/status`, 'latin1')
const residentMb = () => Number(/VmRSS:\s+(\d+)/.exec(statusOf(chat.stack.appServer.process.pid))?.[1]) / 1024
const openFiles = () => readdirSync(`/proc/${chat.stack.appServer.process.pid}/fd`).length

const onLinux = existsSync('/proc/self/status') ? test : test.skip

describe('200 answers at once', () => {
  onLinux(
    'reach 200 pages whole and unmixed, and leave no memory and no connection behind',
    async () => {
      await wave(1)
      await wave(2)
      const settled = { mb: residentMb(), files: openFiles() }
      await wave(3)
      await wave(4)
      await eventually(() => openFiles() <= settled.files + 20, 60_000)
      const grown = residentMb() - settled.mb
      expect(grown).toBeLessThan(64)
    },
    400_000,
  )
})
