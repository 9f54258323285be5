// How long a model is asked again, and what an answer that has begun is worth.
import { describe, expect, test } from '@jest/globals'
import { pauseMs, withAttempts } from './attempts.js'
import { type ModelEvent, ModelFailure } from './model.js'

const overloaded = new ModelFailure('overloaded', 'busy')
const text: ModelEvent = { kind: 'text', text: 'It' }

describe('the pause before another attempt', () => {
  const middle = () => 0.5

  test('is twice as long each time, a little different for everybody, and none after the fourth attempt', () => {
    const pauses = [1, 2, 3, 4].map((made) => pauseMs(overloaded, { made, waitedMs: 0 }, middle))
    expect(pauses).toEqual([1000, 2000, 4000, undefined])
    expect(pauseMs(overloaded, { made: 1, waitedMs: 0 }, () => 0)).toBe(500)
    expect(pauseMs(overloaded, { made: 1, waitedMs: 0 }, () => 1)).toBe(1500)
  })

  test('is what the service asks for, never shorter', () => {
    const failure = new ModelFailure('rate-limited', 'slow down', { retryAfterMs: 20_000 })
    expect(pauseMs(failure, { made: 1, waitedMs: 0 }, () => 0)).toBe(20_000)
    expect(pauseMs(failure, { made: 2, waitedMs: 20_000 }, () => 1)).toBe(22_000)
  })

  test('is none when all pauses together would pass a minute', () => {
    const failure = new ModelFailure('rate-limited', 'slow down', { retryAfterMs: 40_000 })
    expect(pauseMs(failure, { made: 2, waitedMs: 40_000 })).toBeUndefined()
    expect(
      pauseMs(new ModelFailure('rate-limited', '', { retryAfterMs: 61_000 }), { made: 1, waitedMs: 0 }),
    ).toBeUndefined()
  })

  test.each([
    'key-refused',
    'no-permission',
    'quota',
    'model-gone',
    'too-long',
    'blocked',
    'bad-request',
    'cut',
    'timeout',
  ] as const)('is none after %s', (kind) =>
    expect(pauseMs(new ModelFailure(kind, ''), { made: 1, waitedMs: 0 })).toBeUndefined(),
  )
})

describe('attempts', () => {
  const soon = new ModelFailure('rate-limited', '', { retryAfterMs: 1 })

  async function all(attempt: (made: number) => AsyncIterable<ModelEvent>, signal = new AbortController().signal) {
    const events: ModelEvent[] = []
    let made = 0
    const done = (async () => {
      for await (const event of withAttempts(signal, () => attempt(++made))) events.push(event)
    })()
    const failure = await done.then(
      () => undefined,
      (error: unknown) => error,
    )
    return { events, failure, made }
  }

  test('end with the first that brings something, and the waits before it are told', async () => {
    const { events, failure, made } = await all(async function* (made) {
      if (made < 3) throw soon
      yield text
    })
    expect([failure, made]).toEqual([undefined, 3])
    expect(events.map(({ kind }) => kind)).toEqual(['waiting', 'waiting', 'text'])
  })

  test('are not repeated once something came: what breaks then is cut', async () => {
    const { events, failure, made } = await all(async function* () {
      yield text
      throw soon
    })
    expect([events, made]).toEqual([[text], 1])
    expect(failure).toMatchObject({ kind: 'cut', cause: soon })
  })

  test('end while they wait when nobody wants them any more', async () => {
    const stop = new AbortController()
    const { failure, made } = await all(async function* () {
      setTimeout(() => stop.abort(new Error('stopped')), 10)
      yield* []
      throw new ModelFailure('rate-limited', '', { retryAfterMs: 50_000 })
    }, stop.signal)
    expect([failure, made]).toEqual([new Error('stopped'), 1])
  })

  test('that the reader leaves are ended for the service too', async () => {
    let ended: AbortSignal | undefined
    for await (const _event of withAttempts(new AbortController().signal, async function* (signal) {
      ended = signal
      yield text
      yield text
    })) {
      break
    }
    expect(ended?.aborted).toBe(true)
  })

  test('do not hide a fault of our own', async () => {
    const fault = new TypeError('ours')
    const { failure, made } = await all(async function* () {
      yield* []
      throw fault
    })
    expect([failure, made]).toEqual([fault, 1])
  })
})
