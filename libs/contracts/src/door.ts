// The door: how the router hands one MCP message to the app server and how the answer comes back.
//
// The router POSTs the client's JSON-RPC message, unchanged in meaning, to `DOOR_PATH` with the client's own bearer.
//   200 application/json        one JSON-RPC response
//   200 text/event-stream       notifications (progress) of this request, then its response; each `data:` one JSON-RPC message
//   202                         a notification was taken
//   401, 403 + WWW-Authenticate the challenge, to be relayed as it is (RFC 6750, RFC 9728)
//   any other status            application/problem+json (RFC 9457)
// The app server answers in the shape of the era the router names: a modern result carries `resultType`, lists carry
// `ttlMs` and `cacheScope` (MCP 2026-07-28). Closing the connection cancels the call: the router closes it when a modern
// client hangs up, and when its own time for the call is over. A legacy client that hangs up has not cancelled (MCP
// 2025-11-25, transports), so its call runs on until it is done or `notifications/cancelled` names it.

export const DOOR_PATH = '/internal/mcp'

/** Headers between the two processes; names in lower case as Node gives them. */
export const doorHeaders = {
  /** One id for one client request through both processes' logs. 1–64 of [A-Za-z0-9._-]. */
  requestId: 'x-request-id',
  /** 'modern' (2026-07-28) or 'legacy' (2025-03-26 … 2025-11-25). */
  era: 'x-sekisho-era',
  /** The protocol revision the client speaks, e.g. 2026-07-28. */
  protocolVersion: 'mcp-protocol-version',
  /**
   * Legacy only: the random label the router gave this client at initialize, so that a cancellation finds its call.
   * Nobody keeps or checks it, so it is no proof of anything: it means something only together with the bearer's owner.
   */
  sessionLabel: 'mcp-session-id',
} as const

export type Era = 'modern' | 'legacy'

/**
 * The methods the door answers; whatever else arrives is JSON-RPC -32601.
 * Framing (initialize, discover, a legacy client's own ping …) is answered by the router, which verifies nothing: before
 * it lets such an answer out it asks the door `ping`, with an id of its own. `{}` means that the bearer is good.
 */
export const doorMethods = ['ping', 'tools/list', 'tools/call'] as const
export type DoorMethod = (typeof doorMethods)[number]

/** Notifications the door takes. Others the router acknowledges and drops. */
export const doorNotifications = ['notifications/cancelled'] as const

export interface DoorRequest {
  jsonrpc: '2.0'
  id: string | number
  method: string
  params?: Record<string, unknown>
}

export interface DoorNotification {
  jsonrpc: '2.0'
  method: string
  params?: Record<string, unknown>
}

export interface DoorResult {
  jsonrpc: '2.0'
  id: string | number
  result: Record<string, unknown>
}

export interface DoorError {
  jsonrpc: '2.0'
  id: string | number | null
  error: { code: number; message: string; data?: unknown }
}

/** Where the app server publishes what the router needs to know of the outside: RFC 9728 metadata of the /mcp resource. */
export const RESOURCE_METADATA_PATH = '/.well-known/oauth-protected-resource/mcp'

/** JSON-RPC 2.0 and MCP error codes the door uses. */
export const rpcErrors = {
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
} as const

/** Limits both processes hold to, so that what one lets through the other can take. */
export const doorLimits = {
  /** Bytes of one JSON-RPC message from a client. */
  requestBytes: 1024 * 1024,
  /** Objects and arrays within one another in such a message. */
  requestDepth: 64,
  /** Bytes of one answer of the app server. */
  responseBytes: 8 * 1024 * 1024,
  /** A tool call's whole time in the app server. The router waits a little longer before it gives up. */
  callDeadlineMs: 60_000,
} as const
