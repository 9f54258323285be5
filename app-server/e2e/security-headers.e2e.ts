// Every address of the app server, found in its sources, and what each answer forbids a browser to do.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Person } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'

const sources = fileURLToPath(new URL('../src', import.meta.url))

/** Method and path of every route a controller declares, with parameters filled in. */
const routes = readdirSync(sources, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.controller.ts'))
  .flatMap((path) => {
    const text = readFileSync(join(sources, path), 'utf8')
    const base = /@Controller\((?:'([^']*)')?\)/.exec(text)?.[1] ?? ''
    return [...text.matchAll(/@(Get|Post|Put|Patch|Delete)\((?:'([^']*)')?\)/g)].map(([, method = '', rest = '']) => {
      const filled = [base, rest].filter(Boolean).join('/').replaceAll(/:\w+/g, 'x')
      return [method.toUpperCase(), `/${filled}`] as const
    })
  })
const others = [
  ['GET', '/nowhere'],
  ['GET', '/oauth/authorize'],
  ['POST', '/oauth/token'],
  ['POST', '/oauth/register'],
  ['GET', '/.well-known/oauth-authorization-server'],
  ['POST', '/internal/nothing'],
] as const

let app: TestApp
let administrator: Person

beforeAll(async () => {
  app = await startTestApp()
  administrator = await app.signedIn('Yui Admin')
})

afterAll(() => app.close())

function expectStrict(headers: Headers): void {
  const policy = headers.get('content-security-policy') ?? ''
  expect(policy.split(';')).toEqual(
    expect.arrayContaining(["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"]),
  )
  expect(policy).not.toMatch(/unsafe|\*|https?:\/\/(?!localhost|127\.0\.0\.1)/)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
  expect(headers.get('x-frame-options')).toBe('DENY')
  expect(headers.get('referrer-policy')).toBe('same-origin')
  expect(headers.has('x-powered-by')).toBe(false)
}

test('the routes were found', () => {
  expect(routes.length).toBeGreaterThan(30)
  expect(routes).toContainEqual(['GET', '/'])
  expect(routes).toContainEqual(['GET', '/programs'])
})

describe.each([
  ['a stranger', () => new Person([app.url])],
  ['an administrator', () => administrator],
])('to %s', (_who, visitor) => {
  test.each([...routes, ...others])(
    '%s %s answers with strict headers, and frames and scripts nothing foreign',
    async (method, path) => {
      const response = await visitor().request(method, new URL(path, app.url))
      expectStrict(response.headers)
      expect(response.status).toBeLessThan(500)
      if (response.headers.get('content-type')?.startsWith('text/html')) {
        const page = await response.text()
        expect(page).not.toMatch(/<script(?![^>]*\ssrc="\/)[^>]*>|\son\w+=|style="|javascript:/i)
      } else {
        await response.body?.cancel()
      }
    },
  )
})
