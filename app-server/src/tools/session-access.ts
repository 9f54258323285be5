// A signed-in person as a caller of tools: their session takes the place of a token, and they may do whatever they could allow.
import type { Session } from '../accounts/session.js'
import type { Access } from '../oauth/access.js'
import { resourceMetadataUrl } from '../oauth/challenge.js'
import type { Settings } from '../platform/settings.js'
import type { ProviderRegistry } from '../providers/provider-registry.js'

/** What the audit log names as the program when a person calls for themselves. */
export const sessionClientId = 'urn:sekisho:api'

/** The access of a session that was just found alive (Sessions.find): every scope there is, as long as it lasts. */
export function accessOfSession(
  { id, viewer, createdAt }: Session,
  registry: ProviderRegistry,
  settings: Pick<Settings, 'mcpUrl' | 'sessionMaxMs'>,
): Access {
  return {
    userId: viewer.id,
    email: viewer.email,
    name: viewer.name,
    administrator: viewer.administrator,
    clientId: sessionClientId,
    clientName: undefined,
    scopes: new Set(registry.scopes.keys()),
    // Nobody is asked about what they do with their own hands.
    toolPolicies: new Map(),
    grantId: undefined,
    sessionId: id,
    ownerId: id,
    tokenId: id,
    expiresAt: new Date(createdAt.getTime() + settings.sessionMaxMs),
    resourceMetadataUrl: resourceMetadataUrl(settings.mcpUrl),
  }
}
