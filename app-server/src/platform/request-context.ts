// What belongs to the HTTP request being served: its id goes into every log line, its language into every page.
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isIP } from 'node:net'
import { doorHeaders } from '@sekisho/contracts'
import type { NextFunction, Request, Response } from 'express'
import { askedLanguage, type Language } from './asked-language.js'

interface RequestContext {
  readonly requestId?: string | undefined
  readonly address?: string | undefined
  readonly language?: Language | undefined
  /** See `formPage`. */
  readonly formPage?: string | undefined
}

const storage = new AsyncLocalStorage<RequestContext>()
const wellFormed = /^[A-Za-z0-9._-]{1,64}$/

/**
 * Does `work` in the context of a request: keeps the id the router sent when it is well formed, else makes one, and answers
 * with it.
 * @param about where the request came from, if anybody can know; for people also their language and page
 */
export function withRequestContext(
  request: IncomingMessage,
  response: ServerResponse,
  about: Omit<RequestContext, 'requestId'>,
  work: () => void,
): void {
  const given = request.headers[doorHeaders.requestId]
  const requestId = typeof given === 'string' && wellFormed.test(given) ? given : randomUUID()
  response.setHeader(doorHeaders.requestId, requestId)
  storage.run({ ...about, requestId }, work)
}

/** Express middleware: the rest of the request is done in its context. */
export function requestContext(request: Request, response: Response, next: NextFunction): void {
  const about = { address: peerAddressOf(request), language: askedLanguage(request), formPage: formPageOf(request) }
  withRequestContext(request, response, about, next)
}

/** Does `work`, and whatever it starts, under the id of a request. */
export function inRequest<Result>(requestId: string, work: () => Result): Result {
  return storage.run({ requestId }, work)
}

/** Does `work`, and whatever it starts, in a language: for what a person reads that no request of theirs asked for. */
export function withLanguage<Result>(language: Language, work: () => Result): Result {
  return storage.run({ ...storage.getStore(), language }, work)
}

/** The id of the request being served; undefined outside one (start, periodic jobs). */
export function currentRequestId(): string | undefined {
  return storage.getStore()?.requestId
}

/** Where the request being served came from, as Postgres takes it; undefined outside one, and when nobody can know. */
export function currentAddress(): string | undefined {
  return storage.getStore()?.address
}

/** The language of who is answered; English for programs and outside a request. */
export function currentLanguage(): Language {
  return storage.getStore()?.language ?? 'en'
}

/** Of a write: the path of the page its form was on, as the browser says it; undefined when it does not, and for a read. */
export function formPage(): string | undefined {
  return storage.getStore()?.formPage
}

/** The peer's address, behind TRUSTED_PROXIES the one they saw; undefined when they sent something else. */
export function peerAddressOf(request: Request): string | undefined {
  const address = (request.ip ?? '').replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/, '')
  return isIP(address) ? address : undefined
}

/** Not of a page that somebody came back to from elsewhere: what its address brings counts once. */
function formPageOf({ method, headers }: Request): string | undefined {
  if (method !== 'POST') return undefined
  const page = URL.parse(headers.referer ?? '')
  return page === null || page.searchParams.has('state') || page.searchParams.has('code')
    ? undefined
    : page.pathname + page.search
}
