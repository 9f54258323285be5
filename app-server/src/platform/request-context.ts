// What belongs to the HTTP request being served: its id goes into every log line and to whoever reports a fault.
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import { isIP } from 'node:net'
import { DOOR_PATH, doorHeaders } from '@sekisho/contracts'
import type { NextFunction, Request, Response } from 'express'

interface RequestContext {
  readonly requestId: string
  readonly address?: string | undefined
}

const storage = new AsyncLocalStorage<RequestContext>()
const wellFormed = /^[A-Za-z0-9._-]{1,64}$/

/** Express middleware: keeps the id the router sent when it is well formed, else makes one; answers with it. */
export function withRequestContext(request: Request, response: Response, next: NextFunction): void {
  const given = request.get(doorHeaders.requestId)
  const requestId = given !== undefined && wellFormed.test(given) ? given : randomUUID()
  response.setHeader(doorHeaders.requestId, requestId)
  // At the door the peer is the router, not the caller.
  const address = request.path === DOOR_PATH ? undefined : peerAddressOf(request)
  storage.run({ requestId, address }, next)
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
