// Tests of the cookies: what is sent, what is believed, what follows from a value.
import { describe, expect, test } from '@jest/globals'
import type { Request, Response } from 'express'
import type { Settings } from '../platform/settings.js'
import { digestOf, findCookie, formTokenOf, isToken, newSecret, setCookie } from './cookies.js'

const plain = { secure: false } as Settings
const secure = { secure: true } as Settings

function requestWith(cookie: string | undefined): Request {
  return { headers: { cookie } } as Request
}

describe('finding a cookie', () => {
  const secret = newSecret()

  test('finds it among others', () => {
    expect(findCookie(requestWith(`a=b; sekisho_session=${secret}; c`), 'session', plain)).toBe(secret)
    expect(findCookie(requestWith(`sekisho_sign_in=${secret}`), 'sign-in', plain)).toBe(secret)
  })

  test.each([
    undefined,
    '',
    'sekisho_session',
    'sekisho_session=',
    `sekisho_session=${'a'.repeat(42)}`,
    `sekisho_session=${'a'.repeat(44)}`,
    `sekisho_session=${'a'.repeat(42)}%00`,
    `xsekisho_session=${secret}`,
  ])('finds nothing in %p', (header) => {
    expect(findCookie(requestWith(header), 'session', plain)).toBeUndefined()
  })

  test('on https believes only the name that a plain site cannot have set', () => {
    expect(findCookie(requestWith(`sekisho_session=${secret}`), 'session', secure)).toBeUndefined()
    expect(findCookie(requestWith(`__Host-sekisho=${secret}`), 'session', secure)).toBe(secret)
  })
})

test.each([
  [plain, 'sekisho_session', false],
  [secure, '__Host-sekisho', true],
])('sets the session cookie for us alone', (settings, name, overTls) => {
  const set: unknown[] = []
  setCookie({ cookie: (...given: unknown[]) => set.push(given) } as unknown as Response, 'session', settings, 'x', 5000)
  expect(set).toEqual([[name, 'x', { httpOnly: true, sameSite: 'lax', path: '/', secure: overTls, maxAge: 5000 }]])
})

describe('what follows from a secret', () => {
  test('is another for each secret, and does not show it', () => {
    const [one, other] = [newSecret(), newSecret()]
    expect(one).not.toBe(other)
    expect(formTokenOf(one)).not.toBe(formTokenOf(other))
    expect(formTokenOf(one)).not.toContain(one)
    expect(digestOf(one).toString('base64url')).not.toBe(formTokenOf(one))
  })

  test('a form token is believed only as it is', () => {
    const token = formTokenOf(newSecret())
    expect(isToken(token, token)).toBe(true)
    for (const wrong of [formTokenOf(newSecret()), `${token}x`, token.slice(1), '', undefined, [token], { token }]) {
      expect(isToken(wrong, token)).toBe(false)
    }
  })
})
