// A request turned away: the problem, and how an MCP client reads it as a JSON-RPC error.
import { type Problem, type ProblemDetails, rpcErrors } from '@sekisho/contracts'

/** JSON-RPC 2.0 section 5.1. */
export const parseError = -32700

/**
 * An answer with an HTTP status of its own instead of a JSON-RPC result.
 * `code`, `message` and `data` are what the SDK puts into a JSON-RPC error when it frames this one inside a stream whose
 * status is already on its way.
 */
export class Refusal extends Error {
  readonly code: number
  readonly data: ProblemDetails

  constructor(
    readonly problem: Problem,
    code?: number,
  ) {
    super(problem.detail, { cause: problem })
    this.name = 'Refusal'
    this.code = code ?? (problem.status >= 500 ? rpcErrors.internal : rpcErrors.invalidRequest)
    this.data = problem.toJSON()
  }

  get status(): number {
    return this.problem.status
  }

  /** The JSON-RPC error response for the request of that id; null when no id could be read. */
  toRpcError(id: string | number | null) {
    return { jsonrpc: '2.0', id, error: { code: this.code, message: this.message, data: this.data } }
  }
}
