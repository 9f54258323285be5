// The keys our tokens are signed with: sealed at rest, the same on every replica, and replaced while everything runs.
import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { calculateJwkThumbprint, type JWK } from 'jose'
import type { Database, Sql } from '../platform/database/database.js'
import { notify } from '../platform/database/notices.js'
import { placeIn } from '../platform/sealed-values.js'
import type { SecretBox } from '../platform/secret-box.js'
import { sealedSigningKeys } from './sealed-columns.js'

/** RS256 verifies several times faster than ES256, and every call is a verification. */
export const signingAlgorithm = 'RS256'
const modulusBits = 2048

/** Keys at most, the current one included; whoever rotates this often within an hour waits for the oldest to go. */
export const maxKeys = 10
/** The notice that the keys have changed. */
export const signingKeysTopic = 'signing-keys'

/** Held while keys are made, so that several starters make one, and one rotation follows the other. */
const makingLock = 7_305_273
/** Tokens of unknown keys make us look for new keys this often at most, in milliseconds. */
const searchEveryMs = 1_000

export interface SigningKey {
  readonly kid: string
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
  /** With the private members: for the authorization server alone. */
  readonly privateJwk: JWK
}

export class SigningKeys {
  private newest: SigningKey
  private byKid: ReadonlyMap<string, SigningKey>
  private readonly listeners: (() => void)[] = []
  private reading: Promise<void> | undefined
  private searching: Promise<void> | undefined
  private searchedAt = Number.NEGATIVE_INFINITY

  /**
   * @param keys the one to sign with first; the others still verify.
   * @param read gives them anew; without it they never change.
   */
  constructor(
    keys: readonly SigningKey[],
    private readonly read?: () => Promise<readonly SigningKey[]>,
  ) {
    const [newest] = keys
    if (!newest) throw new Error('there must be a signing key')
    this.newest = newest
    this.byKid = new Map(keys.map((key) => [key.kid, key]))
  }

  /** Reads the keys, making the first one when there is none yet. Throws SealBroken for a key that was sealed by an unknown one. */
  static async load(database: Database, box: SecretBox): Promise<SigningKeys> {
    const read = () => readKeys(database, box)
    const stored = await read()
    if (stored.length > 0) return new SigningKeys(stored, read)
    return database.transaction(async (sql) => {
      await sql.query('SELECT pg_advisory_xact_lock($1)', [makingLock])
      const meanwhile = await readKeys(sql, box)
      return new SigningKeys(meanwhile.length > 0 ? meanwhile : [await makeKey(sql, box)], read)
    })
  }

  /** What new tokens are signed with. */
  get current(): SigningKey {
    return this.newest
  }

  find(kid: string): SigningKey | undefined {
    return this.byKid.get(kid)
  }

  all(): readonly SigningKey[] {
    return [this.newest, ...[...this.byKid.values()].filter((key) => key !== this.newest)]
  }

  /**
   * Finds a key, if need be in the database: another replica may have signed with one that we have not heard of. However
   * many tokens name unknown keys, that happens once a second, and all of them wait for the same look.
   */
  async search(kid: string): Promise<SigningKey | undefined> {
    const known = this.find(kid)
    if (known || !this.read) return known
    this.searching ??= this.searchSoon().finally(() => {
      this.searching = undefined
    })
    await this.searching
    return this.find(kid)
  }

  /** Hears of every change of the keys. */
  onChange(listener: () => void): void {
    this.listeners.push(listener)
  }

  /** Reads the keys anew. A key that is gone no longer verifies anything. */
  async reload(): Promise<void> {
    // Whoever asks while a read is under way may have heard of something newer than it sees.
    await this.reading?.catch(() => undefined)
    this.reading ??= this.readAnew().finally(() => {
      this.reading = undefined
    })
    await this.reading
  }

  private async searchSoon(): Promise<void> {
    const restMs = this.searchedAt + searchEveryMs - performance.now()
    if (restMs > 0) await wait(restMs, undefined, { ref: false })
    this.searchedAt = performance.now()
    await this.reload()
  }

