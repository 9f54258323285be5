// Which Host and Origin may speak to the router.
import { describe, expect, test } from '@jest/globals'
import { createGate } from './gate.js'

const local = createGate({ mcpUrl: 'http://localhost:8080/mcp', allowedHosts: [], allowedOrigins: [] })
const open = createGate({
  mcpUrl: 'https://mcp.example.com/mcp',
  allowedHosts: ['mcp-router', '10.0.0.7', '[fd00::1]'],
  allowedOrigins: ['https://inspector.example.com', 'http://localhost:6274'],
})

const passes = (gate: typeof local, host: string | undefined, origin?: string) =>
  gate.refusal({ ...(host === undefined ? {} : { host }), ...(origin === undefined ? {} : { origin }) }) === undefined

describe('Host', () => {
  test.each(['localhost', 'LOCALHOST:8080', 'localhost:9', '127.0.0.1', '[::1]:8080', '0x7f.1'])(
    'a local router answers for %s',
    (host) => {
      expect(passes(local, host)).toBe(true)
    },
  )

  test.each([
    undefined,
    '',
    'evil.example',
    'localhost.evil.example',
    'evil.example:8080',
    '127.0.0.2',
    'localhost:x',
    'a@localhost',
    'localhost/',
    'localhost?x',
    'localhost#',
    ' localhost',
  ])('a local router does not answer for %j', (host) => {
    expect(passes(local, host)).toBe(false)
  })

  test.each(['mcp.example.com', 'mcp.example.com:443', 'mcp-router:8080', '10.0.0.7', '[fd00::1]:8080'])(
    'a public router answers for %s',
    (host) => {
      expect(passes(open, host)).toBe(true)
    },
  )

  test.each(['localhost', '127.0.0.1:8080', 'example.com', 'x.mcp.example.com'])(
    'a public router does not answer for %s',
    (host) => {
      expect(passes(open, host)).toBe(false)
    },
  )
})

describe('Origin', () => {
  test('no Origin is no page, and passes', () => {
    expect(passes(open, 'mcp.example.com')).toBe(true)
  })

  test.each(['http://localhost:6274', 'https://localhost', 'http://127.0.0.1:1', 'http://[::1]:5'])(
    'a local router takes pages of %s',
    (origin) => {
      expect(passes(local, 'localhost', origin)).toBe(true)
    },
  )

  test.each(['https://mcp.example.com', 'https://inspector.example.com', 'http://localhost:6274'])(
    'a public router takes pages of %s, which are its own or listed',
    (origin) => {
      expect(passes(open, 'mcp.example.com', origin)).toBe(true)
    },
  )

  test.each([
    'http://mcp.example.com',
    'https://mcp.example.com:8443',
    'http://localhost:6275',
    'http://127.0.0.1:6274',
    'https://evil.example',
    'https://inspector.example.com.evil.example',
    'null',
    '',
    'file://',
    'chrome-extension://abc',
  ])('a public router does not take pages of "%s"', (origin) => {
    expect(passes(open, 'mcp.example.com', origin)).toBe(false)
  })

  test.each(['https://evil.example', 'http://localhost.evil.example', 'null', 'file://localhost'])(
    'a local router does not take pages of "%s"',
    (origin) => {
      expect(passes(local, 'localhost', origin)).toBe(false)
    },
  )
})
