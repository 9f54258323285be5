// The requests that the door answers for the client, and what must be right about them before they go there.
import { ProtocolError } from '@modelcontextprotocol/server'
import { rpcErrors } from '@sekisho/contracts'
import { z } from 'zod'

/** What must be right before a request may go to the door; everything else in the params is between client and tool. */
const forwarded = {
  'tools/list': z.looseObject({ cursor: z.string().optional() }).optional(),
  'tools/call': z.looseObject({ name: z.string().min(1), arguments: z.record(z.string(), z.unknown()).optional() }),
} as const

/** The requests the door answers for the client. */
export function isForwarded(method: unknown): method is keyof typeof forwarded {
  return typeof method === 'string' && Object.hasOwn(forwarded, method)
}

/** What is wrong with a request that came to be forwarded; undefined when nothing is. */
export function faultOf({ method, params }: { method: string; params?: unknown }): ProtocolError | undefined {
  if (!isForwarded(method)) return new ProtocolError(rpcErrors.methodNotFound, 'Method not found')
  const { success, error } = forwarded[method].safeParse(params)
  if (success) return undefined
  const [issue] = error.issues
  const place = ['params', ...(issue?.path ?? [])].join('.')
  return new ProtocolError(rpcErrors.invalidParams, `Invalid params for ${method}: ${place}: ${issue?.message}`)
}
