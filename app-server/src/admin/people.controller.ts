// Serves the list of people and the page of one.
import { Controller, Get, Param, Query, Res, UseGuards } from '@nestjs/common'
import type { Response } from 'express'
import { z } from 'zod'
import { Accounts, accountRoles, accountStatuses } from '../accounts/accounts.js'
import { Directory } from '../accounts/directory.js'
import { CurrentSession, SessionGuard } from '../accounts/session.guard.js'
import { type Session, Sessions } from '../accounts/session.js'
import { AuditTrail } from '../audit/audit-trail.js'
import { Grants } from '../oauth/grants.js'
import { programName } from '../oauth/program-name.js'
import { scopeGroups } from '../oauth/scope-words.js'
import { ProviderRegistry } from '../providers/provider-registry.js'
import { AdminGuard } from './admin.guard.js'
import { AdminPages } from './admin-frame.js'
import { AuditNaming } from './audit-names.js'
import { PeoplePage } from './people.page.js'
import { PersonPage } from './person.page.js'
import { isDonePersonAct, requirePersonId } from './person-acts.js'
import { t } from './t.js'

const perPage = 25
/** Entries of the audit log shown on a person's page. */
const recentEntries = 10

const filters = z.object({
  text: z.string().trim().max(200).optional().catch(undefined),
  status: z.enum(accountStatuses).optional().catch(undefined),
  role: z.enum(accountRoles).optional().catch(undefined),
  cursor: z.string().max(200).optional(),
})

@Controller('admin/people')
@UseGuards(SessionGuard, AdminGuard)
export class PeopleController {
  constructor(
    private readonly accounts: Accounts,
    private readonly directory: Directory,
    private readonly sessions: Sessions,
    private readonly grants: Grants,
    private readonly trail: AuditTrail,
    private readonly naming: AuditNaming,
    private readonly registry: ProviderRegistry,
    private readonly pages: AdminPages,
  ) {}

  @Get()
  async list(@CurrentSession() session: Session, @Query() query: unknown, @Res() response: Response) {
    const chosen = filters.parse(query)
    const page = await this.directory.search({ ...chosen, limit: perPage })
    const options = { title: t('People'), tab: '/admin/people' } as const
    this.pages.send(response, session, options, PeoplePage({ ...chosen, ...page, viewerId: session.viewer.id }))
  }

  @Get(':id')
  async one(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Query('done') done: unknown,
    @Res() response: Response,
  ) {
    const person = await this.accounts.require(requirePersonId(id))
    const [sessions, grants, activity] = await Promise.all([
      this.sessions.list(person.id),
      this.grants.list(person.id),
      this.trail.search({ personId: person.id }, recentEntries),
    ])
    const programs = [...Map.groupBy(grants, ({ clientId }) => clientId)].map(([clientId, ofClient]) => ({
      clientId,
      name: programName(ofClient[0]?.clientName),
      grants: ofClient.length,
      lastUsedAt: latest(ofClient.map(({ lastUsedAt }) => lastUsedAt)),
      groups: scopeGroups(new Set(ofClient.flatMap(({ scopes }) => scopes)), this.registry),
    }))
    const body = PersonPage({
      person,
      self: person.id === session.viewer.id,
      csrfToken: session.csrfToken,
      sessions,
      programs,
      activity: activity.entries,
      names: await this.naming.of(activity.entries),
      done: isDonePersonAct(done) ? done : undefined,
    })
    this.pages.send(response, session, { title: person.name, tab: '/admin/people' }, body)
  }
}

function latest(moments: readonly (Date | null)[]): Date | null {
  return moments.reduce((newest, at) => (at && (!newest || at > newest) ? at : newest), null)
}
