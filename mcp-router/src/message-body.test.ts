// Bodies that are slow, cut, too large or too deep.
import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { expect, test } from '@jest/globals'
import { doorLimits } from '@sekisho/contracts'
import { readMessageBody } from './message-body.js'

function incoming(headers: Record<string, string> = {}) {
  return Object.assign(new PassThrough(), { headers }) as unknown as IncomingMessage & PassThrough
}

test('puts the pieces of a body together, wherever a character was cut', async () => {
  const body = incoming()
  const reading = readMessageBody(body)
  for (const byte of Buffer.from('{"a":"ü☃"}')) body.write(Buffer.from([byte]))
  body.end()
  expect(await reading).toEqual({ a: 'ü☃' })
})

test('does not wait for a body that comes too slowly', async () => {
  const body = incoming()
  body.write('{')
  await expect(readMessageBody(body, 30)).rejects.toMatchObject({ status: 400, problem: { code: 'invalid-request' } })
  body.destroy()
})

test('ends when the client cuts the connection', async () => {
  const body = incoming()
  const reading = readMessageBody(body)
  body.write('{"a":')
  body.destroy()
  await expect(reading).rejects.toMatchObject({ problem: { code: 'cancelled' } })
})

test('refuses by the length that is told, before anything was read', async () => {
  const body = incoming({ 'content-length': String(doorLimits.requestBytes + 1) })
  await expect(readMessageBody(body)).rejects.toMatchObject({ status: 413 })
  body.destroy()
})

test('takes a message exactly as deep as the limit, and none deeper', async () => {
  const read = (depth: number) => {
    const body = incoming()
    body.end(`${'{"a":'.repeat(depth - 1)}{}${'}'.repeat(depth - 1)}`)
    return readMessageBody(body)
  }
  await expect(read(doorLimits.requestDepth)).resolves.toBeDefined()
  await expect(read(doorLimits.requestDepth + 1)).rejects.toMatchObject({ status: 400, code: -32600 })
})

test('is not misled by brackets, quotes and escapes in text', async () => {
  const said = { a: '[[[{{{"\\', '"[{\\"': ['\\"', '\\\\'] }
  const body = incoming()
  body.end(JSON.stringify(Array.from({ length: 100 }, () => said)))
  expect(await readMessageBody(body)).toHaveLength(100)
})
