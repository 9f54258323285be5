// Serves the home page.
import { Controller, Get, Inject, Res, UseGuards } from '@nestjs/common'
import type { Response } from 'express'
import { CurrentSession, SessionGuard } from '../accounts/session.guard.js'
import type { Session } from '../accounts/session.js'
import { Pages } from '../platform/html/pages.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { ProviderRegistry } from '../providers/provider-registry.js'
import { HomePage } from './home.page.js'
import { t } from './t.js'

@Controller()
@UseGuards(SessionGuard)
export class HomeController {
  constructor(
    private readonly pages: Pages,
    private readonly registry: ProviderRegistry,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get()
  home(@CurrentSession() { viewer, csrfToken }: Session, @Res() response: Response): void {
    const body = HomePage({ viewer, mcpUrl: this.settings.mcpUrl, providers: this.registry.providers })
    this.pages.send(response, { title: t('Home'), current: '/', viewer, csrfToken }, body)
  }
}
