// The page of choices when to ask: what a person chose for each tool, kept and shown.
import { Body, Controller, Get, HttpCode, Inject, Post, Query, Res, UseGuards } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Response } from 'express'
import { z } from 'zod'
import { CurrentSession, SessionGuard } from '../accounts/session.guard.js'
import type { Session } from '../accounts/session.js'
import { findToolPolicies, setToolPolicy, toolPolicies } from '../accounts/tool-policies.js'
import { Database } from '../platform/database/database.js'
import { goTo } from '../platform/html/go-to.js'
import { Pages } from '../platform/html/pages.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import type { Provider } from '../providers/provider.js'
import { ProviderRegistry } from '../providers/provider-registry.js'
import { SetUp } from '../vault/set-up.js'
import { ApprovalAudit } from './approval-audit.js'
import { inboxPath } from './approvals.controller.js'
import { t } from './t.js'
import { WhenToAskPage } from './when-to-ask.page.js'

const choice = z.enum(['default', ...toolPolicies])

@Controller('approvals/tools')
@UseGuards(SessionGuard)
export class WhenToAskController {
  constructor(
    private readonly registry: ProviderRegistry,
    private readonly setUp: SetUp,
    private readonly database: Database,
    private readonly audit: ApprovalAudit,
    private readonly pages: Pages,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'approveCalls'>,
  ) {}

  @Get()
  async show(
    @CurrentSession() { viewer, csrfToken }: Session,
    @Query('done') done: unknown,
    @Res() response: Response,
  ) {
    const missing = await this.setUp.missing(viewer.id, this.registry.providers)
    const body = WhenToAskPage({
      csrfToken,
      providers: this.registry.providers.filter(({ id }) => !missing.has(id)),
      policies: await findToolPolicies(this.database, viewer.id),
      rule: this.settings.approveCalls,
      done: done === '1',
    })
    this.pages.send(response, { title: t('When to ask'), viewer, csrfToken, current: inboxPath }, body)
  }

  /** Keeps what was chosen for the tools of one provider; tools the form does not name stay as they are. */
  @Post()
  @HttpCode(200)
  async keep(
    @CurrentSession() { viewer }: Session,
    @Body() body: Record<string, unknown> | undefined,
    @Res() response: Response,
  ) {
    const provider = this.requireProvider(body?.provider)
    const chosen = choicesOf(provider, body ?? {})
    const changed = await this.database.transaction(async (sql) => {
      const before = await findToolPolicies(sql, viewer.id)
      const differing = chosen.filter(({ tool, policy }) => policy !== (before.get(tool) ?? 'default'))
      for (const { tool, policy } of differing) {
        await setToolPolicy(sql, viewer.id, tool, policy === 'default' ? undefined : policy)
      }
      return differing
    })
    for (const { tool, policy } of changed) await this.audit.policyChanged(viewer.id, tool, policy)
    goTo(response, `${inboxPath}/tools?done=1#${provider.id}`)
  }

  private requireProvider(id: unknown): Provider {
    const provider = this.registry.providers.find((one) => one.id === id)
    if (provider) return provider
    throw new Problem('invalid-request', 'Say whose tools these are. Start at /approvals/tools.')
  }
}

function choicesOf({ tools }: Provider, form: Record<string, unknown>) {
  return tools.flatMap(({ name }) => {
    if (form[name] === undefined) return []
    const { data: policy } = choice.safeParse(form[name])
    if (policy !== undefined) return [{ tool: name, policy }]
    throw new Problem('invalid-request', 'Choose one of the offered ways to ask. Start at /approvals/tools.')
  })
}
