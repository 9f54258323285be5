// Where a person decides about an authorization request; the request waits in the browser that brought it.
import { Body, Controller, Get, HttpCode, Param, Post, Req, Res, UseGuards, ValidationPipe } from '@nestjs/common'
import { Transform } from 'class-transformer'
import { ArrayMaxSize, IsArray, IsIn, IsString, MaxLength } from 'class-validator'
import type { Request, Response } from 'express'
import { signInLink } from '../accounts/own-path.js'
import { CurrentSession, SessionGuard } from '../accounts/session.guard.js'
import { type Session, Sessions } from '../accounts/session.js'
import { AuditLog } from '../audit/audit-log.js'
import { goTo } from '../platform/html/go-to.js'
import { withLanguage } from '../platform/html/language.js'
import { Pages } from '../platform/html/pages.js'
import { ProviderRegistry } from '../providers/provider-registry.js'
import { AuthorizationErrorPage } from './authorization-error.page.js'
import { AuthorizationServer, type Interaction } from './authorization-server.js'
import { isDocumentClient } from './client-metadata.js'
import type { ClientMetadata } from './clients.js'
import { AnsweredPage, ConsentPage } from './consent.page.js'
import { Grants } from './grants.js'
import { programName, publisherOf } from './program-name.js'
import { consentPolicy, redirectTargetOf } from './redirect-target.js'
import { scopeGroups } from './scope-words.js'
import { t } from './t.js'

/** One ticked box arrives as a text, several as a list, none not at all. */
const asList = ({ value }: { value: unknown }) => [value].flat()

class DecisionForm {
  @IsIn(['allow', 'deny'])
  decision!: 'allow' | 'deny'

  @Transform(asList)
  @IsArray()
  @ArrayMaxSize(500)
  @IsString({ each: true })
  @MaxLength(200, { each: true })
  scope: string[] = []
}

interface Waiting extends Interaction {
  readonly client: ClientMetadata
}

@Controller('interaction')
@UseGuards(SessionGuard)
export class InteractionController {
  constructor(
    private readonly server: AuthorizationServer,
    private readonly grants: Grants,
    private readonly sessions: Sessions,
    private readonly audit: AuditLog,
    private readonly registry: ProviderRegistry,
    private readonly pages: Pages,
  ) {}

  @Get(':uid')
  async ask(
    @Param('uid') uid: string,
    @CurrentSession() session: Session,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const waiting = await this.findWaiting(request, response, uid)
    if (typeof waiting === 'string') return this.sendOver(response, session, waiting)
    this.sendConsent(response, session, waiting)
  }

  @Post(':uid')
  @HttpCode(200)
  async decide(
    @Param('uid') uid: string,
    @CurrentSession() session: Session,
    @Body(new ValidationPipe({ transform: true })) form: DecisionForm,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const waiting = await this.findWaiting(request, response, uid)
    if (typeof waiting === 'string') return this.sendOver(response, session, waiting)
    if (form.decision === 'deny') {
      const onward = await this.server.decide(request, response, 'denied')
      if (onward === undefined) return this.sendOver(response, session, 'outdated')
      await this.recordConsent(session, waiting, [])
      return this.goOn(response, session, waiting, onward, false)
    }
    // What was not asked for cannot be allowed, whatever the form says.
    const scopes = requestedOf(waiting).filter((scope) => form.scope.includes(scope))
    if (scopes.length === 0) return this.sendConsent(response, session, waiting, true)
    const userId = session.viewer.id
    const grantId = await this.grants.create({
      userId,
      client: waiting.client,
      clientKind: isDocumentClient(waiting.client.client_id) ? 'document' : 'registered',
      scopes,
      redirectUri: waiting.params.redirect_uri,
    })
    const onward = await this.server.decide(request, response, { allowed: { userId, grantId } })
    if (onward === undefined) return this.sendOver(response, session, 'outdated')
    await this.recordConsent(session, waiting, scopes, grantId)
    this.goOn(response, session, waiting, onward, true)
  }

