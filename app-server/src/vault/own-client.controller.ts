// A person's own OAuth client at a service: entered, replaced, and removed after a question.
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Res, UseGuards } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Response } from 'express'
import { CurrentSession, SessionGuard } from '../accounts/session.guard.js'
import type { Session } from '../accounts/session.js'
import { goTo } from '../platform/html/go-to.js'
import { joined } from '../platform/html/language.js'
import { Pages } from '../platform/html/pages.js'
import { QuestionPage } from '../platform/html/question.page.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import type { SetUp } from '../providers/connect.js'
import { shown } from '../providers/shown.js'
import { ClientChanges } from './client-changes.js'
import { isTypedClient, readClientForm, setUpOf, type TypedClient } from './client-form.js'
import { callbackUrl, connectionsPath } from './connect-link.js'
import { Connectables } from './connectables.js'
import { ConnectionAudit } from './connection-audit.js'
import { Connections } from './connections.js'
import { type Credential, Credentials } from './credentials.js'
import { Disconnecting } from './disconnecting.js'
import type { ConnectedProvider } from './not-connected.js'
import { OwnClientPage } from './own-client.page.js'
import { t } from './t.js'

@Controller('connections/:provider/client')
@UseGuards(SessionGuard)
export class OwnClientController {
  constructor(
    private readonly connectables: Connectables,
    private readonly credentials: Credentials,
    private readonly changes: ClientChanges,
    private readonly connections: Connections,
    private readonly disconnecting: Disconnecting,
    private readonly audit: ConnectionAudit,
    private readonly pages: Pages,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get()
  async page(@CurrentSession() session: Session, @Param('provider') id: string, @Res() response: Response) {
    await this.show(session, response, this.requireOAuth(id), 200)
  }

  @Post()
  @HttpCode(200)
  async keep(
    @CurrentSession() session: Session,
    @Param('provider') id: string,
    @Body() body: Record<string, unknown> | undefined,
    @Res() response: Response,
  ) {
    const meant = this.requireOAuth(id)
    const client = readClientForm(body)
    if (isTypedClient(client)) return this.show(session, response, meant, 400, client)
    const owner = { provider: id, ownerId: session.viewer.id }
    const { credential, added, lost } = await this.changes.put(owner, client, 'page')
    await this.audit.client(session, added ? 'add-client' : 'replace-client', credential, { must_connect_again: lost })
    goTo(response, `${connectionsPath}?done=client-kept&provider=${id}`)
  }

  @Get('remove')
  async ask(@CurrentSession() session: Session, @Param('provider') id: string, @Res() response: Response) {
    const { provider } = this.requireOAuth(id)
    const client = await this.credentials.findOwnClient(session.viewer.id, id)
    if (!client) return goTo(response, connectionsPath)
    const accounts = await this.accountsThrough(session, client)
    const { service } = provider.connect
    const question = t('Remove your OAuth client at {service}?', { service })
    const names = joined(accounts.map(({ account }) => account.label))
    const body = QuestionPage({
      eyebrow: shown(provider, provider.title),
      question,
      effects: [
        accounts.length > 0
          ? t(
              'This disconnects {names}: no program can use {count, plural, one {it} other {them}} any more, from its very next call on.',
              { names, count: accounts.length },
            )
          : t('No account is connected through it.'),
        t('Its secret is deleted here. The client itself stays at the service until you delete it there.'),
      ],
      button: t('Remove'),
      danger: true,
      action: `${connectionsPath}/${id}/client/remove`,
      csrfToken: session.csrfToken,
      fields: {},
      back: `${connectionsPath}/${id}/client`,
    })
    this.pages.send(response, { title: question, layout: 'card', viewer: session.viewer }, body)
  }

  @Post('remove')
  @HttpCode(200)
  async remove(@CurrentSession() session: Session, @Param('provider') id: string, @Res() response: Response) {
    const { provider } = this.requireOAuth(id)
    const client = await this.credentials.findOwnClient(session.viewer.id, id)
    if (!client) return goTo(response, connectionsPath)
    // The service is told of each while there is still a client to tell it by.
    const accounts = await this.accountsThrough(session, client)
    await Promise.all(
      accounts.map(async (connection) => {
        const { service } = await this.disconnecting.disconnect(session.viewer.id, provider, connection.id)
        await this.audit.disconnected(session, connection, service)
      }),
    )
    await this.changes.remove(client)
    await this.audit.client(session, 'remove-client', client, { disconnected: accounts.length })
    goTo(response, `${connectionsPath}?done=client-removed&provider=${id}`)
  }

  private async show(session: Session, response: Response, meant: Meant, status: number, typed?: TypedClient) {
    const { provider, setUp } = meant
    const { viewer, csrfToken } = session
    const client = await this.credentials.findOwnClient(viewer.id, provider.id)
    const accounts = client ? await this.accountsThrough(session, client) : []
    const body = OwnClientPage({
      csrfToken,
      providerId: provider.id,
      service: provider.connect.service,
      setUp,
      redirectUri: callbackUrl(this.settings.publicUrl, provider.id),
      client,
      accounts: accounts.map(({ account }) => account.label),
      typed,
    })
    this.pages.send(response, { title: t('Your own OAuth client'), status, layout: 'card', viewer }, body)
  }

  private async accountsThrough({ viewer }: Session, client: Credential) {
    const own = await this.connections.list(viewer.id, client.provider)
    return own.filter(({ credentialId }) => credentialId === client.id)
  }

  /** Throws Problem not-found. */
  private requireOAuth(id: string): Meant {
    const provider = this.connectables.require(id)
    const { service } = provider.connect
    const setUp = setUpOf(provider)
    if (!setUp) throw new Problem('not-found', t('{service} is connected without an OAuth client.', { service }))
    return { provider, setUp }
  }
}

interface Meant {
  provider: ConnectedProvider
  setUp: SetUp
}
