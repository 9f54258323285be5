// What an answer took is counted once, however it ends.
import { expect, test } from '@jest/globals'
import { counted } from './counted.js'
import { type ModelEvent, ModelFailure, type ModelUsage } from './model.js'

const usage = (outputTokens: number): ModelUsage => ({
  inputTokens: 9,
  outputTokens,
  thinkingTokens: 0,
  cachedTokens: 0,
})
const text: ModelEvent = { kind: 'text', text: 'Hello' }

async function* events(...given: (ModelEvent | Error)[]) {
  for (const one of given) {
    if (one instanceof Error) throw one
    yield one
  }
}

async function read(given: AsyncIterable<ModelEvent>, most = Number.POSITIVE_INFINITY) {
  const told: ModelUsage[] = []
  const seen: string[] = []
  let failure: unknown
  try {
    for await (const event of counted(given, (one) => told.push(one))) {
      seen.push(event.kind)
      if (seen.length >= most) break
    }
  } catch (error) {
    failure = error
  }
  return { told, seen, failure }
}

test('an answer that came to its end took what the end says', async () => {
  const end: ModelEvent = { kind: 'end', reason: 'stop', usage: usage(7) }
  expect(await read(events(text, { kind: 'usage', usage: usage(3) }, text, end))).toEqual({
    told: [usage(7)],
    seen: ['text', 'text', 'end'],
    failure: undefined,
  })
})

test('an answer that broke off took what was told last', async () => {
  const cut = new ModelFailure('cut', 'broke off')
  const given = events({ kind: 'usage', usage: usage(1) }, text, { kind: 'usage', usage: usage(3) }, cut)
  expect(await read(given)).toEqual({ told: [usage(3)], seen: ['text'], failure: cut })
})

test('an answer that nobody reads on took what was told until then', async () => {
  const given = events({ kind: 'usage', usage: usage(2) }, text, { kind: 'usage', usage: usage(3) }, text)
  expect(await read(given, 1)).toEqual({ told: [usage(2)], seen: ['text'], failure: undefined })
})

test('of an answer of which nothing was told, nothing is counted', async () => {
  expect((await read(events(text, new ModelFailure('cut', 'broke off')))).told).toEqual([])
})