  private async readAnew(): Promise<void> {
    const keys = (await this.read?.()) ?? []
    const [newest] = keys
    const same = keys.length === this.byKid.size && keys.every(({ kid }) => this.byKid.has(kid))
    // No key at all is not what anybody asked for: someone is in the middle of something, or broke something.
    if (!newest || (same && newest.kid === this.newest.kid)) return
    this.newest = newest
    this.byKid = new Map(keys.map((key) => [key.kid, key]))
    for (const listener of this.listeners) listener()
  }
}

/** What a rotation did. */
export interface Rotation {
  readonly kid: string
  /** The keys it replaces: they verify until `removeRetired` takes them, or are gone already. */
  readonly retired: readonly string[]
}

/**
 * Makes a new key, which every replica signs with from now on; earlier keys go on verifying.
 * @param options `atOnce`: earlier keys are removed, and every access token with them. For a key that has leaked.
 * Throws TooManyKeys.
 */
export async function rotateSigningKey(database: Database, box: SecretBox, { atOnce = false } = {}): Promise<Rotation> {
  return database.transaction(async (sql) => {
    await sql.query('SELECT pg_advisory_xact_lock($1)', [makingLock])
    const before = await sql.query<{ kid: string; retired: boolean }>(
      'SELECT kid, retired_at IS NOT NULL AS retired FROM oauth_signing_keys',
    )
    if (atOnce) await sql.query('DELETE FROM oauth_signing_keys')
    else if (before.length >= maxKeys) throw new TooManyKeys()
    else await sql.query('UPDATE oauth_signing_keys SET retired_at = now() WHERE retired_at IS NULL')
    const { kid } = await makeKey(sql, box)
    await notify(sql, signingKeysTopic, '')
    return { kid, retired: before.filter(({ retired }) => atOnce || !retired).map((key) => key.kid) }
  })
}

export class TooManyKeys extends Error {
  constructor() {
    super(
      `There are ${maxKeys} signing keys whose tokens may still be alive. Wait until the oldest has gone, an hour at most, and try again; or end every access token now with --at-once.`,
    )
    this.name = 'TooManyKeys'
  }
}

/** Removes keys whose last token is gone: retired for longer than a token lives. Says which. */
export async function removeRetired(sql: Sql, longestTokenSeconds: number): Promise<string[]> {
  const removed = await sql.query<{ kid: string }>(
    `DELETE FROM oauth_signing_keys WHERE retired_at < now() - $1 * interval '1 second' RETURNING kid`,
    [longestTokenSeconds],
  )
  if (removed.length > 0) await notify(sql, signingKeysTopic, '')
  return removed.map(({ kid }) => kid)
}

async function readKeys(sql: Sql, box: SecretBox): Promise<SigningKey[]> {
  const rows = await sql.query<{ kid: string; private_jwk: Buffer }>(
    `SELECT kid, private_jwk FROM oauth_signing_keys ORDER BY retired_at DESC NULLS FIRST, created_at DESC, kid LIMIT ${maxKeys}`,
  )
  return rows.map(({ kid, private_jwk }) =>
    fromJwk(kid, JSON.parse(box.open(private_jwk, placeIn(sealedSigningKeys, kid)).toString())),
  )
}

async function makeKey(sql: Sql, box: SecretBox): Promise<SigningKey> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: modulusBits })
  const jwk = privateKey.export({ format: 'jwk' }) as JWK
  const kid = await calculateJwkThumbprint({ kty: 'RSA', n: jwk.n as string, e: jwk.e as string })
  await sql.query('INSERT INTO oauth_signing_keys (kid, private_jwk) VALUES ($1, $2)', [
    kid,
    box.seal(JSON.stringify(jwk), placeIn(sealedSigningKeys, kid)),
  ])
  return fromJwk(kid, jwk)
}

function fromJwk(kid: string, jwk: JWK): SigningKey {
  const privateKey = createPrivateKey({ key: jwk as Record<string, string>, format: 'jwk' })
  const privateJwk = { ...jwk, kid, alg: signingAlgorithm, use: 'sig' }
  return { kid, privateKey, publicKey: createPublicKey(privateKey), privateJwk }
}
