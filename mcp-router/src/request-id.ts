// One id for one client request through both processes' logs.
import { randomUUID } from 'node:crypto'

const wellFormed = /^[A-Za-z0-9._-]{1,64}$/

/** The id a proxy in front already gave, when it is well formed; otherwise a new one. */
export function requestIdOf(header: string | string[] | undefined): string {
  return typeof header === 'string' && wellFormed.test(header) ? header : randomUUID()
}
