// Short-lived access tokens for our own parts (the chat), which call the router like any other client.
import { randomUUID } from 'node:crypto'
import { Inject, Injectable } from '@nestjs/common'
import { JwtService } from '@nestjs/jwt'
import type { Session } from '../accounts/session.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { ProviderRegistry } from '../providers/provider-registry.js'
import { SigningKeys, signingAlgorithm } from './signing-keys.js'

/** Longest life of a minted token, in seconds. */
const maxSeconds = 600

export interface MintRequest {
  /** Which part of ours calls, e.g. 'chat'; its client id becomes `urn:sekisho:<part>`. */
  part: string
  /** For whom: the token ends with this session at the latest. */
  session: Session
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

  /** Mints an access token (RFC 9068) for the signed-in person. Throws RangeError for what no part of ours should ask. */
  async mint({ part, session, scopes, seconds }: MintRequest): Promise<string> {
    if (!/^[a-z][a-z-]{0,30}$/.test(part)) throw new RangeError(`"${part}" is no part of ours`)
    if (!(seconds >= 1 && seconds <= maxSeconds)) throw new RangeError(`a token lives 1 to ${maxSeconds} seconds`)
    const unknown = scopes.filter((scope) => !this.registry.scopes.has(scope))
    if (unknown.length > 0) throw new RangeError(`there is no scope ${unknown.join(', ')}`)
    const { id, name, email } = session.viewer
    const { kid, privateKey } = this.keys.current
    return this.jwt.signAsync(
      { scope: scopes.join(' '), client_id: `urn:sekisho:${part}`, session_id: session.id, user: { id, email, name } },
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

/** Signs as the authorization server does. It has no key of its own: each token is signed with the one of the moment. */
export function jwtService(): JwtService {
  return new JwtService({
    signOptions: { algorithm: signingAlgorithm, header: { alg: signingAlgorithm, typ: 'at+jwt' } },
  })
}
