// Serves the overview, whole and as the part that is refreshed while one looks.
import { Controller, Get, Query, Res, UseGuards } from '@nestjs/common'
import type { Response } from 'express'
import { z } from 'zod'
import { Directory } from '../accounts/directory.js'
import { CurrentSession, SessionGuard } from '../accounts/session.guard.js'
import type { Session } from '../accounts/session.js'
import { AuditFigures } from '../audit/audit-figures.js'
import { type FigureSpan, figureSpans } from '../audit/call-figures.js'
import { ClientDirectory } from '../oauth/client-directory.js'
import { Vitals } from '../platform/database/vitals.js'
import { Log } from '../platform/log.js'
import { AdminGuard } from './admin.guard.js'
import { AdminPages } from './admin-frame.js'
import { Figures, type Overview, OverviewPage } from './overview.page.js'
import { t } from './t.js'

const spanOf = z.enum(Object.keys(figureSpans) as [FigureSpan, ...FigureSpan[]]).catch('1h')

@Controller('admin')
@UseGuards(SessionGuard, AdminGuard)
export class OverviewController {
  constructor(
    private readonly figures: AuditFigures,
    private readonly directory: Directory,
    private readonly clients: ClientDirectory,
    private readonly vitals: Vitals,
    private readonly pages: AdminPages,
    private readonly log: Log,
  ) {}

  @Get()
  async show(@CurrentSession() session: Session, @Query('span') span: unknown, @Res() response: Response) {
    const overview = await this.look(spanOf.parse(span))
    this.pages.send(response, session, { title: t('Overview'), tab: '/admin' }, OverviewPage(overview))
  }

  /** The changing part of the page alone, for the page that is open. */
  @Get('figures')
  async refresh(@Query('span') span: unknown, @Res() response: Response) {
    const overview = await this.look(spanOf.parse(span))
    response.setHeader('Cache-Control', 'no-store')
    response.type('html').send(String(Figures(overview)))
  }

  /** What cannot be counted now is left out and said, so that the rest is still there. */
  private async look(span: FigureSpan): Promise<Overview> {
    const missing = (what: string) => (error: unknown) => {
      this.log.warn({ error, what, span }, 'a part of the overview could not be counted')
      return undefined
    }
    const [calls, people, clients, database] = await Promise.all([
      this.figures.of(span).catch(missing('calls')),
      this.directory.figures().catch(missing('people')),
      this.clients.figures().catch(missing('clients')),
      this.vitals.look().catch(missing('database')),
    ])
    return { span, calls, people, clients, database, upSeconds: process.uptime() }
  }
}
