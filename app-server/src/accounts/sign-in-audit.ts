// Writes down who signed in and out, and who was refused and why.
import { Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import { AuditLog } from '../audit/audit-log.js'
import { AuditedRefusals } from '../audit/refusals.js'
import { currentAddress } from '../platform/request-context.js'
import { type Account, Accounts } from './accounts.js'
import type { Session } from './session.js'

/** A way of signing in, by the name of its identities. */
export type SignInWay = 'google' | 'development'

@Injectable()
export class SignInAudit {
  constructor(
    private readonly audit: AuditLog,
    private readonly refusals: AuditedRefusals,
    private readonly accounts: Accounts,
  ) {}

  /**
   * Writes down how signing in ended. Throws what `signIn` throws.
   * @param email what the person gave, or Google vouches for: tells whose sign-in was refused
   */
  async watch(way: SignInWay, email: string, signIn: () => Promise<Account>): Promise<void> {
    try {
      const { id, role } = await signIn()
      await this.audit.record({
        kind: 'sign-in',
        action: 'sign-in',
        outcome: 'ok',
        actorId: id,
        details: { way, role },
      })
    } catch (error) {
      if (error instanceof Problem) await this.refused(way, error.code, email)
      throw error
    }
  }

  /** Bounded, because anybody can be refused as often as they like. */
  async refused(way: SignInWay, reason: string, email?: string): Promise<void> {
    // Whose sign-in it was is worth a look-up, but none that fails may hide why it was refused.
    const person = email === undefined ? undefined : await this.accounts.findByEmail(email).catch(() => undefined)
    const failed = reason === 'unreachable' || reason === 'misconfigured'
    await this.refusals.record(`sign-in ${way} ${currentAddress()}`, {
      kind: 'sign-in',
      action: 'sign-in',
      outcome: failed ? 'failed' : 'refused',
      reason,
      // Refused before it was known to be them: the person is whom it was about, not who did it.
      target: person && { type: 'user', id: person.id },
      details: { way, ...(person ? { status: person.status } : {}) },
    })
  }

  async signedOut({ id, viewer }: Session): Promise<void> {
    await this.audit.record({
      kind: 'session',
      action: 'sign-out',
      outcome: 'ok',
      actorId: viewer.id,
      target: { type: 'session', id },
    })
  }
}
