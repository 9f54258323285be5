// The pages where people decide about single calls: the inbox, one approval, and the word on it.
import { Body, Controller, Get, HttpCode, Param, Post, Query, Res, UseGuards } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Response } from 'express'
import { z } from 'zod'
import { CurrentSession, SessionGuard } from '../accounts/session.guard.js'
import type { Session } from '../accounts/session.js'
import { goTo } from '../platform/html/go-to.js'
import { Pages } from '../platform/html/pages.js'
import type { Approval } from './approval.js'
import { ApprovalPage } from './approval.page.js'
import { approvalPath } from './approval-parts.js'
import { Approvals } from './approvals.js'
import { InboxPage, Waiting } from './inbox.page.js'
import { ShownApprovals } from './shown-approvals.js'
import { t } from './t.js'

export const inboxPath = '/approvals'

const forms = z.object({ decision: z.enum(['approve', 'deny', 'always']), from: z.literal('inbox').optional() })

@Controller('approvals')
@UseGuards(SessionGuard)
export class ApprovalsController {
  constructor(
    private readonly approvals: Approvals,
    private readonly shown: ShownApprovals,
    private readonly pages: Pages,
  ) {}

  @Get()
  async inbox(@CurrentSession() session: Session, @Query('done') id: unknown, @Res() response: Response) {
    const { viewer, csrfToken } = session
    const [pending, past, decided] = await Promise.all([
      this.approvals.listPending(viewer.id),
      this.approvals.listPast(viewer.id),
      this.find(id, session),
    ])
    const shown = await this.shown.of([...pending, ...past, ...(decided ? [decided] : [])])
    const body = InboxPage({
      csrfToken,
      pending: shown.slice(0, pending.length),
      past: shown.slice(pending.length, pending.length + past.length),
      done: decided && shown.at(-1),
    })
    this.pages.send(response, { title: t('Approvals'), viewer, csrfToken, current: inboxPath }, body)
  }

  /** The part of the inbox that is renewed while it is open. */
  @Get('waiting')
  async waiting(@CurrentSession() session: Session, @Res() response: Response) {
    const pending = await this.shown.of(await this.approvals.listPending(session.viewer.id))
    response.setHeader('Cache-Control', 'no-store')
    response.type('html').send(String(Waiting({ csrfToken: session.csrfToken, pending })))
  }

  @Get(':id')
  async one(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Query('done') done: unknown,
    @Res() response: Response,
  ) {
    const approval = await this.find(id, session)
    if (!approval) throw notFound()
    await this.send(response, session, approval, { done: done === '1' })
  }

  @Post(':id/decide')
  @HttpCode(200)
  async decide(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body() body: Record<string, unknown> | undefined,
    @Res() response: Response,
  ) {
    const approval = await this.find(id, session)
    if (!approval) throw notFound()
    const form = forms.safeParse(body ?? {})
    if (!form.success) {
      throw new Problem('invalid-request', 'Say what to do with the call: allow it or deny it. Start at /approvals.')
    }
    const { decision, from } = form.data
    try {
      await this.approvals.decide(approval.id, session, decision === 'deny' ? 'denied' : 'approved', {
        remember: decision === 'always',
      })
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'conflict') throw error
      const now = await this.find(id, session)
      if (!now) throw notFound()
      await this.send(response, session, now, { refusal: refusalOf(now), status: error.status })
      return
    }
    goTo(response, from === 'inbox' ? `${inboxPath}?done=${approval.id}` : `${approvalPath(approval.id)}?done=1`)
  }

  private async find(id: unknown, { viewer }: Session): Promise<Approval | undefined> {
    const { data } = z.uuid().safeParse(id)
    return data === undefined ? undefined : this.approvals.find(data, viewer.id)
  }

  private async send(
    response: Response,
    { viewer, csrfToken }: Session,
    approval: Approval,
    { done = false, refusal, status = 200 }: { done?: boolean; refusal?: string; status?: number },
  ) {
    const [shown] = await this.shown.of([approval])
    if (!shown) throw new Error('an approval was not put into words')
    const options = { title: shown.title, viewer, csrfToken, current: inboxPath, status }
    this.pages.send(response, options, ApprovalPage({ csrfToken, shown, done, refusal }))
  }
}

function notFound(): Problem {
  return new Problem('not-found', t('There is no such approval of yours, or no longer.'))
}

/** Why nothing was decided, for the person. */
function refusalOf({ state }: Approval): string {
  switch (state) {
    case 'used':
      return t('It has been allowed and done already. Nothing was changed now.')
    case 'withdrawn':
      return t('The program does not ask for this any more. Nothing was decided.')
    default:
      return t('The time to decide was over. Nothing was decided.')
  }
}
