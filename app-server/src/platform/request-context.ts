// What belongs to the HTTP request being served: its id goes into every log line and to whoever reports a fault.
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isIP } from 'node:net'
import { doorHeaders } from '@sekisho/contracts'
import type { NextFunction, Request, Response } from 'express'

interface RequestContext {
  readonly requestId: string
  readonly address?: string | undefined
}

const storage = new AsyncLocalStorage<RequestContext>()
const wellFormed = /^[A-Za-z0-9._-]{1,64}$/

/**
 * Does `work` in the context of a request: keeps the id the router sent when it is well formed, else makes one, and answers
 * with it.
 * @param address where the request came from, if anybody can know
 */
export function withRequestContext(
  request: IncomingMessage,
  response: ServerResponse,
  address: string | undefined,
  work: () => void,
): void {
  const given = request.headers[doorHeaders.requestId]
  const requestId = typeof given === 'string' && wellFormed.test(given) ? given : randomUUID()
  response.setHeader(doorHeaders.requestId, requestId)
  storage.run({ requestId, address }, work)
}

/** Express middleware: the rest of the request is done in its context. */
export function requestContext(request: Request, response: Response, next: NextFunction): void {
  withRequestContext(request, response, peerAddressOf(request), next)
}

/** Does `work`, and whatever it starts, under the id of a request. */
export function inRequest<Result>(requestId: string, work: () => Result): Result {
  return storage.run({ requestId }, work)
}

/** The id of the request being served; undefined outside one (start, periodic jobs). */
export function currentRequestId(): string | undefined {
  return storage.getStore()?.requestId
}

/** Where the request being served came from, as Postgres takes it; undefined outside one, and when nobody can know. */
export function currentAddress(): string | undefined {
  return storage.getStore()?.address
}

/** The peer's address, behind TRUSTED_PROXIES the one they saw; undefined when they sent something else. */
export function peerAddressOf(request: Request): string | undefined {
  const address = (request.ip ?? '').replace(/%.*$/, '').replace(/^::ffff:(?=\d+\.)/, '')
  return isIP(address) ? address : undefined
}