  /** Signs out and comes back here with whoever signs in next. */
  @Post(':uid/switch')
  @HttpCode(200)
  async switchAccount(
    @Param('uid') uid: string,
    @CurrentSession() session: Session,
    @Res() response: Response,
  ): Promise<void> {
    await this.sessions.end(session.id)
    await this.audit.record({
      kind: 'session',
      action: 'sign-out',
      outcome: 'ok',
      actorId: session.viewer.id,
      target: { type: 'session', id: session.id },
      details: { why: 'to let another person answer an authorization request' },
    })
    this.sessions.forget(response)
    goTo(response, signInLink(`/interaction/${encodeURIComponent(uid)}`))
  }

  /** What was asked, what was allowed, and where the answer goes. */
  private recordConsent(session: Session, waiting: Waiting, allowed: string[], grantId?: string): Promise<void> {
    const { client, params } = waiting
    const target = redirectTargetOf(params.redirect_uri)
    return this.audit.record({
      kind: 'consent',
      action: grantId === undefined ? 'deny' : 'allow',
      outcome: grantId === undefined ? 'refused' : 'ok',
      reason: grantId === undefined ? 'denied-by-person' : undefined,
      actorId: session.viewer.id,
      clientId: client.client_id,
      grantId,
      details: {
        scopes_asked: requestedOf(waiting),
        scopes_allowed: allowed,
        returns_to: target.name,
        returns_to_kind: target.kind,
        name: withLanguage('en', () => programName(client.client_name)),
        session_id: session.id,
      },
    })
  }

  private async findWaiting(
    request: Request,
    response: Response,
    uid: string,
  ): Promise<Waiting | 'outdated' | 'invalid_client'> {
    const interaction = await this.server.findInteraction(request, response, uid)
    if (!interaction) return 'outdated'
    const client = await this.server.findClient(interaction.params.client_id)
    return client ? { ...interaction, client } : 'invalid_client'
  }

  private sendConsent(response: Response, session: Session, waiting: Waiting, nothingChosen = false): void {
    const { client, params, uid } = waiting
    const { viewer, csrfToken } = session
    const program = programName(client.client_name)
    const policy = String(response.getHeader('Content-Security-Policy') ?? '')
    response.setHeader('Content-Security-Policy', consentPolicy(policy, params.redirect_uri))
    this.pages.send(
      response,
      {
        title: t('Let “{program}” act for you?', { program }),
        status: nothingChosen ? 400 : 200,
        layout: 'card',
        viewer,
      },
      ConsentPage({
        uid,
        viewer,
        csrfToken,
        program,
        publisher: publisherOf(client.client_id),
        target: redirectTargetOf(params.redirect_uri),
        groups: scopeGroups(requestedOf(waiting), this.registry),
        nothingChosen,
      }),
    )
  }

  /** To an address of the web the browser goes at once; for an application it shows a page that stays behind. */
  private goOn(response: Response, session: Session, waiting: Waiting, onward: string, allowed: boolean): void {
    if (redirectTargetOf(waiting.params.redirect_uri).kind !== 'app') {
      goTo(response, onward)
      return
    }
    response.setHeader('Refresh', `0;url=${onward}`)
    const program = programName(waiting.client.client_name)
    const options = { title: allowed ? t('Allowed') : t('Denied'), layout: 'card', viewer: session.viewer } as const
    this.pages.send(response, options, AnsweredPage({ program, allowed, goOn: onward }))
  }

  private sendOver(response: Response, session: Session, error: 'outdated' | 'invalid_client'): void {
    const options = { title: t('This cannot go on'), status: 400, layout: 'card', viewer: session.viewer } as const
    this.pages.send(response, options, AuthorizationErrorPage({ error }))
  }
}

/** The scopes asked for; settled when the request came in, so all of them exist. */
function requestedOf({ params }: Interaction): string[] {
  return params.scope.split(' ')
}
