// Tests of where one may be sent after signing in.
import { describe, expect, test } from '@jest/globals'
import { ownPath, signInLink } from './own-path.js'

describe('ownPath', () => {
  test.each([
    '/',
    '/programs',
    '/oauth/auth?client_id=https%3A%2F%2Fexample.com&redirect_uri=http://127.0.0.1:9/cb',
    '/a/b?c=d#e',
    '/%2F/evil.example',
    '/%5Cevil.example',
    '/authors',
  ])('keeps our own path %s', (path) => {
    expect(ownPath(path)).toBe(path)
  })

  test.each([
    'https://evil.example/',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/.//evil.example',
    '/x/..//evil.example',
    '/%2e//evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    ' /programs',
    'programs',
    'javascript:alert(1)',
    '',
    `/${'a'.repeat(5000)}`,
    undefined,
    null,
    ['/programs', '//evil.example'],
    { toString: () => '/programs' },
  ])('does not go to %p', (path) => {
    expect(ownPath(path)).toBe('/')
  })

  test.each(['/auth/login', '/auth/login?returnTo=/', '/auth/google/callback?code=1', '/x/../auth/logout'])(
    'does not come back to signing in by %s',
    (path) => {
      expect(ownPath(path)).toBe('/')
    },
  )

  test('carries the path through the link whole', () => {
    const link = signInLink('/programs?sort=name&page=2')
    expect(new URL(link, 'http://own.test').searchParams.get('returnTo')).toBe('/programs?sort=name&page=2')
    expect(signInLink('//evil.example')).toBe('/auth/login')
  })
})
