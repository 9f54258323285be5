// Writing answers to the raw response, so that neither the host nor a web stream stands between.
import type { ServerResponse } from 'node:http'
import type { Problem } from '@sekisho/contracts'
import type { Refusal } from './refusal.js'

type Headers = Readonly<Record<string, string>>

/** The types of MCP's answers. The host would add the charset, but not every answer goes through its hands. */
export const jsonType = 'application/json; charset=utf-8'
export const eventStreamType = 'text/event-stream; charset=utf-8'

/** Answers with JSON, unless the client has gone or an answer is already on its way. */
export function answerJson(outgoing: ServerResponse, status: number, body: unknown, headers: Headers = {}): void {
  send(outgoing, status, jsonType, JSON.stringify(body), headers)
}

/** Answers outside of MCP with problem+json (RFC 9457). */
export function answerProblem(outgoing: ServerResponse, problem: Problem): void {
  send(outgoing, problem.status, 'application/problem+json', JSON.stringify(problem), problem.headers)
}

/** Answers on the MCP endpoint: the problem's status and headers, its words as a JSON-RPC error. */
export function answerRefusal(outgoing: ServerResponse, refusal: Refusal, id: string | number | null = null): void {
  answerJson(outgoing, refusal.status, refusal.toRpcError(id), refusal.problem.headers)
}

function send(outgoing: ServerResponse, status: number, type: string, body: string, headers: Headers): void {
  if (outgoing.headersSent || outgoing.destroyed) return
  outgoing.writeHead(status, {
    'cache-control': 'no-store',
    ...headers,
    'content-type': type,
    'content-length': Buffer.byteLength(body),
  })
  outgoing.end(body)
}
