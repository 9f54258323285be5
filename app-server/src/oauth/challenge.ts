// How a caller is told that its token does not do: WWW-Authenticate challenges (RFC 6750, RFC 9728).
import { Problem, RESOURCE_METADATA_PATH } from '@sekisho/contracts'
import type { Access } from './access.js'

/** Why a token was refused: for the log and the audit, never for the caller, who learns no more than the challenge says. */
export type RefusalReason =
  | 'token-missing'
  | 'token-misplaced'
  | 'token-malformed'
  | 'token-not-ours'
  | 'token-expired'
  | 'user-unknown'
  | 'user-suspended'
  | 'user-disabled'
  | 'grant-withdrawn'
  | 'session-ended'

/** What a genuine token said about itself although it was refused. */
export interface RefusedToken {
  readonly userId?: string
  readonly clientId?: string
  readonly grantId?: string
  readonly tokenId?: string
}

/** A refused access token: a problem for the caller, with the true reason for our own records. */
export class RefusedAccess extends Problem {
  constructor(
    readonly reason: RefusalReason,
    code: 'invalid-token' | 'invalid-request',
    detail: string,
    challenge: string,
    readonly token: RefusedToken = {},
  ) {
    super(code, detail, {}, { headers: { 'WWW-Authenticate': challenge } })
    this.name = 'RefusedAccess'
  }
}

/** Where the metadata of the /mcp resource is for clients (RFC 9728, section 3.1): on the origin of the MCP endpoint. */
export function resourceMetadataUrl(mcpUrl: string): string {
  return new URL(RESOURCE_METADATA_PATH, mcpUrl).href
}

export interface ChallengeParts {
  error?: 'invalid_request' | 'invalid_token' | 'insufficient_scope'
  description?: string
  resourceMetadataUrl: string
  scopes: Iterable<string>
}

/** The value of WWW-Authenticate. Without `error` it only says what is needed (RFC 6750, section 3.1). */
export function bearerChallenge({ error, description, resourceMetadataUrl, scopes }: ChallengeParts): string {
  const parts = [
    error && `error="${error}"`,
    description && `error_description="${description}"`,
    `resource_metadata="${resourceMetadataUrl}"`,
    `scope="${[...scopes].join(' ')}"`,
  ]
  return `Bearer ${parts.filter(Boolean).join(', ')}`
}

/**
 * The answer to a token that lacks a scope: 403 naming those held plus those needed, because clients ask anew for
 * exactly what the challenge names.
 */
export function insufficientScope(access: Access, needed: readonly string[]): Problem {
  const scopes = [...new Set([...access.scopes, ...needed])].sort()
  const missing = needed.filter((scope) => !access.scopes.has(scope))
  const challenge = bearerChallenge({
    error: 'insufficient_scope',
    description: 'The access token does not hold every scope this needs',
    resourceMetadataUrl: access.resourceMetadataUrl,
    scopes,
  })
  return new Problem(
    'insufficient-scope',
    `This needs ${missing.map((scope) => `"${scope}"`).join(', ')}, which this program was not given. Ask the person to authorize it again with the scopes named here.`,
    { required_scopes: scopes, missing_scopes: missing },
    { headers: { 'WWW-Authenticate': challenge } },
  )
}
