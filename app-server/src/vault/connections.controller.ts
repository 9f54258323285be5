// The page of a person's connections, the default among them, and disconnecting after a question.
import { Controller, Get, HttpCode, Param, Post, Query, Res, UseGuards } from '@nestjs/common'
import type { Response } from 'express'
import { z } from 'zod'
import { ownPath } from '../accounts/own-path.js'
import { CurrentSession, SessionGuard } from '../accounts/session.guard.js'
import type { Session } from '../accounts/session.js'
import { goTo } from '../platform/html/go-to.js'
import { Pages } from '../platform/html/pages.js'
import { QuestionPage } from '../platform/html/question.page.js'
import { shown } from '../providers/shown.js'
import { accessOf, covered, namedScopes, someTitles, titledTools } from './access-words.js'
import { connectionsPath } from './connect-link.js'
import { ConnectedPage } from './connect-outcome.page.js'
import { Connectables } from './connectables.js'
import { ConnectionAudit } from './connection-audit.js'
import { ConnectionOverview } from './connection-overview.js'
import { type Connection, Connections } from './connections.js'
import { ConnectionsPage } from './connections.page.js'
import { doneOf } from './connections-done.js'
import { Disconnecting } from './disconnecting.js'
import type { ConnectedProvider } from './not-connected.js'
import { t } from './t.js'

const gone = `${connectionsPath}?done=gone`

@Controller('connections')
@UseGuards(SessionGuard)
export class ConnectionsController {
  constructor(
    private readonly overview: ConnectionOverview,
    private readonly connectables: Connectables,
    private readonly connections: Connections,
    private readonly disconnecting: Disconnecting,
    private readonly audit: ConnectionAudit,
    private readonly pages: Pages,
  ) {}

  @Get()
  async list(@CurrentSession() session: Session, @Query() query: unknown, @Res() response: Response) {
    const { viewer, csrfToken } = session
    const services = await this.overview.of(viewer.id)
    const body = ConnectionsPage({ viewer, csrfToken, services, done: doneOf(query) })
    this.pages.send(response, { title: t('Connections'), viewer, csrfToken, current: connectionsPath }, body)
  }

  /** What came of connecting, where there is more to say than a notice on the list. */
  @Get('connected')
  async connected(
    @CurrentSession() session: Session,
    @Query() query: Record<string, unknown>,
    @Res() response: Response,
  ) {
    const found = await this.find(session, query.connection)
    if (!found?.provider) return goTo(response, gone)
    const { connection, provider } = found
    const names = covered(provider, connection.scopes)
    const asked = namedScopes(provider, query.scopes)
    const access = accessOf(provider)
    const missing = access.filter(({ name }) => asked.includes(name) && !names.includes(name))
    const body = ConnectedPage({
      providerId: provider.id,
      service: provider.connect.service,
      connection: { id: connection.id, label: connection.account.label },
      held: access.filter(({ name }) => names.includes(name)),
      missing,
      without: provider.tools
        .filter(({ scope }) => missing.some(({ name }) => name === scope))
        .map(({ title }) => shown(provider, title)),
      returnTo: typeof query.returnTo === 'string' ? ownPath(query.returnTo) : undefined,
    })
    this.pages.send(response, { title: t('Connected'), layout: 'card', viewer: session.viewer }, body)
  }

  @Post(':id/default')
  @HttpCode(200)
  async makeDefault(@CurrentSession() session: Session, @Param('id') id: string, @Res() response: Response) {
    const found = await this.find(session, id)
    if (!found) return goTo(response, gone)
    const connection = await this.connections.setDefault(session.viewer.id, found.connection.id)
    await this.audit.madeDefault(session, connection)
    goTo(response, `${connectionsPath}?done=default&connection=${connection.id}`)
  }

  @Get(':id/disconnect')
  async ask(@CurrentSession() session: Session, @Param('id') id: string, @Res() response: Response) {
    const found = await this.find(session, id)
    // Another person's connection is told apart from none at all to nobody.
    if (!found) return goTo(response, gone)
    const { connection, provider } = found
    const others = (await this.connections.list(session.viewer.id, connection.provider)).filter(
      (other) => other.id !== connection.id,
    )
    const { label } = connection.account
    const body = QuestionPage({
      eyebrow: provider ? shown(provider, provider.title) : connection.provider,
      question: t('Disconnect {account}?', { account: label }),
      effects: effectsOf(connection, provider, others),
      button: t('Disconnect'),
      danger: true,
      action: `${connectionsPath}/${connection.id}/disconnect`,
      csrfToken: session.csrfToken,
      fields: {},
      back: connectionsPath,
    })
    this.pages.send(
      response,
      { title: t('Disconnect {account}', { account: label }), layout: 'card', viewer: session.viewer },
      body,
    )
  }

  @Post(':id/disconnect')
  @HttpCode(200)
  async disconnect(@CurrentSession() session: Session, @Param('id') id: string, @Res() response: Response) {
    const found = await this.find(session, id)
    if (!found) return goTo(response, gone)
    const { connection, provider } = found
    const { service } = await this.disconnecting.disconnect(session.viewer.id, provider, connection.id)
    await this.audit.disconnected(session, connection, service)
    goTo(response, `${connectionsPath}?done=disconnected&provider=${connection.provider}&service=${service}`)
  }

  /** A person's own connection; its provider may be gone from this server. */
  private async find({ viewer }: Session, id: unknown): Promise<Found | undefined> {
    if (!z.uuid().safeParse(id).success) return undefined
    const connection = await this.connections.find(viewer.id, String(id))
    return connection && { connection, provider: this.connectables.find(connection.provider) }
  }
}

interface Found {
  connection: Connection
  provider: ConnectedProvider | undefined
}

function effectsOf(
  { isDefault, credentialKind, account }: Connection,
  provider: ConnectedProvider | undefined,
  others: readonly Connection[],
): string[] {
  const tools = provider ? someTitles(titledTools(provider)) : ''
  const [other] = others.length === 1 ? others : []
  const service = provider?.connect.service ?? t('the service')
  return [
    others.length > 0 || tools === ''
      ? t('No program can use {account} any more, from its very next call on.', { account: account.label })
      : t(
          'These tools stop working for you, from the very next call on, until you connect an account again: {tools}.',
          { tools },
        ),
    ...(isDefault && others.length > 0
      ? [
          other
            ? t('Programs that name no account use {account} from then on.', { account: other.account.label })
            : t('Programs that name no account use another of your accounts from then on.'),
        ]
      : []),
    credentialKind === 'token'
      ? t('The token is deleted here; at the service itself it stays what it is.')
      : t('The tokens are deleted here, and {service} is told that the access has ended, where it takes that.', {
          service,
        }),
  ]
}
