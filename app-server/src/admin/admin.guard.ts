// Lets administrators through and nobody else; it comes after SessionGuard, which asks anew with every request.
import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Request } from 'express'
import { requireSession } from '../accounts/session.guard.js'
import { t } from './t.js'

@Injectable()
export class AdminGuard implements CanActivate {
  /** Throws Problem forbidden. The role comes from the database with the session, so taking it away counts at once. */
  canActivate(context: ExecutionContext): boolean {
    const { viewer } = requireSession(context.switchToHttp().getRequest<Request>())
    if (viewer.administrator) return true
    throw new Problem(
      'forbidden',
      t('These pages are for administrators, and {email} is none. Ask one of them to make you one.', {
        email: viewer.email,
      }),
    )
  }
}
