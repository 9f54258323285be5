// The page of programs with access, where a person withdraws what they allowed.
import { Body, Controller, Get, HttpCode, Post, Query, Res, UseGuards } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Response } from 'express'
import { CurrentSession, SessionGuard } from '../accounts/session.guard.js'
import type { Session } from '../accounts/session.js'
import { AuditLog } from '../audit/audit-log.js'
import { goTo } from '../platform/html/go-to.js'
import { Pages } from '../platform/html/pages.js'
import { ProviderRegistry } from '../providers/provider-registry.js'
import { Grants, type ShownGrant } from './grants.js'
import { programName } from './program-name.js'
import { type Program, ProgramsPage, WithdrawPage } from './programs.page.js'
import { scopeGroups } from './scope-words.js'
import { t } from './t.js'

const grantIdShape = /^[A-Za-z0-9_-]{1,64}$/
const clientIdShape = /^[\x21-\x7e]{1,2000}$/

@Controller('programs')
@UseGuards(SessionGuard)
export class ProgramsController {
  constructor(
    private readonly grants: Grants,
    private readonly audit: AuditLog,
    private readonly registry: ProviderRegistry,
    private readonly pages: Pages,
  ) {}

  @Get()
  async list(@CurrentSession() session: Session, @Query('done') word: unknown, @Res() response: Response) {
    const { viewer, csrfToken } = session
    const programs = this.toPrograms(await this.grants.list(viewer.id))
    const done = word === 'withdrawn' || word === 'gone' ? word : undefined
    const options = { title: t('Programs'), viewer, csrfToken, current: '/programs' }
    this.pages.send(response, options, ProgramsPage({ programs, done }))
  }

  @Get('withdraw')
  async ask(@CurrentSession() session: Session, @Query() query: Record<string, unknown>, @Res() response: Response) {
    const { viewer, csrfToken } = session
    const field = requireField(query)
    const meant = (await this.grants.list(viewer.id)).filter((grant) =>
      field.name === 'program' ? grant.clientId === field.value : grant.id === field.value,
    )
    const [first] = meant
    // Another person's authorization is told apart from none at all to nobody.
    if (!first) return goTo(response, '/programs?done=gone')
    const body = WithdrawPage({ csrfToken, program: programName(first.clientName), count: meant.length, field })
    this.pages.send(response, { title: t('Withdraw access'), layout: 'card', viewer }, body)
  }

  @Post('withdraw')
  @HttpCode(200)
  async withdraw(
    @CurrentSession() session: Session,
    @Body() body: Record<string, unknown> | undefined,
    @Res() response: Response,
  ) {
    const { name, value } = requireField(body ?? {})
    const userId = session.viewer.id
    const meant = (await this.grants.list(userId)).filter((grant) =>
      name === 'program' ? grant.clientId === value : grant.id === value,
    )
    const any =
      name === 'program'
        ? (await this.grants.withdrawProgram(userId, value)) > 0
        : await this.grants.withdraw(userId, value)
    const [first] = meant
    if (any && first) {
      await this.audit.record({
        kind: 'grant',
        action: 'withdraw',
        outcome: 'ok',
        actorId: userId,
        clientId: first.clientId,
        grantId: name === 'program' ? undefined : value,
        target: name === 'program' ? { type: 'client', id: value } : { type: 'grant', id: value },
        details: { grants: meant.map(({ id }) => id), scopes: [...new Set(meant.flatMap(({ scopes }) => scopes))] },
      })
    }
    goTo(response, `/programs?done=${any ? 'withdrawn' : 'gone'}`)
  }

  private toPrograms(grants: readonly ShownGrant[]): Program[] {
    const byClient = Map.groupBy(grants, ({ clientId }) => clientId)
    return [...byClient].map(([clientId, ofClient]) => ({
      clientId,
      name: programName(ofClient[0]?.clientName),
      grants: ofClient.map((grant) => ({ ...grant, groups: scopeGroups(grant.scopes, this.registry) })),
    }))
  }
}

function requireField(given: Record<string, unknown>): { name: 'authorization' | 'program'; value: string } {
  const { authorization, program } = given
  if (typeof authorization === 'string' && program === undefined && grantIdShape.test(authorization)) {
    return { name: 'authorization', value: authorization }
  }
  if (typeof program === 'string' && authorization === undefined && clientIdShape.test(program)) {
    return { name: 'program', value: program }
  }
  throw new Problem('invalid-request', t('Say what to withdraw: one authorization or one program. Start at /programs.'))
}
