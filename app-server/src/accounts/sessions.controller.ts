// Where am I signed in, and the ways to end that.
import { Body, Controller, Get, HttpCode, Param, Post, Query, Res, UseGuards } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Response } from 'express'
import { z } from 'zod'
import { AuditLog } from '../audit/audit-log.js'
import { goTo } from '../platform/html/go-to.js'
import { Pages } from '../platform/html/pages.js'
import { CurrentSession, SessionGuard } from './session.guard.js'
import { type Session, Sessions } from './session.js'
import { EndSessionsPage, isSessionsDone, SessionsPage } from './sessions.page.js'
import { t } from './t.js'

const path = '/account/sessions'

@Controller('account/sessions')
@UseGuards(SessionGuard)
export class SessionsController {
  constructor(
    private readonly sessions: Sessions,
    private readonly audit: AuditLog,
    private readonly pages: Pages,
  ) {}

  @Get()
  async list(@CurrentSession() session: Session, @Query('done') done: unknown, @Res() response: Response) {
    const { viewer, csrfToken } = session
    const rows = await this.sessions.list(viewer.id)
    const body = SessionsPage({ session, rows, ...(isSessionsDone(done) ? { done } : {}) })
    this.pages.send(response, { title: t('Sessions'), current: path, viewer, csrfToken }, body)
  }

  @Get('end')
  async ask(@CurrentSession() session: Session, @Query('which') which: unknown, @Res() response: Response) {
    const rows = await this.sessions.list(session.viewer.id)
    const end = requireWhich(which)
    const count = end === 'all' ? rows.length : rows.filter(({ id }) => id !== session.id).length
    const body = EndSessionsPage({ session, which: end, count })
    this.pages.send(response, { title: t('End sessions'), layout: 'card', viewer: session.viewer }, body)
  }

  @Post('end')
  @HttpCode(200)
  async endMany(
    @CurrentSession() session: Session,
    @Body() body: Record<string, unknown> | undefined,
    @Res() response: Response,
  ) {
    if (requireWhich(body?.which) === 'all') {
      const count = await this.sessions.endAll(session.viewer.id)
      await this.record(session, 'end-all', session.id, { count })
      return this.signedOut(response)
    }
    const count = await this.sessions.endAll(session.viewer.id, { except: session.id })
    if (count > 0) await this.record(session, 'end-others', session.id, { count })
    goTo(response, `${path}?done=others`)
  }

  @Post(':id/end')
  @HttpCode(200)
  async end(@CurrentSession() session: Session, @Param('id') id: string, @Res() response: Response) {
    if (!z.uuid().safeParse(id).success) throw new Problem('not-found', t('There is no session of that name.'))
    // Somebody else's session is told apart from none at all to nobody.
    const ended = await this.sessions.end(id, session.viewer.id)
    if (ended) await this.record(session, id === session.id ? 'sign-out' : 'end', id)
    if (id === session.id) return this.signedOut(response)
    goTo(response, `${path}?done=${ended ? 'ended' : 'gone'}`)
  }

  private record(session: Session, action: string, sessionId: string, details?: Record<string, unknown>) {
    const target = { type: 'session', id: sessionId } as const
    return this.audit.record({
      kind: 'session',
      action,
      outcome: 'ok',
      actorId: session.viewer.id,
      target,
      details: { ...details, done_in: session.id },
    })
  }

  private signedOut(response: Response): void {
    this.sessions.forget(response)
    goTo(response, '/auth/login?done=signed-out')
  }
}

function requireWhich(value: unknown): 'others' | 'all' {
  if (value === 'others' || value === 'all') return value
  throw new Problem('invalid-request', t('Say which sessions to end: "others" or "all".'))
}
