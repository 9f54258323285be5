// Short-lived access tokens for our own parts (the chat), which call the router like any other client.
import { randomUUID } from 'node:crypto'
import { Inject, Injectable } from '@nestjs/common'
import { JwtService } from '@nestjs/jwt'
import type { Session } from '../accounts/session.js'
import type { Viewer } from '../platform/html/pages.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { ProviderRegistry } from '../providers/provider-registry.js'
import { SigningKeys, signingAlgorithm } from './signing-keys.js'

/** Longest life of a minted token, in seconds. */
const maxSeconds = 600

export interface MintRequest {
  /** Which part of ours calls, e.g. 'chat'; its client id becomes `urn:sekisho:<part>`. */
  part: string
  /** For whom, and with what the token ends at the latest: a session of theirs, or what they lent the part. */
  holder:
    | { session: Pick<Session, 'id' | 'viewer'> }
    | { grantId: string; person: Pick<Viewer, 'id' | 'name' | 'email'> }
  scopes: readonly string[]
  /** 1 to 600. */
  seconds: number
}

@Injectable()
export class MintedTokens {
  constructor(
    private readonly jwt: JwtService,
    private readonly keys: SigningKeys,
    private readonly registry: ProviderRegistry,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Mints an access token (RFC 9068) for a person. Throws RangeError for what no part of ours should ask. */
  async mint({ part, holder, scopes, seconds }: MintRequest): Promise<string> {
    if (!/^[a-z][a-z-]{0,30}$/.test(part)) throw new RangeError(`"${part}" is no part of ours`)
    if (!(seconds >= 1 && seconds <= maxSeconds)) throw new RangeError(`a token lives 1 to ${maxSeconds} seconds`)
    const unknown = scopes.filter((scope) => !this.registry.scopes.has(scope))
    if (unknown.length > 0) throw new RangeError(`there is no scope ${unknown.join(', ')}`)
    const { id, name, email } = 'session' in holder ? holder.session.viewer : holder.person
    const owner = 'session' in holder ? { session_id: holder.session.id } : { grant_id: holder.grantId }
    const { kid, privateKey } = this.keys.current
    return this.jwt.signAsync(
      { scope: scopes.join(' '), client_id: clientIdOf(part), ...owner, user: { id, email, name } },
      {
        privateKey,
        keyid: kid,
        issuer: this.settings.publicUrl,
        audience: this.settings.mcpUrl,
        subject: id,
        jwtid: randomUUID(),
        expiresIn: Math.floor(seconds),
      },
    )
  }
}

/** The client id of a part of ours. */
export function clientIdOf(part: string): string {
  return `urn:sekisho:${part}`
}

/** Signs as the authorization server does. It has no key of its own: each token is signed with the one of the moment. */
export function jwtService(): JwtService {
  return new JwtService({
    signOptions: { algorithm: signingAlgorithm, header: { alg: signingAlgorithm, typ: 'at+jwt' } },
  })
}
