// Fetches what clients publish about themselves (their metadata document, their keys), within limits and never from inside.
import { Injectable } from '@nestjs/common'
import { Provider } from 'oidc-provider'
import { GuardedFetch, OutboundFailure } from '../platform/guarded-fetch.js'
import { Log } from '../platform/log.js'
import { Allowance } from './allowance.js'
import { Clients } from './clients.js'

const timeoutMs = 5_000
const documentBytes = 64 * 1024

/** Documents that were not fetched lately may be fetched this often within a minute: asked for by one address, and altogether. */
const fetchLimits = { perAddress: 30, total: 300 } as const

/** Where a client comes that somebody has authorized already. */
const knownClientRoutes: ReadonlySet<string> = new Set(['token', 'introspection', 'revocation'])

@Injectable()
export class ClientDocuments {
  private readonly allowance = new Allowance(fetchLimits)

  constructor(
    private readonly guardedFetch: GuardedFetch,
    private readonly clients: Clients,
    private readonly log: Log,
  ) {}

  /** Whether somebody at this address may make us fetch another document now. */
  allowFetch(address: string): boolean {
    return this.allowance.take(address)
  }

  /** Whether people may let the client act for them: administrators have not blocked it. */
  async isWelcome(clientId: string): Promise<boolean> {
    return !(await this.clients.isBlocked(clientId))
  }

  /**
   * Fetches for oidc-provider. Redirects are not followed (draft-ietf-oauth-client-id-metadata-document, section 4).
   * When a document cannot be had at the token endpoint or its like, what it said at the last consent stands in for it: a client's
   * web server that is down for a while must not sign people out.
   */
  async fetch(url: string | URL, headers: Record<string, string>): Promise<Response> {
    const address = String(url)
    try {
      const response = await this.guardedFetch.fetch(address, { headers, timeoutMs, responseBytes: documentBytes })
      if (response.status < 500 && response.status !== 429) return response
      return (await this.findStandIn(address, `status ${response.status}`)) ?? response
    } catch (error) {
      if (!(error instanceof OutboundFailure)) throw error
      const standIn = await this.findStandIn(address, error.message)
      if (standIn) return standIn
      throw error
    }
  }

  private async findStandIn(url: string, why: string): Promise<Response | undefined> {
    const document = knownClientRoutes.has(Provider.ctx?.oidc.route ?? '')
      ? await this.clients.findLastDocument(url)
      : undefined
    this.log.warn(
      { url: url.slice(0, 300), why, standIn: document !== undefined },
      'a client document could not be read',
    )
    return document && Response.json(document)
  }
}
