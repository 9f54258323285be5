// Server-sent events, however their bytes arrive.
import { describe, expect, test } from '@jest/globals'
import { readEvents } from './event-stream.js'

async function eventsOf(chunks: (string | Uint8Array)[], maxBytes = 1_000_000): Promise<string[]> {
  async function* bytes() {
    for (const chunk of chunks) yield typeof chunk === 'string' ? new TextEncoder().encode(chunk) : chunk
  }
  const events: string[] = []
  for await (const event of readEvents(bytes(), maxBytes)) events.push(event)
  return events
}

test('reads the data of each event and nothing else', async () => {
  const text = ': comment\n\nevent: message\nid: 7\ndata: one\n\nretry: 5\n\ndata:two\ndata: three\n\ndata:  four\n\n'
  expect(await eventsOf([text])).toEqual(['one', 'two\nthree', ' four'])
})

test('leaves out an event that was not finished', async () => {
  expect(await eventsOf(['data: one\n\ndata: two\n'])).toEqual(['one'])
})

describe('however the bytes are cut', () => {
  test.each(['\n', '\r\n', '\r'])('finds the same events with line ends %j', async (end) => {
    const text = `data: {"a":"ü☃"}${end}${end}data: x${end}data: y${end}${end}`
    const bytes = new TextEncoder().encode(text)
    for (let at = 1; at < bytes.length; at++) {
      const events = await eventsOf([bytes.slice(0, at), bytes.slice(at), ': end\n'])
      expect(events).toEqual(['{"a":"ü☃"}', 'x\ny'])
    }
    expect(await eventsOf([...bytes].map((byte) => new Uint8Array([byte])).concat(new Uint8Array([0x3a])))).toEqual([
      '{"a":"ü☃"}',
      'x\ny',
    ])
  })
})

test('stops at more than it may take', async () => {
  await expect(eventsOf(['data: 12345\n\n', 'data: 67890\n\n'], 20)).rejects.toThrow(RangeError)
})

test('reads one line of millions of bytes in many pieces in bounded time', async () => {
  const piece = 'x'.repeat(16 * 1024)
  const pieces = ['data: ', ...Array.from({ length: 400 }, () => piece), '\n\n']
  const startedAt = performance.now()
  const [event] = await eventsOf(pieces, 8_000_000)
  expect(event).toHaveLength(400 * piece.length)
  expect(performance.now() - startedAt).toBeLessThan(1_000)
})
