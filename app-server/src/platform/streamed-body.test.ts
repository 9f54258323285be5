// What an answer that is read as it comes is held to: its size, its silences, its end, and its place among all requests.
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, expect, test } from '@jest/globals'
import { GuardedFetch, maxStreams, OutboundFailure, type StreamedRequest } from './guarded-fetch.js'

const cleanups: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean()
})

async function serve(listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return { host, url: `http://${host}/` }
}

function guarded(outboundAllowedHosts: string[] = []): GuardedFetch {
  const guard = new GuardedFetch({ outboundAllowedHosts })
  cleanups.push(() => guard.onApplicationShutdown())
  return guard
}

/** What came, and how it ended. */
async function readAll(guard: GuardedFetch, url: string, request: Partial<StreamedRequest> = {}) {
  let text = ''
  try {
    const response = await guard.stream(url, { idleMs: 10_000, timeoutMs: 20_000, ...request })
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) text += decoder.decode(chunk, { stream: true })
    return { text, end: `status ${response.status}` }
  } catch (error) {
    if (error instanceof OutboundFailure) return { text, end: error.reason }
    throw error
  }
}

test('hands over what came before the rest is there', async () => {
  let rest: ServerResponse | undefined
  const { host, url } = await serve((_request, response) => {
    rest = response
    response.write('first')
  })
  const response = await guarded([host]).stream(url, { idleMs: 10_000 })
  const reader = response.body?.getReader()
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('first')
  rest?.end('second')
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('second')
  expect((await reader?.read())?.done).toBe(true)
})

test('goes to no inside address that nobody vouches for', async () => {
  const { url } = await serve((_request, response) => response.end('inside'))
  expect(await readAll(guarded(), url)).toEqual({ text: '', end: 'refused' })
})

test('is given up when nothing comes for too long, at its beginning and in the middle', async () => {
  const { host, url } = await serve((request, response) => {
    if (request.url === '/middle') response.write('half')
  })
  const guard = guarded([host])
  expect(await readAll(guard, url, { idleMs: 200 })).toEqual({ text: '', end: 'timeout' })
  expect(await readAll(guard, `${url}middle`, { idleMs: 2_000 })).toEqual({ text: 'half', end: 'timeout' })
})

test('is not given up because its reader takes longer than that', async () => {
  const { host, url } = await serve((_request, response) => {
    response.write('one ')
    setTimeout(() => response.end('two'), 50)
  })
  const response = await guarded([host]).stream(url, { idleMs: 2_000, timeoutMs: 20_000 })
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += Buffer.from(chunk).toString()
    if (text === 'one ') await wait(2_500)
  }
  expect(text).toBe('one two')
})

test('is given up when all of it takes too long, however steadily it comes', async () => {
  const { host, url } = await serve((_request, response) => {
    const timer = setInterval(() => response.write('.'), 20)
    response.on('close', () => clearInterval(timer))
  })
  const { text, end } = await readAll(guarded([host]), url, { timeoutMs: 1_000 })
  expect([text.length > 0, end]).toEqual([true, 'timeout'])
})

test('is cut off where it grows too large, and told apart from one that breaks off or is not wanted any more', async () => {
  const { host, url } = await serve((request, response) => {
    response.write('x'.repeat(1000))
    if (request.url === '/broken') setTimeout(() => response.destroy(), 20)
    if (request.url === '/') setTimeout(() => response.end('x'.repeat(1000)), 20)
  })
  const guard = guarded([host])
  expect(await readAll(guard, url, { responseBytes: 1500 })).toEqual({ text: 'x'.repeat(1000), end: 'too-large' })
  expect((await readAll(guard, `${url}broken`)).end).toBe('unreachable')
  const signal = AbortSignal.timeout(300)
  expect((await readAll(guard, `${url}waits`, { signal })).end).toBe('cancelled')
})

test('gives its place back when it was read, refused, cancelled, or forgotten until its time was up', async () => {
  const { host, url } = await serve((request, response) => {
    if (request.url === '/hangs') response.write('x')
    else response.end('whole')
  })
  const guard = guarded([host])
  for (let round = 0; round < maxStreams / 4 + 1; round++) {
    expect((await readAll(guard, url)).end).toBe('status 200')
    expect((await readAll(guard, 'ftp://example.com')).end).toBe('refused')
    const response = await guard.stream(`${url}hangs`, { idleMs: 10_000 })
    await response.body?.cancel()
    // Never read.
    const forgotten = new AbortController()
    await guard.stream(`${url}hangs`, { idleMs: 10_000, signal: forgotten.signal })
    forgotten.abort()
  }
  const kept = await Promise.all(
    Array.from({ length: maxStreams }, () => guard.stream('http://192.0.2.1/', { idleMs: 1 }).catch((e: unknown) => e)),
  )
  expect(kept.filter((e) => e instanceof OutboundFailure && e.reason === 'busy')).toEqual([])
})
