// Whether a bearer is one of our access tokens: signature, issuer, audience and times; the database is asked elsewhere.
import { hash } from 'node:crypto'
import { Inject, Injectable } from '@nestjs/common'
import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose'
import { SETTINGS, type Settings } from '../platform/settings.js'
import type { RefusalReason, RefusedToken } from './challenge.js'
import { SigningKeys, signingAlgorithm } from './signing-keys.js'

/** Longest token that is looked at, in characters; ours have about 1200. */
const maxTokenLength = 8192
/** Verified tokens that are remembered; each takes about 1 kB. */
const maxRemembered = 10_000
/** Ours are thumbprints (RFC 7638) of 43 characters. */
const maxKidLength = 64
/** A replica's clock may run ahead of ours by this many seconds. */
const clockSkewSeconds = 30

const wellFormed = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/

/** What a genuine, unexpired token of ours says. Exactly one of `grantId` and `sessionId` is there. */
export interface VerifiedToken {
  readonly tokenId: string
  readonly userId: string
  readonly clientId: string
  readonly grantId: string | undefined
  readonly sessionId: string | undefined
  readonly scopes: readonly string[]
  readonly expiresAt: Date
}

/** A bearer that is no access token of ours, or no longer. */
export class TokenFault extends Error {
  constructor(
    readonly reason: RefusalReason,
    readonly token: RefusedToken = {},
    options?: ErrorOptions,
  ) {
    super(reason, options)
    this.name = 'TokenFault'
  }
}

@Injectable()
export class TokenVerifier {
  /** By SHA-256 of the token, so that memory holds no token; in the order of their first use. */
  private readonly remembered = new Map<string, VerifiedToken>()

  private keysRead = 0

  constructor(
    private readonly keys: SigningKeys,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'publicUrl' | 'mcpUrl'>,
  ) {
    // A token is as good as its key: when one is taken away, what it has verified is verified anew.
    keys.onChange(() => {
      this.keysRead++
      this.remembered.clear()
    })
  }

  /**
   * Verifies an access token (RFC 9068, section 4). A repeated token costs one hash until it expires.
   * Throws TokenFault token-malformed, token-not-ours, token-expired.
   */
  async verify(token: string): Promise<VerifiedToken> {
    if (token.length > maxTokenLength || !wellFormed.test(token)) throw new TokenFault('token-malformed')
    const digest = hash('sha256', token, 'base64')
    const known = this.remembered.get(digest)
    if (known) {
      if (known.expiresAt.getTime() > Date.now()) return known
      this.remembered.delete(digest)
      throw new TokenFault('token-expired', known)
    }
    const { keysRead } = this
    const verified = await this.verifyNew(token)
    if (keysRead !== this.keysRead) return verified
    if (this.remembered.size >= maxRemembered) this.forgetOldest()
    this.remembered.set(digest, verified)
    return verified
  }

  private async verifyNew(token: string): Promise<VerifiedToken> {
    const key = await this.requireKey(token)
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: [signingAlgorithm],
        typ: 'at+jwt',
        issuer: this.settings.publicUrl,
        requiredClaims: ['iss', 'sub', 'aud', 'exp', 'iat', 'jti', 'client_id', 'scope'],
      })
      return this.requireClaims(payload)
    } catch (error) {
      if (error instanceof TokenFault) throw error
      if (error instanceof errors.JWTExpired) throw new TokenFault('token-expired', aboutToken(error.payload))
      throw new TokenFault('token-not-ours', {}, { cause: error })
    }
  }

  private async requireKey(token: string) {
    const kid = kidOf(token)
    const key = kid === undefined ? undefined : await this.keys.search(kid)
    if (!key) throw new TokenFault('token-not-ours')
    return key.publicKey
  }

  private requireClaims(claims: JWTPayload): VerifiedToken {
    const { sub, aud, exp, iat, jti } = claims
    const { clientId, grantId, sessionId } = { ...aboutToken(claims), sessionId: text(claims.session_id) }
    // One audience, exactly ours: a token for several could be replayed by any of them.
    const ours =
      aud === this.settings.mcpUrl && (iat ?? Number.POSITIVE_INFINITY) <= Date.now() / 1000 + clockSkewSeconds
    const oneOwner = (grantId === undefined) !== (sessionId === undefined)
    if (!ours || !oneOwner || !sub || !jti || !exp || clientId === undefined || typeof claims.scope !== 'string') {
      throw new TokenFault('token-not-ours')
    }
    const scopes = claims.scope.split(' ').filter(Boolean)
    return { tokenId: jti, userId: sub, clientId, grantId, sessionId, scopes, expiresAt: new Date(exp * 1000) }
  }

  private forgetOldest(): void {
    const oldest = this.remembered.keys().next()
    if (!oldest.done) this.remembered.delete(oldest.value)
  }
}

/** The key a token says it was signed with, in the form of ours. */
function kidOf(token: string): string | undefined {
  try {
    const { kid } = decodeProtectedHeader(token)
    return kid !== undefined && kid.length <= maxKidLength ? kid : undefined
  } catch {
    return undefined
  }
}

function aboutToken(claims: JWTPayload): RefusedToken {
  const about = {
    userId: text(claims.sub),
    clientId: text(claims.client_id),
    grantId: text(claims.grant_id),
    tokenId: text(claims.jti),
  }
  return Object.fromEntries(Object.entries(about).filter(([, value]) => value !== undefined))
}

function text(claim: unknown): string | undefined {
  return typeof claim === 'string' && claim !== '' ? claim : undefined
}
