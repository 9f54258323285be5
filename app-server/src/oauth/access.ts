// Who is calling, as the bearer guard found out: from the verified token and the present state of the database.
import type { ToolPolicies } from '../accounts/tool-policies.js'

/** One verified access token, of a person who is active, under an authorization or session that is alive. */
export interface Access {
  readonly userId: string
  readonly email: string
  readonly name: string
  readonly administrator: boolean
  readonly clientId: string
  /** The client's name for itself; undefined for our own parts and for clients that gave none. */
  readonly clientName: string | undefined
  /** What the token holds and the authorization still allows. */
  readonly scopes: ReadonlySet<string>
  /** What the person wants to be asked about. */
  readonly toolPolicies: ToolPolicies
  /** The authorization of a client's token. */
  readonly grantId: string | undefined
  /** The session of a token minted for one of our own parts. */
  readonly sessionId: string | undefined
  /** The authorization or the session, whichever it is: two tokens with one owner belong together. */
  readonly ownerId: string
  readonly tokenId: string
  readonly expiresAt: Date
  /** Where the resource's metadata is (RFC 9728): challenges name it. */
  readonly resourceMetadataUrl: string
}
