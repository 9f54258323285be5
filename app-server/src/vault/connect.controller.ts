// Connecting an account: the page it begins at, the way to the service, and tokens that are entered here.
import { Body, Controller, Get, HttpCode, Param, Post, Query, Res, UseGuards } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Response } from 'express'
import { ownPath } from '../accounts/own-path.js'
import { CurrentSession, SessionGuard } from '../accounts/session.guard.js'
import type { Session } from '../accounts/session.js'
import { goTo } from '../platform/html/go-to.js'
import { Pages } from '../platform/html/pages.js'
import { shown } from '../providers/shown.js'
import { type Access, accessOf, choosable, covered, inseparable, namedScopes, readOnly } from './access-words.js'
import { ConnectPage, type ConnectPageProps, type OfferedAccess } from './connect.page.js'
import { ConnectFailure } from './connect-failure.js'
import { ConnectFlow, type Wish } from './connect-flow.js'
import { ConnectOutcomes } from './connect-outcomes.js'
import { Connectables } from './connectables.js'
import { ConnectionAudit } from './connection-audit.js'
import { type Connection, Connections } from './connections.js'
import { maxReturnTo } from './consent-states.js'
import { type Credential, Credentials } from './credentials.js'
import { type ConnectedProvider, isCalled } from './not-connected.js'
import { t } from './t.js'
import { offeredToken, readTokenForm, type TypedToken, tokenFault } from './token-form.js'

type Form = Record<string, unknown> | undefined

/** What stands on the page besides what is always there. */
type Shown = Partial<Pick<ConnectPageProps, 'fault'>> & {
  status?: number
  typed?: Pick<TypedToken, 'fields' | 'errors'>
}

@Controller('connections/:provider')
@UseGuards(SessionGuard)
export class ConnectController {
  constructor(
    private readonly connectables: Connectables,
    private readonly connections: Connections,
    private readonly credentials: Credentials,
    private readonly flow: ConnectFlow,
    private readonly outcomes: ConnectOutcomes,
    private readonly audit: ConnectionAudit,
    private readonly pages: Pages,
  ) {}

  @Get('connect')
  async page(
    @CurrentSession() session: Session,
    @Param('provider') id: string,
    @Query() query: Record<string, unknown>,
    @Res() response: Response,
  ) {
    const provider = this.connectables.require(id)
    const wish = await this.wishOf(session, provider, query)
    const gone = query.account !== undefined && !wish.connection
    const fault = gone
      ? t('The account that was to be connected again is not here any more. You can connect it anew.')
      : undefined
    await this.show(session, response, provider, wish, { ...(fault ? { fault } : {}) })
  }

  @Post('connect')
  @HttpCode(200)
  async depart(
    @CurrentSession() session: Session,
    @Param('provider') id: string,
    @Body() body: Form,
    @Res() response: Response,
  ) {
    const provider = this.connectables.require(id)
    const wish = await this.wishOf(session, provider, body ?? {})
    this.requireStillThere(provider, wish, body)
    const chosen = this.chosenOf(provider, wish)
    if (chosen.length === 0) {
      const fault = t('Leave at least one box ticked, or cancel.')
      return this.show(session, response, provider, wish, { status: 400, fault })
    }
    goTo(response, await this.flow.depart(session, provider, { ...wish, scopes: chosen }))
  }

  @Post('token')
  @HttpCode(200)
  async token(
    @CurrentSession() session: Session,
    @Param('provider') id: string,
    @Body() body: Form,
    @Res() response: Response,
  ) {
    const provider = this.connectables.require(id)
    const wish = await this.wishOf(session, provider, body ?? {})
    this.requireStillThere(provider, wish, body)
    const typed = readTokenForm(provider, body ?? {})
    if (Object.keys(typed.errors).length > 0) {
      return this.show(session, response, provider, wish, { status: 400, typed })
    }
    const given = { ...wish, scopes: [] }
    try {
      const connected = await this.audit.watch(session, provider.id, 'own-token', () =>
        this.flow.connectByToken(session, provider, typed, given),
      )
      this.outcomes.connected(response, provider, connected)
    } catch (error) {
      const fault = tokenFault(error, provider)
      if (!fault) return this.outcomes.failed(response, session, provider, error)
      const { field, words } = fault
      const shown = field ? { typed: { ...typed, errors: { [field]: words } } } : { typed, fault: words }
      await this.show(session, response, provider, wish, { status: 400, ...shown })
    }
  }

  @Post('shared')
  @HttpCode(200)
  async shared(
    @CurrentSession() session: Session,
    @Param('provider') id: string,
    @Body() body: Form,
    @Res() response: Response,
  ) {
    const provider = this.connectables.require(id)
    const shared = await this.findShared(provider)
    if (!shared) {
      throw new Problem('conflict', t('Whoever runs this server shares no account of this service, or no longer.'))
    }
    const wish = { ...(await this.wishOf(session, provider, body ?? {})), scopes: [], connection: undefined }
    try {
      const connected = await this.audit.watch(session, provider.id, 'shared-token', () =>
        this.flow.connectShared(session, provider, shared, wish),
      )
      this.outcomes.connected(response, provider, connected)
    } catch (error) {
      const refused = tokenFault(error, provider)?.field === 'token'
      const detail = t('The service does not take the shared token any more. Tell whoever runs this server.')
      this.outcomes.failed(response, session, provider, refused ? new ConnectFailure('not-usable', { detail }) : error)
    }
  }

