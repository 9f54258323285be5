// The keys our tokens are signed with: made at the first start, sealed at rest, the same on every replica.
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import { calculateJwkThumbprint, type JWK } from 'jose'
import type { Database, Sql } from '../platform/database/database.js'
import type { SecretBox } from '../platform/secret-box.js'

/** RS256 verifies several times faster than ES256, and every call is a verification. */
export const signingAlgorithm = 'RS256'
const modulusBits = 2048

/** Held while the first key is made, so that several starters make one. */
const firstKeyLock = 7_305_273

export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** With the private members: for the authorization server alone. */
  readonly privateJwk: JWK
}

export class SigningKeys {
  /** What new tokens are signed with. */
  readonly current: SigningKey
  private readonly byKid: ReadonlyMap<string, SigningKey>

  /** @param keys the newest first; older ones still verify. */
  constructor(keys: readonly SigningKey[]) {
    const [current] = keys
    if (!current) throw new Error('there must be a signing key')
    this.current = current
    this.byKid = new Map(keys.map((key) => [key.kid, key]))
  }

  /** Reads the keys, making the first one when there is none yet. Throws SealBroken when SEALING_KEY is not the one they were sealed with. */
  static async load(database: Database, box: SecretBox): Promise<SigningKeys> {
    const stored = await readKeys(database, box)
    if (stored.length > 0) return new SigningKeys(stored)
    return database.transaction(async (sql) => {
      await sql.query('SELECT pg_advisory_xact_lock($1)', [firstKeyLock])
      const meanwhile = await readKeys(sql, box)
      if (meanwhile.length > 0) return new SigningKeys(meanwhile)
      return new SigningKeys([await makeKey(sql, box)])
    })
  }

  find(kid: string): SigningKey | undefined {
    return this.byKid.get(kid)
  }

  all(): readonly SigningKey[] {
    return [...this.byKid.values()]
  }
}

async function readKeys(sql: Sql, box: SecretBox): Promise<SigningKey[]> {
  const rows = await sql.query<{ kid: string; private_jwk: Buffer }>(
    'SELECT kid, private_jwk FROM oauth_signing_keys ORDER BY created_at DESC, kid LIMIT 10',
  )
  return rows.map(({ kid, private_jwk }) => fromJwk(kid, JSON.parse(box.open(private_jwk, placeOf(kid)).toString())))
}

async function makeKey(sql: Sql, box: SecretBox): Promise<SigningKey> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: modulusBits })
  const jwk = privateKey.export({ format: 'jwk' }) as JWK
  const kid = await calculateJwkThumbprint({ kty: 'RSA', n: jwk.n as string, e: jwk.e as string })
  await sql.query('INSERT INTO oauth_signing_keys (kid, private_jwk) VALUES ($1, $2)', [
    kid,
    box.seal(JSON.stringify(jwk), placeOf(kid)),
  ])
  return fromJwk(kid, jwk)
}

function fromJwk(kid: string, jwk: JWK): SigningKey {
  const privateKey = createPrivateKey({ key: jwk as Record<string, string>, format: 'jwk' })
  const privateJwk = { ...jwk, kid, alg: signingAlgorithm, use: 'sig' }
  return { kid, privateKey, publicKey: createPublicKey(privateKey), privateJwk }
}

function placeOf(kid: string): string {
  return `oauth_signing_keys.private_jwk/${kid}`
}
