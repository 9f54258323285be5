// What belongs to the HTTP request being served: its id goes into every log line and to whoever reports a fault.
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import { doorHeaders } from '@sekisho/contracts'
import type { NextFunction, Request, Response } from 'express'

interface RequestContext {
  readonly requestId: string
}

const storage = new AsyncLocalStorage<RequestContext>()
const wellFormed = /^[A-Za-z0-9._-]{1,64}$/

/** Express middleware: keeps the id the router sent when it is well formed, else makes one; answers with it. */
export function withRequestContext(request: Request, response: Response, next: NextFunction): void {
  const given = request.get(doorHeaders.requestId)
  const requestId = given !== undefined && wellFormed.test(given) ? given : randomUUID()
  response.setHeader(doorHeaders.requestId, requestId)
  storage.run({ requestId }, next)
}

/** Does `work`, and whatever it starts, under the id of a request. */
export function inRequest<Result>(requestId: string, work: () => Result): Result {
  return storage.run({ requestId }, work)
}

/** The id of the request being served; undefined outside one (start, periodic jobs). */
export function currentRequestId(): string | undefined {
  return storage.getStore()?.requestId
}
