// What the authorization server keeps in Postgres, in the form oidc-provider asks for it: one store for each model.
import { createHash } from 'node:crypto'
import { Inject, Injectable } from '@nestjs/common'
import type { Request } from 'express'
import { type Adapter, type AdapterPayload, errors, Provider } from 'oidc-provider'
import { addressOf } from '../accounts/session.js'
import { Database } from '../platform/database/database.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { AuthorizationAudit } from './authorization-audit.js'
import { type ClientMetadata, Clients } from './clients.js'
import { Grants } from './grants.js'
import { TooManyRegistrations } from './oauth-errors.js'
import { resourceNames } from './resource.js'

/** Uses of one refresh token within its grace: a client's parallel requests and retries, but not a flood. */
const maxRefreshUses = 50
/** How long a used refresh token is remembered, in days, so that its theft is noticed when it turns up again. */
const reuseMemoryDays = 7

@Injectable()
export class Artifacts {
  constructor(
    private readonly database: Database,
    private readonly clients: Clients,
    private readonly grants: Grants,
    private readonly audit: AuthorizationAudit,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** The store of one of oidc-provider's models. Throws for models that belong to features we have not switched on. */
  storeOf(model: string): Adapter {
    switch (model) {
      case 'Client':
        return this.clientStore()
      case 'Grant':
        return this.grantStore()
      case 'Session':
      case 'AccessToken':
        // No session: ours, in the accounts room, is the only one, and each authorization looks it up anew.
        // No access token: they are signed, and what may end them early is looked up on every call.
        return { ...unsupported(model), ...nothing }
      case 'AuthorizationCode':
      case 'RefreshToken':
      case 'Interaction':
      case 'ReplayDetection':
        return this.artifactStore(model)
      default:
        throw new Error(`${model} is not kept here`)
    }
  }

  private clientStore(): Adapter {
    return {
      ...unsupported('Client'),
      find: async (id) => (await this.clients.findRegistered(id)) as AdapterPayload | undefined,
      upsert: async (_id, payload) => {
        const request = Provider.ctx?.req as Request | undefined
        const kept = await this.clients.register(payload as ClientMetadata, request ? addressOf(request) : '0.0.0.0')
        if (!kept) throw new TooManyRegistrations()
        await this.audit.registered(payload as ClientMetadata)
      },
    }
  }

  /** Authorizations are made by the consent page alone; here they are read, and ended when a token of theirs was stolen. */
  private grantStore(): Adapter {
    return {
      ...unsupported('Grant'),
      find: async (id) => {
        const grant = await this.grants.find(id)
        if (!grant) return undefined
        const scope = grant.scopes.join(' ')
        return {
          kind: 'Grant',
          jti: id,
          accountId: grant.userId,
          clientId: grant.clientId,
          iat: seconds(grant.createdAt),
          exp: seconds(grant.expiresAt),
          resources: Object.fromEntries(resourceNames(this.settings.mcpUrl).map((name) => [name, scope])),
        }
      },
      destroy: async (id) => {
        const ended = await this.grants.revoke(id)
        if (ended) await this.audit.stolen(ended, Provider.ctx?.oidc.params?.grant_type)
      },
    }
  }

  private artifactStore(model: 'AuthorizationCode' | 'RefreshToken' | 'Interaction' | 'ReplayDetection'): Adapter {
    return {
      ...unsupported(model),
      find: (id) => this.find(model, id),
      upsert: (id, payload, expiresIn) => {
        const { jti: _jti, ...rest } = payload
        const values = [model, digestOf(id), JSON.stringify(rest), expiresIn ?? 0]
        if (model === 'Interaction') return this.put(values)
        if (model === 'ReplayDetection') return this.putOnce(values)
        return this.putUnderGrant(values, payload.grantId, model === 'RefreshToken' ? (expiresIn ?? 0) : 0)
      },
      consume: (id) => (model === 'RefreshToken' ? this.consumeRefreshToken(id) : this.consumeCode(id)),
      destroy: async (id) => {
        await this.database.query('DELETE FROM oauth_artifacts WHERE model = $1 AND digest = $2', [model, digestOf(id)])
      },
      revokeByGrantId: async (grantId) => {
        await this.database.query('DELETE FROM oauth_artifacts WHERE model = $1 AND grant_id = $2', [model, grantId])
      },
    }
  }

  /**
   * A code or refresh token counts as consumed when its grace is over: only then is a repetition theft, which ends the
   * authorization. Until then `consume` decides, which refuses a code and forgives a refresh token.
   */
  private async find(model: string, id: string): Promise<AdapterPayload | undefined> {
    const [row] = await this.database.query<{ payload: AdapterPayload; consumed: number | null }>(
      `SELECT payload,
              CASE WHEN consumed_at <= clock_timestamp() - $3 * interval '1 second'
                   THEN extract(epoch FROM consumed_at)::float8 END AS consumed
         FROM oauth_artifacts WHERE model = $1 AND digest = $2 AND expires_at > now()`,
      [model, digestOf(id), this.settings.refreshReuseSeconds],
    )
    if (!row) return undefined
    return { ...row.payload, jti: id, ...(row.consumed === null ? {} : { consumed: row.consumed }) }
  }

  private async put(values: unknown[]): Promise<void> {
    await this.database.query(
      `INSERT INTO oauth_artifacts (model, digest, payload, expires_at)
       VALUES ($1, $2, $3, now() + $4 * interval '1 second')
       ON CONFLICT (model, digest) DO UPDATE SET payload = excluded.payload, expires_at = excluded.expires_at`,
      values,
    )
  }

  /** Of two requests with the same client assertion one is a replay, also when they come together (RFC 7523, section 3). */
  private async putOnce(values: unknown[]): Promise<void> {
    const first = await this.database.query(
      `INSERT INTO oauth_artifacts (model, digest, payload, expires_at)
       VALUES ($1, $2, $3, now() + $4 * interval '1 second') ON CONFLICT DO NOTHING RETURNING model`,
      values,
    )
    if (first.length === 0) throw new errors.InvalidClientAuth('the client assertion was used before')
  }

  /** Keeps a code or refresh token of an authorization that is alive; the authorization then lives at least `carry` seconds more. */
  private async putUnderGrant(values: unknown[], grantId: string | undefined, carrySeconds: number): Promise<void> {
    const kept = await this.database.query(
      `WITH carried AS (
         UPDATE oauth_grants SET expires_at = greatest(expires_at, now() + $6 * interval '1 second')
          WHERE id = $5 AND expires_at > now() RETURNING id)
       INSERT INTO oauth_artifacts (model, digest, payload, expires_at, grant_id)
       SELECT $1, $2, $3, now() + $4 * interval '1 second', id FROM carried
       RETURNING model`,
      [...values, grantId ?? null, carrySeconds],
    )
    if (kept.length === 0) throw new errors.InvalidGrant('the authorization was withdrawn')
  }

  /** One statement decides: of parallel redemptions exactly one changes the row (RFC 6749, section 4.1.2). */
  private async consumeCode(id: string): Promise<void> {
    const redeemed = await this.database.query(
      `WITH used AS (
         UPDATE oauth_artifacts SET consumed_at = clock_timestamp(), uses = 1
          WHERE model = 'AuthorizationCode' AND digest = $1 AND consumed_at IS NULL AND expires_at > now()
         RETURNING grant_id)
       UPDATE oauth_grants SET expires_at = greatest(expires_at, now() + $2 * interval '1 second')
        WHERE id = (SELECT grant_id FROM used) RETURNING id`,
      [digestOf(id), this.settings.accessTokenSeconds],
    )
    if (redeemed.length === 0) throw new errors.InvalidGrant('the authorization code was already used')
  }

  /** The first use starts the grace; uses within it succeed, up to a number no honest client reaches. */
  private async consumeRefreshToken(id: string): Promise<void> {
    const used = await this.database.query(
      `UPDATE oauth_artifacts
          SET consumed_at = coalesce(consumed_at, clock_timestamp()), uses = uses + 1,
              expires_at = least(expires_at, now() + ${reuseMemoryDays} * interval '1 day')
        WHERE model = 'RefreshToken' AND digest = $1 AND expires_at > now()
          AND (consumed_at IS NULL
               OR (consumed_at > clock_timestamp() - $2 * interval '1 second' AND uses < ${maxRefreshUses}))
       RETURNING model`,
      [digestOf(id), this.settings.refreshReuseSeconds],
    )
    if (used.length === 0) throw new errors.InvalidGrant('the refresh token was already used')
  }
}

/** What codes, refresh tokens and interactions are found by: the database never holds the value itself. */
export function digestOf(id: string): Buffer {
  return createHash('sha256').update(id).digest()
}

function seconds(at: Date): number {
  return Math.floor(at.getTime() / 1000)
}

/** Forgets what it is given. */
const nothing: Pick<Adapter, 'find' | 'upsert' | 'destroy' | 'revokeByGrantId'> = {
  find: async () => undefined,
  upsert: async () => {},
  destroy: async () => {},
  revokeByGrantId: async () => {},
}

function unsupported(model: string): Adapter {
  const refuse = async () => {
    throw new Error(`this is not done with ${model}`)
  }
  return {
    find: refuse,
    findByUid: refuse,
    findByUserCode: refuse,
    upsert: refuse,
    consume: refuse,
    destroy: refuse,
    revokeByGrantId: refuse,
  }
}
