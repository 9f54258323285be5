// Writes down that an account's access is lost: once, for what was seen, with its audit entry and a word to the person.
import { Inject, Injectable } from '@nestjs/common'
import { AuditLog } from '../audit/audit-log.js'
import { Notifications } from '../notifications/notifications.js'
import { Database, type Sql } from '../platform/database/database.js'
import { notify } from '../platform/database/notices.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { covered } from './access-words.js'
import { type ConnectedProvider, connectUrl, type Loss, wordsOfLoss } from './not-connected.js'
import { renewalEnded } from './renewal-leases.js'
import { t } from './t.js'

/** The account and the token that was refused. */
export interface LostAccount {
  readonly id: string
  readonly userId: string
  readonly label: string
  readonly provider: ConnectedProvider
  readonly credentialId: string
  /**
   * What was seen when it was refused: tokens that came since then are not lost. Whoever was renewing must hold the lease
   * still, because somebody else may have more luck with it.
   */
  readonly seen: { readonly generation: number; readonly leaseId?: string } | { readonly sealedToken: Buffer }
}

@Injectable()
export class Losses {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditLog,
    private readonly notifications: Notifications,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'publicUrl'>,
  ) {}

  /** False when there are other tokens meanwhile, or the account is gone or lost already: then nothing is lost by this. */
  async record(account: LostAccount, loss: Omit<Loss, 'at'>): Promise<boolean> {
    const lost = await this.database.transaction((sql) => this.markLost(sql, account, loss))
    if (!lost) return false
    await this.audit.record({
      kind: 'connection',
      action: 'lose',
      outcome: 'failed',
      reason: loss.reason.split(':')[0],
      actorId: account.userId,
      target: { type: 'connection', id: account.id },
      details: { provider: account.provider.id, account: account.label, ...loss },
    })
    return true
  }

  /** In the order in which reconnecting and a new secret take these rows, so that none of them waits for another. */
  private async markLost(sql: Sql, account: LostAccount, { status, reason }: Omit<Loss, 'at'>): Promise<boolean> {
    const { id, credentialId, seen } = account
    const [credential] = await sql.query<{ secret: Buffer }>('SELECT secret FROM credentials WHERE id = $1 FOR SHARE', [
      credentialId,
    ])
    const [connection] = await sql.query(
      `SELECT id FROM connections WHERE id = $1 AND credential_id = $2 AND status = 'connected' FOR UPDATE`,
      [id, credentialId],
    )
    if (!credential || !connection) return false
    if ('sealedToken' in seen) {
      if (!credential.secret.equals(seen.sealedToken)) return false
    } else {
      // The generation moves on, so that a renewal that comes back late changes nothing.
      const held = await sql.query(
        `UPDATE oauth_tokens
            SET generation = generation + 1, lease_id = NULL, lease_until = NULL, renewal_began_at = NULL, failures = 0,
                failure = NULL, retry_at = NULL
          WHERE connection_id = $1 AND generation = $2 AND ($3::uuid IS NULL OR lease_id = $3) RETURNING 1`,
        [id, seen.generation, seen.leaseId ?? null],
      )
      if (held.length === 0) return false
    }
    const [lost] = await sql.query<{ at: Date; scopes: string[] | null }>(
      `UPDATE connections SET status = $2, status_reason = $3, status_at = now() WHERE id = $1
       RETURNING status_at AS at, scopes`,
      [id, status, reason],
    )
    if (!lost) return false
    await notify(sql, renewalEnded, id)
    await this.tell(sql, account, { status, reason, at: lost.at }, lost.scopes)
    return true
  }

  /**
   * Tells the person, once for each loss, because it stands and falls with it; whoever is called upon later sees it in the
   * answers.
   * @param given the service's scopes that the account had
   */
  async tell(
    sql: Sql,
    account: Pick<LostAccount, 'id' | 'userId' | 'label' | 'provider'>,
    loss: Loss,
    given: string[] | null,
  ): Promise<void> {
    const { id, userId, label, provider } = account
    const { service } = provider.connect
    const { publicUrl } = this.settings
    await this.notifications.tell(sql, {
      userId,
      kind: 'connection.lost',
      subject: () => t('Connect your {service} account {account} again', { service, account: label }),
      words: () =>
        t(
          'Programs can no longer use your {service} account {account}: {why}. Connect it again to let them go on; nothing else changes.',
          { service, account: label, why: wordsOfLoss(service, loss) },
        ),
      link: connectUrl({ publicUrl, provider, scopes: covered(provider, given), account: { id } }),
    })
  }

  /** Tells the person that the operator removed what an account was connected through, and the account with it. */
  async tellRemoved(sql: Sql, account: Pick<LostAccount, 'userId' | 'label' | 'provider'>): Promise<void> {
    const { userId, label, provider } = account
    const { service } = provider.connect
    await this.notifications.tell(sql, {
      userId,
      kind: 'connection.removed',
      subject: () => t('Your {service} account {account} is disconnected', { service, account: label }),
      words: () =>
        t(
          'Programs can no longer use your {service} account {account}: an administrator removed what it was connected through, and its tokens are deleted here. Connections shows whether {service} can be connected again.',
          { service, account: label },
        ),
      link: '/connections',
    })
  }
}
