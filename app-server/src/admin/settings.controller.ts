// Serves the page of the settings that count.
import { Controller, Get, Inject, Res, UseGuards } from '@nestjs/common'
import type { Response } from 'express'
import { CurrentSession, SessionGuard } from '../accounts/session.guard.js'
import type { Session } from '../accounts/session.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { AdminGuard } from './admin.guard.js'
import { AdminPages } from './admin-frame.js'
import { SettingsPage } from './settings.page.js'
import { shownSettings } from './shown-settings.js'
import { t } from './t.js'

@Controller('admin/settings')
@UseGuards(SessionGuard, AdminGuard)
export class SettingsController {
  constructor(
    private readonly pages: AdminPages,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get()
  show(@CurrentSession() session: Session, @Res() response: Response): void {
    const body = SettingsPage({ groups: shownSettings(this.settings) })
    this.pages.send(response, session, { title: t('Settings'), tab: '/admin/settings' }, body)
  }
}
