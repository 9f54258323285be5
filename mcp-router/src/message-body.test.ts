// Bodies that are slow, cut, too large or too deep.
import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { expect, test } from '@jest/globals'
import { doorLimits } from '@sekisho/contracts'
import { parseMessage, readMessageBytes } from './message-body.js'

function incoming(headers: Record<string, string> = {}) {
  return Object.assign(new PassThrough(), { headers }) as unknown as IncomingMessage & PassThrough
}

test('puts the pieces of a body together, wherever a character was cut', async () => {
  const body = incoming()
  const reading = readMessageBytes(body)
  for (const byte of Buffer.from('{"a":"ü☃"}')) body.write(Buffer.from([byte]))
  body.end()
  expect(parseMessage(await reading)).toEqual({ a: 'ü☃' })
})

test('does not wait for a body that comes too slowly', async () => {
  const body = incoming()
  body.write('{')
  await expect(readMessageBytes(body, 30)).rejects.toMatchObject({ status: 400, problem: { code: 'invalid-request' } })
  body.destroy()
})

test('ends when the client cuts the connection', async () => {
  const body = incoming()
  const reading = readMessageBytes(body)
  body.write('{"a":')
  body.destroy()
  await expect(reading).rejects.toMatchObject({ problem: { code: 'cancelled' } })
})

test('refuses by the length that is told, before anything was read', async () => {
  const body = incoming({ 'content-length': String(doorLimits.requestBytes + 1) })
  await expect(readMessageBytes(body)).rejects.toMatchObject({ status: 413 })
  body.destroy()
})

test('takes a message exactly as deep as the limit, and none deeper', () => {
  const parse = (depth: number) => parseMessage(Buffer.from(`${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`))
  expect(parse(doorLimits.requestDepth)).toBeDefined()
  expect(() => parse(doorLimits.requestDepth + 1)).toThrow(expect.objectContaining({ status: 400, code: -32600 }))
})

test('is not misled by brackets, quotes and escapes in text', () => {
  const said = { a: '[[[{{{"\\', '"[{\\"': ['\\"', '\\\\'] }
  expect(parseMessage(Buffer.from(JSON.stringify(Array.from({ length: 100 }, () => said))))).toHaveLength(100)
})
