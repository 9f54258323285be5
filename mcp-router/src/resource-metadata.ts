// The RFC 9728 document of this resource, as the app server publishes it, and the challenge that points to it.
import { Problem, RESOURCE_METADATA_PATH } from '@sekisho/contracts'
import { z } from 'zod'
import type { DoorClient } from './door-client.js'
import { remember } from './remember.js'

const freshMs = 30_000
/** How long a failure counts, so that a crowd of unauthenticated requests does not become a crowd at the app server. */
const failureMs = 1_000
const timeoutMs = 3_000

const documentForm = z.looseObject({
  resource: z.string(),
  scopes_supported: z.array(z.string()).optional(),
})
type Metadata = z.output<typeof documentForm>

/** RFC 6749 section 3.3; anything else would break out of the quoted string of a challenge. */
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/

export class ResourceMetadata {
  private readonly current: () => Promise<Metadata>

  /** @param onMismatch told when the app server speaks for another resource, which no client will accept. */
  constructor(
    door: DoorClient,
    private readonly mcpUrl: string,
    onMismatch: (resource: string) => void,
  ) {
    this.current = remember(
      async () => {
        const { status, text } = await door.getDocument(RESOURCE_METADATA_PATH, timeoutMs)
        if (status !== 200) throw new Error(`the resource metadata was answered with ${status}`)
        const metadata = documentForm.parse(JSON.parse(text))
        if (metadata.resource !== mcpUrl) onMismatch(metadata.resource)
        return metadata
      },
      { freshMs, failureMs },
    )
  }

  /** The document. Throws Problem unavailable when the app server does not give it. */
  async requireDocument(): Promise<Metadata> {
    try {
      return await this.current()
    } catch (cause) {
      throw new Problem(
        'unavailable',
        'The description of this resource cannot be had right now. Try again in a few seconds.',
        {},
        { cause, headers: { 'Retry-After': '2' } },
      )
    }
  }

  /**
   * The WWW-Authenticate value for a request without a bearer (RFC 6750 section 3, RFC 9728 section 5.1).
   * It names the scopes when they are known, and works without them.
   */
  async challenge(): Promise<string> {
    const { origin, pathname } = new URL(this.mcpUrl)
    const parts = [`resource_metadata="${origin}/.well-known/oauth-protected-resource${pathname}"`]
    const scopes = await this.current().then(
      (document) => (document.scopes_supported ?? []).filter((scope) => scopeToken.test(scope)),
      () => [],
    )
    if (scopes.length > 0) parts.push(`scope="${scopes.join(' ')}"`)
    return `Bearer ${parts.join(', ')}`
  }
}
