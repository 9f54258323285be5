// How the place an answer goes to is told to the person, and to the browser.
import { describe, expect, test } from '@jest/globals'
import { consentPolicy, redirectTargetOf } from './redirect-target.js'

describe('the place an answer goes to', () => {
  test.each([
    ['http://localhost:3118/callback', { kind: 'computer', name: 'localhost:3118' }],
    ['http://127.0.0.1/callback', { kind: 'computer', name: '127.0.0.1' }],
    ['http://[::1]:9/callback', { kind: 'computer', name: '[::1]:9' }],
    ['https://claude.ai/api/mcp/auth_callback', { kind: 'site', name: 'claude.ai' }],
    ['https://localhost.example.com/', { kind: 'site', name: 'localhost.example.com' }],
    ['cursor://anysphere.cursor-retrieval/callback', { kind: 'app', name: 'cursor:' }],
  ])('%s', (uri, target) => {
    expect(redirectTargetOf(uri)).toEqual(target)
  })

  test('shows a look-alike for what it is', () => {
    expect(redirectTargetOf('https://аpple.com/callback').name).toBe('xn--pple-43d.com')
  })
})

describe('the policy of the consent page', () => {
  const policy = "default-src 'none';script-src 'self';form-action 'self';frame-ancestors 'self'"

  test('lets the form end at the program and keeps everything else', () => {
    expect(consentPolicy(policy, 'http://127.0.0.1:4199/callback')).toBe(
      "default-src 'none';script-src 'self';form-action 'self' https: http://127.0.0.1:4199;frame-ancestors 'none'",
    )
  })

  test('names no http address for a program that needs none', () => {
    expect(consentPolicy(policy, 'https://example.com/callback')).not.toContain('http:')
    expect(consentPolicy(policy, 'cursor://callback')).not.toContain('http:')
  })

  test('forbids framing even where there was no policy', () => {
    expect(consentPolicy('', 'http://[::1]:9/callback')).toBe("form-action 'self' https: http:;frame-ancestors 'none'")
  })
})
