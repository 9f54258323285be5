// Which language a request asks for: the one chosen in this browser, else the one the browser prefers.
import type { Request, Response } from 'express'
import { findRequestCookie } from './request-cookie.js'
import type { Settings } from './settings.js'

export const languages = ['en', 'ja'] as const
export type Language = (typeof languages)[number]

/** One name with and without TLS: whoever could plant it would only choose in which language somebody reads. */
const cookieName = 'sekisho_language'
const yearMs = 365 * 24 * 60 * 60 * 1000

export function isLanguage(value: unknown): value is Language {
  return languages.some((language) => language === value)
}

/** The language that somebody chose in this browser, if any. */
export function findChosenLanguage(request: Request): Language | undefined {
  const value = findRequestCookie(request, cookieName)
  return isLanguage(value) ? value : undefined
}

/** Keeps the choice in this browser for a year. */
export function setChosenLanguage(response: Response, language: Language, { secure }: Pick<Settings, 'secure'>): void {
  response.cookie(cookieName, language, { httpOnly: true, sameSite: 'lax', path: '/', secure, maxAge: yearMs })
}

/** English for programs, which show a token; for people what they chose, or their browser prefers (RFC 9110 12.5.4). */
export function askedLanguage(request: Request): Language {
  if (request.headers.authorization !== undefined) return 'en'
  const preferred = findChosenLanguage(request) ?? request.acceptsLanguages([...languages])
  return isLanguage(preferred) ? preferred : 'en'
}
