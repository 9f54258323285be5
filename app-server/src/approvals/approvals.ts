// The approvals of people: what waits for their word, what they said, and what became of it.
import { Inject, Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Session } from '../accounts/session.js'
import { setToolPolicy } from '../accounts/tool-policies.js'
import { Database, type Sql } from '../platform/database/database.js'
import { notify } from '../platform/database/notices.js'
import { SecretBox } from '../platform/secret-box.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { type Approval, readApprovals } from './approval.js'
import { ApprovalAudit } from './approval-audit.js'

/** The topic of notices about approvals that were decided; the body is the approval's id. */
export const approvalDecided = 'approval-decided'

/** Approvals that may wait for one person's word at once. */
export const maxPending = 50
/** Days that approvals are shown after they were asked for. */
export const shownDays = 30
const maxShown = 100

export type Decision = 'approved' | 'denied'

@Injectable()
export class Approvals {
  constructor(
    private readonly database: Database,
    private readonly box: SecretBox,
    private readonly audit: ApprovalAudit,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'approvalMinutes'>,
  ) {}

  /** Undefined when there is none of this person by that id. */
  async find(id: string, userId: string): Promise<Approval | undefined> {
    const [approval] = await readApprovals(this.database, this.box, 'WHERE a.id = $1 AND a.user_id = $2', [id, userId])
    return approval
  }

  /** What waits for a person's word, in the order it came. */
  async listPending(userId: string): Promise<Approval[]> {
    return readApprovals(
      this.database,
      this.box,
      `WHERE a.user_id = $1 AND a.open AND a.decision IS NULL AND a.expires_at > now()
        ORDER BY a.requested_at, a.id LIMIT ${maxPending}`,
      [userId],
    )
  }

  /** What a person need not decide any more, of the last 30 days, the newest first. */
  async listPast(userId: string): Promise<Approval[]> {
    return readApprovals(
      this.database,
      this.box,
      `WHERE a.user_id = $1 AND a.requested_at > now() - ${shownDays} * interval '1 day'
         AND NOT (a.open AND a.decision IS NULL AND a.expires_at > now())
        ORDER BY a.requested_at DESC, a.id DESC LIMIT ${maxShown}`,
      [userId],
    )
  }

  /**
   * Takes the word of the person of this session; until the call ran or the time is over, the last word counts. Whoever
   * waits for it hears of it, on every replica.
   * @param remember with 'approved': calls of this tool are not asked about any more, and those that wait now may run
   * Throws Problem not-found, also for an approval of somebody else, and conflict when it is too late.
   */
  async decide(
    id: string,
    session: Pick<Session, 'viewer'>,
    decision: Decision,
    { remember = false }: { remember?: boolean } = {},
  ): Promise<Approval> {
    const userId = session.viewer.id
    const forAll = remember && decision === 'approved'
    const decided = await this.database.transaction(async (sql) => {
      const before = await this.lock(sql, id, userId)
      const meant = [id]
      if (forAll) {
        await setToolPolicy(sql, userId, before.tool, 'allow')
        const waiting = await sql.query<{ id: string }>(
          `SELECT id FROM approvals WHERE user_id = $1 AND tool = $2 AND id <> $3
              AND open AND decision IS NULL AND expires_at > now() ORDER BY id FOR UPDATE`,
          [userId, before.tool, id],
        )
        meant.push(...waiting.map((one) => one.id))
      }
      await sql.query(
        `UPDATE approvals SET decision = $2, decided_at = now(), expires_at = now() + $3 * interval '1 minute'
          WHERE id = ANY ($1::uuid[])`,
        [meant, decision, this.settings.approvalMinutes],
      )
      for (const one of meant) await notify(sql, approvalDecided, one)
      return readApprovals(sql, this.box, 'WHERE a.id = ANY ($1::uuid[])', [meant])
    })
    for (const approval of decided) await this.audit.decided(approval, decision, { remembered: forAll })
    const approval = decided.find((one) => one.id === id)
    if (!approval) throw new Error('an approval that was locked is gone')
    return approval
  }

  /** Holds the row until the end of the transaction, so that the call cannot use it meanwhile. */
  private async lock(sql: Sql, id: string, userId: string): Promise<Approval> {
    const [approval] = await readApprovals(sql, this.box, 'WHERE a.id = $1 AND a.user_id = $2 FOR UPDATE', [id, userId])
    if (!approval)
      throw new Problem(
        'not-found',
        'There is no such approval of yours, or no longer. /approvals has those there are.',
      )
    if (!approval.decidable) throw tooLate(approval)
    return approval
  }
}

function tooLate({ state }: Approval): Problem {
  switch (state) {
    case 'used':
      return new Problem('conflict', 'This was allowed and has been done already. Nothing was changed now.')
    case 'withdrawn':
      return new Problem('conflict', 'The program does not ask for this any more. Nothing was decided.')
    default:
      return new Problem(
        'conflict',
        'The time to decide this is over, so nothing was decided. When the program calls again, you are asked again.',
      )
  }
}
