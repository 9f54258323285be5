// The pages of the model keys that are shared: entered, changed and removed by administrators.
import { Controller, Get, Res, UseGuards } from '@nestjs/common'
import type { Response } from 'express'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { SessionGuard } from '../accounts/session.guard.js'
import type { Session } from '../accounts/session.js'
import { goTo } from '../platform/html/go-to.js'
import { ModelDesk } from '../vault/model-pages/model-desk.js'
import type { ModelKeyAct, SentPage } from '../vault/model-pages/model-key-ground.js'
import { ModelKeyPages } from '../vault/model-pages/model-key-pages.js'
import { sharedModelsPath } from '../vault/model-pages/models.page.js'
import { AdminGuard } from './admin.guard.js'
import { AdminPages } from './admin-frame.js'
import { Administration } from './administration.js'
import { credentialsPath } from './credentials.page.js'

@Controller('admin/models')
@UseGuards(SessionGuard, AdminGuard)
export class SharedModelsController extends ModelKeyPages {
  protected readonly path = sharedModelsPath
  /** They are listed among the credentials. */
  protected readonly back = credentialsPath

  constructor(
    desk: ModelDesk,
    private readonly administration: Administration,
    private readonly pages: AdminPages,
  ) {
    super(desk)
  }

  @Get()
  list(@Res() response: Response) {
    goTo(response, credentialsPath)
  }

  protected ownerOf(): null {
    return null
  }

  protected send(
    response: Response,
    session: Session,
    { title, status = 200, sheet }: SentPage,
    body: JSX.Element,
  ): void {
    if (sheet) this.pages.ask(response, session, title, body, status)
    else this.pages.send(response, session, { title, tab: credentialsPath, status }, body)
  }

  protected act(
    session: Session,
    act: ModelKeyAct,
    keyId: string | undefined,
    perform: () => Promise<Record<string, unknown>>,
  ): Promise<void> {
    const target = keyId === undefined ? {} : { target: { type: 'credential', id: keyId } as const }
    return this.administration.act(session, { action: `${act}-shared-model-key`, ...target }, perform)
  }
}
