// The gate in a call's way: lets it through, or says that it waits for its person's word, which is good for that call once.
import { createHash, randomUUID } from 'node:crypto'
import { Inject, Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import { redactArguments } from '../audit/redact.js'
import type { Access } from '../oauth/access.js'
import { Database, type Sql } from '../platform/database/database.js'
import { canonicalJson, idempotencyKeyHours } from '../platform/database/once.js'
import { SecretBox } from '../platform/secret-box.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import type { Tool } from '../providers/provider.js'
import { type Approval, ownerOf, readApprovals, sealArguments } from './approval.js'
import { ApprovalAudit } from './approval-audit.js'
import { approvalDenied, approvalNeeded, tooManyPending } from './approval-problems.js'
import { maxPending } from './approvals.js'
import { isAsked } from './when-to-ask.js'

/** A call that is about to run. */
export interface GatedCall {
  readonly access: Access
  readonly tool: Tool
  /** As the tool will get them. */
  readonly input: Readonly<Record<string, unknown>>
  /** The account it acts with, if the tool needs one. */
  readonly connection?: { readonly id: string; readonly label: string } | undefined
}

/**
 * How long after its use a repetition of a call passes, in hours: for less than its key is known, so that the repetition
 * gets the first result and nothing is done twice.
 */
const repeatHours = idempotencyKeyHours - 1

/** Every further round means that a call like this one was quicker just now. */
const maxRounds = 20

@Injectable()
export class ApprovalGate {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
    private readonly audit: ApprovalAudit,
    @Inject(SETTINGS)
    private readonly settings: Pick<Settings, 'approveCalls' | 'approvalMinutes' | 'publicUrl'>,
  ) {}

  /**
   * Lets a call through that needs nobody's word, without a look at the database, or that has it, which is then used up.
   * Gives the id of the approval the call rests on. Throws Problem approval-needed, having asked, approval-denied, and
   * rate-limited when too much waits for the person already.
   */
  async require(call: GatedCall): Promise<string | undefined> {
    if (!isAsked(call.access, call.tool, this.settings.approveCalls)) return undefined
    const act = actOf(call)
    let late: Approval | undefined
    for (let round = 0; round < maxRounds; round++) {
      const found = await this.find(act)
      switch (found?.state) {
        case 'used':
          return found.id
        case 'approved':
          if (await this.use(found.id, act)) return found.id
          break
        case 'denied':
          throw approvalDenied(found, this.settings.publicUrl)
        case 'pending':
          throw approvalNeeded(found, this.settings.publicUrl, late)
        default:
          late = await this.ask(call, act)
      }
    }
    throw new Problem('conflict', `Too many calls of ${call.tool.name} like this one came at once. Call again.`)
  }

  /** Takes back what waits for the person's word on such a call, or has it, whichever account it was to act with. */
  async withdraw(call: GatedCall): Promise<void> {
    const { access, tool, digest } = actOf(call)
    const gone = await this.database.query<{ id: string }>(
      `UPDATE approvals SET decision = 'withdrawn', decided_at = now(), open = false, arguments = NULL
        WHERE user_id = $1 AND owner = $2 AND tool = $3 AND arguments_digest = $4
          AND open AND decision IS DISTINCT FROM 'denied' RETURNING id`,
      [access.userId, ownerOf(access), tool, digest],
    )
    const ids = gone.map(({ id }) => id)
    const withdrawn = await readApprovals(this.database, this.box, 'WHERE a.id = ANY ($1::uuid[])', [ids])
    for (const approval of withdrawn) await this.audit.withdrawn(approval)
  }

  /** The approval that decides about a call: the one this very call has used before, or else the open one. */
  private async find({ access, tool, digest, connectionId, key }: Act): Promise<Approval | undefined> {
    const [found] = await readApprovals(
      this.database,
      this.box,
      `WHERE ${equalCall} AND (a.open AND a.expires_at > now()
             OR a.idempotency_key = $6 AND a.used_at > now() - ${repeatHours} * interval '1 hour')
        ORDER BY a.used_at NULLS LAST LIMIT 1`,
      [access.userId, ownerOf(access), tool, digest, connectionId, key ?? null],
    )
    return found
  }

  /** Uses an approval up: of all calls on all replicas that try, one gets it. */
  private async use(id: string, { key }: Act): Promise<boolean> {
    const used = await this.database.query(
      `UPDATE approvals SET used_at = now(), open = false, arguments = NULL, idempotency_key = $2
        WHERE id = $1 AND open AND decision = 'approved' AND expires_at > now() RETURNING id`,
      [id, key ?? null],
    )
    return used.length > 0
  }

  /**
   * Asks the person; does nothing when an equal call was quicker to. Gives the approval that such a call had before, when it
   * was over before it was used. Throws Problem rate-limited.
   */
  private async ask(call: GatedCall, act: Act): Promise<Approval | undefined> {
    const { access, tool, digest, connectionId } = act
    const id = randomUUID()
    const asked = await this.database.transaction(async (sql) => {
      await sql.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`approvals of ${access.userId}`])
      const [before] = await readApprovals(
        sql,
        this.box,
        `WHERE ${equalCall} ORDER BY a.requested_at DESC, a.id DESC LIMIT 1`,
        [access.userId, ownerOf(access), tool, digest, connectionId],
      )
      if (before?.decidable) return undefined
      await this.endExpired(sql, access.userId)
      const [row] = await sql.query<{ pending: number }>(
        'SELECT count(*)::int AS pending FROM approvals WHERE user_id = $1 AND open AND decision IS NULL',
        [access.userId],
      )
      if (!row || row.pending >= maxPending) throw tooManyPending(tool, this.settings.publicUrl)
      await sql.query(
        `INSERT INTO approvals (id, user_id, client_id, owner, tool, arguments_digest, connection_id, account, arguments,
                                redacted, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now() + $11 * interval '1 minute')`,
        [
          id,
          access.userId,
          access.clientId,
          ownerOf(access),
          tool,
          digest,
          connectionId,
          call.connection?.label ?? null,
          sealArguments(this.box, id, act.arguments),
          JSON.stringify(redactArguments(act.arguments, call.tool.redact)),
          this.settings.approvalMinutes,
        ],
      )
      const [fresh] = await readApprovals(sql, this.box, 'WHERE a.id = $1', [id])
      return { fresh, before }
    })
    if (!asked?.fresh) return undefined
    const late = asked.before?.state === 'expired' && asked.before.decidedAt ? asked.before : undefined
    if (late) await this.audit.cameTooLate(late, access.grantId)
    await this.audit.requested(asked.fresh, access.grantId)
    return late
  }

  /** What is over makes room: for an equal call, and among those that wait. */
  private async endExpired(sql: Sql, userId: string): Promise<void> {
    await sql.query(
      'UPDATE approvals SET open = false, arguments = NULL WHERE user_id = $1 AND open AND expires_at <= now()',
      [userId],
    )
  }
}

/** What an approval is good for: a call of this person, this authorization, this tool, these arguments and this account. */
interface Act {
  readonly access: Access
  readonly tool: string
  readonly arguments: Record<string, unknown>
  readonly digest: Buffer
  readonly connectionId: string | null
  /** Tells a repetition from another call that is to do the same again. */
  readonly key: string | undefined
}

const equalCall = `a.user_id = $1 AND a.owner = $2 AND a.tool = $3 AND a.arguments_digest = $4
  AND a.connection_id IS NOT DISTINCT FROM $5`

function actOf({ access, tool, input, connection }: GatedCall): Act {
  const { idempotency_key: key, ...given } = input
  return {
    access,
    tool: tool.name,
    arguments: given,
    digest: createHash('sha256').update(canonicalJson(given)).digest(),
    connectionId: connection?.id ?? null,
    key: typeof key === 'string' ? key : undefined,
  }
}