  /** What an address or a form asks for. */
  private async wishOf(session: Session, provider: ConnectedProvider, given: Record<string, unknown>): Promise<Wish> {
    const { account, returnTo, scopes } = given
    const path = typeof returnTo === 'string' ? ownPath(returnTo) : undefined
    return {
      scopes: namedScopes(provider, scopes),
      connection: await this.findConnection(session, provider, account),
      returnTo: path !== undefined && path.length > maxReturnTo ? '/' : path,
    }
  }

  /** By its id or its name, and a person's own alone. */
  private async findConnection(
    { viewer }: Session,
    { id }: ConnectedProvider,
    account: unknown,
  ): Promise<Connection | undefined> {
    if (typeof account !== 'string') return undefined
    const known = await this.connections.list(viewer.id, id)
    return known.find((one) => isCalled({ id: one.id, label: one.account.label }, account))
  }

  /** A form that was made to connect a certain account again must not connect just any. */
  private requireStillThere({ connect }: ConnectedProvider, { connection }: Wish, body: Form): void {
    if (body?.account === undefined || connection) return
    throw new Problem(
      'not-found',
      t('That account is not connected here any more. Connect {service} anew.', { service: connect.service }),
    )
  }

  /**
   * What is asked for: the boxes that were ticked, and what needs none. An account that keeps what it has may be connected
   * again for just that; otherwise it is nothing when all boxes were left empty.
   */
  private chosenOf(provider: ConnectedProvider, wish: Wish): string[] {
    const boxes = this.accessOn(provider, wish).filter(({ fixed }) => !fixed)
    const ticked = boxes.flatMap(({ access }) =>
      access.map(({ name }) => name).filter((name) => wish.scopes.includes(name)),
    )
    const kept =
      ticked.length === 0 && this.keeps(provider, wish) ? covered(provider, wish.connection?.scopes ?? []) : []
    if (boxes.length > 0 && ticked.length === 0 && kept.length === 0) return []
    const free = Object.keys(provider.scopes).filter((name) => !choosable(provider).includes(name))
    return Object.keys(provider.scopes).filter((name) => [...ticked, ...kept, ...free].includes(name))
  }

  /** Whether the account has some access that is good now, and lacks some. */
  private keeps(provider: ConnectedProvider, { connection }: Wish): boolean {
    if (connection?.status !== 'connected') return false
    const had = covered(provider, connection.scopes).filter((name) => choosable(provider).includes(name))
    return had.length > 0 && had.length < choosable(provider).length
  }

  /**
   * Our scopes on the page. Those an account has and keeps are no choice. Of the others those are ticked that were asked
   * for, that the account had before it was lost, or else those that only read.
   */
  private accessOn(provider: ConnectedProvider, wish: Wish): OfferedAccess[] {
    const { scopes, connection } = wish
    const boxes = choosable(provider)
    const had = connection ? covered(provider, connection.scopes) : []
    const keeps = this.keeps(provider, wish)
    const usual = connection && had.length > 0 ? had : readOnly(provider)
    const ticked = scopes.length > 0 ? [...scopes, ...(connection ? had : [])] : usual
    const words = accessOf(provider)
    const rank = ([first]: readonly Access[]) => (first ? words.indexOf(first) : 0)
    return inseparable(provider)
      .map((names) => words.filter(({ name }) => names.includes(name)))
      .sort((one, other) => rank(one) - rank(other))
      .map((access) => ({
        access,
        checked: access.some(({ name }) => ticked.includes(name)),
        fixed: access.every(({ name }) => !boxes.includes(name) || (keeps && had.includes(name))),
      }))
  }

  private async show(
    session: Session,
    response: Response,
    provider: ConnectedProvider,
    wish: Wish,
    { status = 200, fault, typed }: Shown,
  ): Promise<void> {
    const { viewer, csrfToken } = session
    const { oauth, service } = provider.connect
    const { connection, returnTo } = wish
    const [client, shared] = await Promise.all([
      oauth && this.flow.findClient(viewer.id, provider),
      this.findShared(provider),
    ])
    const access = this.accessOn(provider, wish)
    const body = ConnectPage({
      viewer,
      csrfToken,
      providerId: provider.id,
      title: shown(provider, provider.title),
      service,
      access,
      account: connection && {
        id: connection.id,
        label: connection.account.label,
        keeps: this.keeps(provider, wish),
        more: this.keeps(provider, wish) && access.some(({ checked, fixed }) => checked && !fixed),
      },
      consent: oauth && {
        client: client && { own: client.ownerId !== null, clientId: client.clientId ?? '' },
      },
      token: offeredToken(provider, typed),
      shared: provider.connect.token ? shared?.label : undefined,
      returnTo,
      fault,
    })
    const options = {
      title: t('Connect {service}', { service }),
      status,
      layout: 'card',
      viewer,
      leadsAway: true,
    } as const
    this.pages.send(response, options, body)
  }

  private async findShared({ id, connect }: ConnectedProvider): Promise<Credential | undefined> {
    if (!connect.token) return undefined
    const shared = await this.credentials.list({ provider: id, ownerId: null })
    return shared.find(({ kind }) => kind === 'token')
  }
}
