// The pages of the models a person may use, and of the keys of their own.
import { Controller, Get, Query, Res, UseGuards } from '@nestjs/common'
import type { Response } from 'express'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { CurrentSession, SessionGuard } from '../../accounts/session.guard.js'
import type { Session } from '../../accounts/session.js'
import { Pages } from '../../platform/html/pages.js'
import { ModelDesk } from './model-desk.js'
import { ModelKeyAudit } from './model-key-audit.js'
import type { ModelKeyAct, SentPage } from './model-key-ground.js'
import { ModelKeyPages } from './model-key-pages.js'
import { ModelsPage, modelsPath } from './models.page.js'
import { t } from './t.js'

@Controller('models')
@UseGuards(SessionGuard)
export class ModelsController extends ModelKeyPages {
  protected readonly path = modelsPath
  protected readonly back = modelsPath

  constructor(
    desk: ModelDesk,
    private readonly audit: ModelKeyAudit,
    private readonly pages: Pages,
  ) {
    super(desk)
  }

  @Get()
  async list(@CurrentSession() session: Session, @Query('done') given: unknown, @Res() response: Response) {
    const { viewer } = session
    const keys = this.desk.listed(await this.desk.keys.listFor(viewer.id))
    const done = given === 'removed' || given === 'gone' ? given : undefined
    this.send(
      response,
      session,
      { title: t('Models') },
      ModelsPage({ keys, administrator: viewer.administrator, done }),
    )
  }

  protected ownerOf({ viewer }: Session): string {
    return viewer.id
  }

  protected send(
    response: Response,
    session: Session,
    { title, status = 200, sheet }: SentPage,
    body: JSX.Element,
  ): void {
    const { viewer, csrfToken } = session
    const frame = sheet ? ({ layout: 'card', viewer } as const) : { viewer, csrfToken, current: modelsPath }
    this.pages.send(response, { title, status, ...frame }, body)
  }

  protected act(
    session: Session,
    act: ModelKeyAct,
    keyId: string | undefined,
    perform: () => Promise<Record<string, unknown>>,
  ): Promise<void> {
    return this.audit.watch(session, act, keyId, perform)
  }
}
