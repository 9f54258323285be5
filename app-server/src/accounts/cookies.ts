// Reads and writes the room's two cookies. Their values are 32 random bytes; only digests of them reach the database.
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { CookieOptions, Request, Response } from 'express'
import { findRequestCookie } from '../platform/request-cookie.js'
import type { Settings } from '../platform/settings.js'

/** What a cookie is for: a session, or the browser a sign-in was begun in. */
export type CookiePurpose = 'session' | 'sign-in'

const names = {
  session: { secure: '__Host-sekisho', plain: 'sekisho_session' },
  'sign-in': { secure: '__Host-sekisho_sign_in', plain: 'sekisho_sign_in' },
} as const

/** 32 bytes in base64url. */
const wellFormed = /^[A-Za-z0-9_-]{43}$/

/** Random enough that guessing is hopeless (256 bits). */
export function newSecret(): string {
  return randomBytes(32).toString('base64url')
}

/** What the database keeps of a secret. A plain digest suffices: the secret has 256 random bits. */
export function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}

/** A token for forms that only the holder of the cookie can have been given; nothing about it is stored. */
export function formTokenOf(secret: string): string {
  return createHmac('sha256', secret).update('form').digest('base64url')
}

/** Whether `given` is the token, in a time that tells nothing about how much of it was right. */
export function isToken(given: unknown, token: string): boolean {
  if (typeof given !== 'string') return false
  const expected = Buffer.from(token)
  const actual = Buffer.from(given)
  return expected.length === actual.length && timingSafeEqual(expected, actual)
}

/** The cookie's value, if the request carries a well-formed one. */
export function findCookie(request: Request, purpose: CookiePurpose, settings: Settings): string | undefined {
  const value = findRequestCookie(request, nameOf(purpose, settings))
  return value !== undefined && wellFormed.test(value) ? value : undefined
}

/** Sets the cookie; without `maxAgeMs` it lasts as long as the browser is open. */
export function setCookie(
  response: Response,
  purpose: CookiePurpose,
  settings: Settings,
  value: string,
  maxAgeMs?: number,
): void {
  response.cookie(nameOf(purpose, settings), value, {
    ...attributes(settings),
    ...(maxAgeMs === undefined ? {} : { maxAge: maxAgeMs }),
  })
}

export function clearCookie(response: Response, purpose: CookiePurpose, settings: Settings): void {
  response.clearCookie(nameOf(purpose, settings), attributes(settings))
}

/** What the session's cookie is called. */
export function sessionCookieName(settings: Pick<Settings, 'secure'>): string {
  return nameOf('session', settings)
}

function nameOf(purpose: CookiePurpose, settings: Pick<Settings, 'secure'>): string {
  return settings.secure ? names[purpose].secure : names[purpose].plain
}

/** Lax, not Strict: people arrive here from their LLM client and from Google, and are to be recognised then. */
function attributes(settings: Settings): CookieOptions {
  return { httpOnly: true, sameSite: 'lax', path: '/', secure: settings.secure }
}
