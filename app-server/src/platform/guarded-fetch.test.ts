// Where the guarded fetch goes and where it never does, against servers and resolvers that misbehave.
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo, LookupFunction } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from '@jest/globals'
import { GuardedFetch, maxOutbound, OutboundFailure, type OutboundRequest } from './guarded-fetch.js'

const cleanups: (() => Promise<void>)[] = []

afterEach(async () => {
  for (const clean of cleanups.splice(0)) await clean()
})

async function serve(listener: RequestListener) {
  let connections = 0
  const server = createServer(listener).on('connection', () => connections++)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  return { port, host: `127.0.0.1:${port}`, url: `http://127.0.0.1:${port}`, connections: () => connections }
}

function guarded(outboundAllowedHosts: string[] = [], lookup?: LookupFunction): GuardedFetch {
  const guard = new GuardedFetch(lookup ? { outboundAllowedHosts, lookup } : { outboundAllowedHosts })
  cleanups.push(() => guard.onApplicationShutdown())
  return guard
}

/** A resolver that gives these answers one after another, the last one for ever. */
function resolver(...answers: string[][]) {
  const asked: string[] = []
  const lookup = ((hostname: string, _options: unknown, callback: (error: null, list: unknown[]) => void) => {
    const answer = answers[Math.min(asked.length, answers.length - 1)] ?? []
    asked.push(hostname)
    callback(
      null,
      answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }) as unknown as LookupFunction
  return { lookup, asked }
}

async function reasonOf(guard: GuardedFetch, url: string, request: OutboundRequest = {}) {
  try {
    const response = await guard.fetch(url, { timeoutMs: 2_000, ...request })
    return `answered ${response.status}`
  } catch (error) {
    if (error instanceof OutboundFailure) return error.reason
    throw error
  }
}

describe('an inside address', () => {
  test.each([
    ['127.0.0.1'],
    ['localhost'],
    ['127.1'],
    ['2130706433'],
    ['0x7f000001'],
    ['0'],
    ['[::1]'],
    ['[::ffff:127.0.0.1]'],
    ['[::ffff:7f00:1]'],
  ])('is never connected to when it is written as %s', async (host) => {
    const server = await serve((_request, response) => response.end('inside'))
    expect(await reasonOf(guarded(), `http://${host}:${server.port}/`)).toBe('refused')
    expect(server.connections()).toBe(0)
  })

  test.each([
    ['10.0.0.1'],
    ['169.254.169.254'],
    ['100.64.0.1'],
    ['[fe80::1]'],
    ['[fd00:ec2::254]'],
    ['[2002:7f00:1::]'],
    ['[64:ff9b::7f00:1]'],
    ['224.0.0.1'],
  ])('is refused at once: %s', async (host) => {
    expect(await reasonOf(guarded(), `http://${host}/`, { timeoutMs: 500 })).toBe('refused')
    expect(await reasonOf(guarded(), `https://${host}/`, { timeoutMs: 500 })).toBe('refused')
  })

  test('is refused when a public name leads to it', async () => {
    const server = await serve((_request, response) => response.end('inside'))
    const { lookup } = resolver(['127.0.0.1'])
    expect(await reasonOf(guarded([], lookup), `http://attacker.example:${server.port}/`)).toBe('refused')
    expect(server.connections()).toBe(0)
  })

  test('is refused when it hides among public ones', async () => {
    const { lookup } = resolver(['93.184.216.34', '127.0.0.1'])
    expect(await reasonOf(guarded([], lookup), 'http://attacker.example/')).toBe('refused')
  })

  test('is not reached by a name that changes after it was checked: what was checked is what is used', async () => {
    const server = await serve((_request, response) => response.end('inside'))
    const { lookup, asked } = resolver(['93.184.216.34'], ['127.0.0.1'])
    const guard = guarded([], lookup)
    expect(await reasonOf(guard, `http://rebind.example:${server.port}/`, { timeoutMs: 400 })).toMatch(
      /timeout|unreachable/,
    )
    expect(asked).toHaveLength(1)
    expect(await reasonOf(guard, `http://rebind.example:${server.port}/`)).toBe('refused')
    expect(server.connections()).toBe(0)
  })

  test('is not reached by way of a redirect', async () => {
    const inside = await serve((_request, response) => response.end('inside'))
    const outside = await serve((_request, response) => response.writeHead(302, { location: inside.url }).end())
    expect(await reasonOf(guarded([outside.host]), outside.url, { redirects: 5 })).toBe('refused')
    expect(inside.connections()).toBe(0)
  })
})

test('an address the operator vouches for is reached, on the port that was named', async () => {
  const server = await serve((_request, response) => response.end('hello'))
  const other = await serve((_request, response) => response.end('other'))
  const guard = guarded([server.host])
  const response = await guard.fetch(server.url)
  expect(await response.text()).toBe('hello')
  expect(await reasonOf(guard, other.url)).toBe('refused')
  expect(await reasonOf(guarded(['127.0.0.1']), other.url)).toBe('answered 200')
})

describe('a URL is refused that', () => {
  test.each([
    ['is no http(s)', 'file:///etc/passwd'],
    ['is no http(s)', 'ftp://example.com/'],
    ['is no http(s)', 'data:text/plain,hello'],
    ['is relative', '/path'],
    ['names a user', 'http://user:password@example.com/'],
  ])('%s: %s', async (_why, url) => {
    expect(await reasonOf(guarded(), url)).toBe('refused')
  })
})

describe('a redirect', () => {
  test('is handed back when nobody asked to follow it', async () => {
    const server = await serve((_request, response) => response.writeHead(302, { location: '/next' }).end())
    expect(await reasonOf(guarded([server.host]), server.url)).toBe('answered 302')
  })

  test('is followed as often as asked and no more', async () => {
    const server = await serve((request, response) => {
      const hop = Number(request.url?.slice(1) || 0)
      if (hop === 3) response.end('there')
      else response.writeHead(307, { location: `/${hop + 1}` }).end()
    })
    const guard = guarded([server.host])
    expect(await reasonOf(guard, server.url, { redirects: 3 })).toBe('answered 200')
    expect(await reasonOf(guard, server.url, { redirects: 2 })).toBe('too-many-redirects')
  })

  test('to another origin loses the credentials, and a POST becomes a GET', async () => {
    const seen: unknown[] = []
    const target = await serve((request, response) => {
      seen.push({ method: request.method, authorization: request.headers.authorization })
      response.end()
    })
    const first = await serve((_request, response) => response.writeHead(302, { location: target.url }).end())
    await guarded([first.host, target.host]).fetch(first.url, {
      method: 'POST',
      body: 'a=b',
      headers: { Authorization: 'Bearer secret', 'Content-Type': 'application/x-www-form-urlencoded' },
      redirects: 1,
    })
    expect(seen).toEqual([{ method: 'GET', authorization: undefined }])
  })

  test('to another scheme is refused', async () => {
    const server = await serve((_request, response) =>
      response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    )
    expect(await reasonOf(guarded([server.host]), server.url, { redirects: 1 })).toBe('refused')
  })
})

describe('an answer that', () => {
  test('is larger than allowed is cut off', async () => {
    const server = await serve((_request, response) => response.end('x'.repeat(5_000)))
    expect(await reasonOf(guarded([server.host]), server.url, { responseBytes: 4_999 })).toBe('too-large')
    expect(await reasonOf(guarded([server.host]), server.url, { responseBytes: 5_000 })).toBe('answered 200')
  })

  test('grows beyond that only when it is unpacked is cut off too', async () => {
    const packed = gzipSync('x'.repeat(1_000_000))
    const server = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed),
    )
    expect(await reasonOf(guarded([server.host]), server.url, { responseBytes: 10_000 })).toBe('too-large')
  })

  test('never ends is given up in time', async () => {
    const server = await serve((_request, response) => response.write('x'))
    expect(await reasonOf(guarded([server.host]), server.url, { timeoutMs: 200 })).toBe('timeout')
  })

  test('takes longer than is usual is waited for where the request says how long', async () => {
    const server = await serve((_request, response) => void setTimeout(() => response.end('at last'), 12_000))
    expect(await reasonOf(guarded([server.host]), server.url, { timeoutMs: 15_000 })).toBe('answered 200')
  })

  test('breaks off is an unreachable server', async () => {
    const server = await serve((request) => request.socket.destroy())
    expect(await reasonOf(guarded([server.host]), server.url)).toBe('unreachable')
  })

  test('nobody waits for any more is given up', async () => {
    const server = await serve(() => {})
    const caller = new AbortController()
    setTimeout(() => caller.abort(), 50)
    expect(await reasonOf(guarded([server.host]), server.url, { signal: caller.signal })).toBe('cancelled')
  })

  test('is an error status is still an answer', async () => {
    const server = await serve((_request, response) => response.writeHead(503).end('later'))
    expect(await reasonOf(guarded([server.host]), server.url)).toBe('answered 503')
  })
})

test('more requests at once than one process should have are refused, and the place is free again afterwards', async () => {
  const held: (() => void)[] = []
  const server = await serve((_request, response) => held.push(() => response.end()))
  const guard = guarded([server.host])
  const running = Array.from({ length: maxOutbound }, () => reasonOf(guard, server.url, { timeoutMs: 10_000 }))
  expect(await reasonOf(guard, server.url)).toBe('busy')
  const free = setInterval(() => {
    for (const end of held.splice(0)) end()
  }, 10)
  expect(new Set(await Promise.all(running))).toEqual(new Set(['answered 200']))
  expect(await reasonOf(guard, server.url)).toBe('answered 200')
  clearInterval(free)
})
