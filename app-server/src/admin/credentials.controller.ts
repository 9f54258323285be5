// Serves the pages on which services are set up: entering, replacing and removing OAuth clients and shared accounts.
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res, UseGuards } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Response } from 'express'
import { CurrentSession, SessionGuard } from '../accounts/session.guard.js'
import type { Session } from '../accounts/session.js'
import { goTo } from '../platform/html/go-to.js'
import { QuestionPage } from '../platform/html/question.page.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { shown } from '../providers/shown.js'
import { ClientChanges } from '../vault/client-changes.js'
import { isTypedClient, readClientForm, type TypedClient } from '../vault/client-form.js'
import { ConnectFlow } from '../vault/connect-flow.js'
import { callbackUrl } from '../vault/connect-link.js'
import { Connectables } from '../vault/connectables.js'
import { type Credential, Credentials } from '../vault/credentials.js'
import { ModelDesk } from '../vault/model-pages/model-desk.js'
import type { ConnectedProvider } from '../vault/not-connected.js'
import { offeredToken, readTokenForm, type TypedToken, tokenFault } from '../vault/token-form.js'
import { AdminGuard } from './admin.guard.js'
import { AdminPages } from './admin-frame.js'
import { Administration } from './administration.js'
import {
  type CredentialDone,
  CredentialPage,
  CredentialsPage,
  credentialsPath,
  type ServiceSetUp,
} from './credentials.page.js'
import { t } from './t.js'

const dones: readonly CredentialDone[] = ['client', 'token', 'client-removed', 'token-removed']

interface Shown {
  status?: number
  typedClient?: TypedClient
  typedToken?: TypedToken
  fault?: string
  query?: Record<string, unknown>
}

@Controller('admin/credentials')
@UseGuards(SessionGuard, AdminGuard)
export class CredentialsController {
  constructor(
    private readonly connectables: Connectables,
    private readonly credentials: Credentials,
    private readonly changes: ClientChanges,
    private readonly flow: ConnectFlow,
    private readonly administration: Administration,
    private readonly models: ModelDesk,
    private readonly pages: AdminPages,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get()
  async list(@CurrentSession() session: Session, @Query('done') given: unknown, @Res() response: Response) {
    const shared = await this.credentials.list({ ownerId: null })
    const services = this.connectables.all.map((provider) => this.toSetUp(provider, shared))
    const models = this.models.listed(await this.models.keys.list(null))
    const done = given === 'removed' || given === 'gone' ? given : undefined
    const body = CredentialsPage({ services, models, done })
    this.pages.send(response, session, { title: t('Credentials'), tab: credentialsPath }, body)
  }

  @Get(':provider')
  async one(
    @CurrentSession() session: Session,
    @Param('provider') id: string,
    @Query() query: Record<string, unknown>,
    @Res() response: Response,
  ) {
    await this.show(session, response, this.connectables.require(id), { query })
  }

  @Post(':provider/client')
  @HttpCode(200)
  async keepClient(
    @CurrentSession() session: Session,
    @Param('provider') id: string,
    @Body() body: Record<string, unknown> | undefined,
    @Res() response: Response,
  ) {
    const provider = this.requireWith(id, 'oauth')
    const client = readClientForm(body)
    if (isTypedClient(client)) return this.show(session, response, provider, { status: 400, typedClient: client })
    let mustConnectAgain = 0
    const act = { action: 'keep-service-client', target: { type: 'credential', id } } as const
    await this.administration.act(session, act, async () => {
      await this.requireEditable(id)
      const { added, lost } = await this.changes.put({ provider: id, ownerId: null }, client, 'page')
      mustConnectAgain = lost
      return { provider: id, client: client.clientId, replaced: !added, must_connect_again: lost }
    })
    goTo(response, doneAt(id, 'client', mustConnectAgain))
  }

  @Post(':provider/token')
  @HttpCode(200)
  async keepToken(
    @CurrentSession() session: Session,
    @Param('provider') id: string,
    @Body() body: Record<string, unknown> | undefined,
    @Res() response: Response,
  ) {
    const provider = this.requireWith(id, 'token')
    const typed = readTokenForm(provider, body ?? {})
    if (Object.keys(typed.errors).length > 0) {
      return this.show(session, response, provider, { status: 400, typedToken: typed })
    }
    let mustConnectAgain = 0
    const act = { action: 'keep-shared-account', target: { type: 'credential', id } } as const
    try {
      await this.administration.act(session, act, async () => {
        const account = await this.identify(provider, typed)
        const { added, lost } = await this.changes.putSharedToken(id, account, typed)
        mustConnectAgain = lost
        return { provider: id, account: account.label, replaced: !added, must_connect_again: lost }
      })
    } catch (error) {
      if (!(error instanceof Problem) || !(error.cause instanceof Error)) throw error
      const fault = tokenFault(error.cause, provider)
      if (!fault) throw error
      const errors = { [fault.field ?? '']: fault.words }
      const shown = fault.field ? { typedToken: { ...typed, errors } } : { typedToken: typed, fault: fault.words }
      return this.show(session, response, provider, { status: 400, ...shown })
    }
    goTo(response, doneAt(id, 'token', mustConnectAgain))
  }

  @Get(':provider/:kind/remove')
  async ask(
    @CurrentSession() session: Session,
    @Param('provider') id: string,
    @Param('kind') kind: string,
    @Res() response: Response,
  ) {
    const { provider, credential } = await this.requireRemovable(id, kind)
    const { service } = provider.connect
    const client = kind === 'client'
    const question = client
      ? t('Remove the OAuth client of {service}?', { service })
      : t('Stop sharing {account}?', { account: credential.label })
    const count = credential.connections
    const body = QuestionPage({
      eyebrow: shown(provider, provider.title),
      question,
      effects: [
        count > 0
          ? t(
              '{count, plural, one {This disconnects # account: no program can use it any more, from the very next call on.} other {This disconnects # accounts: no program can use them any more, from the very next call on.}}',
              { count },
            )
          : t('No account is connected by it.'),
        ...(client
          ? [
              t('Nobody can connect an account through it until you enter another.'),
              t(
                '{service} is not told. People find this server among the applications with access to their account there; so does whoever deletes the client at {service}.',
                { service },
              ),
            ]
          : [
              t('The token is deleted here. Delete it at {service} too, if you need it for nothing else.', { service }),
            ]),
      ],
      button: client ? t('Remove') : t('Stop sharing'),
      danger: true,
      action: `${credentialsPath}/${id}/${kind}/remove`,
      csrfToken: session.csrfToken,
      fields: {},
      back: `${credentialsPath}/${id}`,
    })
    this.pages.ask(response, session, question, body)
  }

  @Post(':provider/:kind/remove')
  @HttpCode(200)
  async remove(
    @CurrentSession() session: Session,
    @Param('provider') id: string,
    @Param('kind') kind: string,
    @Res() response: Response,
  ) {
    const { credential } = await this.requireRemovable(id, kind)
    const action = kind === 'client' ? 'remove-service-client' : 'remove-shared-account'
    await this.administration.act(session, { action, target: { type: 'credential', id } }, async () => ({
      provider: id,
      disconnected: await this.changes.remove(credential),
    }))
    goTo(response, doneAt(id, kind === 'client' ? 'client-removed' : 'token-removed', 0))
  }

  /** What a service says to a token that was typed is for the page; the log of what administrators do gets a problem. */
  private async identify(provider: ConnectedProvider, typed: TypedToken) {
    return this.flow.identifyByToken(provider, typed).catch((cause: unknown) => {
      const fault = tokenFault(cause, provider)
      throw fault ? new Problem('invalid-arguments', fault.words, {}, { cause }) : cause
    })
  }

  private async show(session: Session, response: Response, provider: ConnectedProvider, given: Shown): Promise<void> {
    const { status = 200, typedClient, typedToken, fault, query = {} } = given
    const setUp = this.toSetUp(provider, await this.credentials.list({ provider: provider.id, ownerId: null }))
    const body = CredentialPage({
      ...setUp,
      csrfToken: session.csrfToken,
      typedClient,
      token: offeredToken(provider, typedToken),
      fault,
      done: dones.find((done) => done === query.done && holds(done, setUp)),
      lost: Math.max(0, Math.trunc(Number(query.lost ?? 0))) || 0,
    })
    this.pages.send(response, session, { title: shown(provider, provider.title), tab: credentialsPath, status }, body)
  }

  private toSetUp(provider: ConnectedProvider, shared: readonly Credential[]): ServiceSetUp {
    const find = (kind: Credential['kind']) => shared.find((one) => one.provider === provider.id && one.kind === kind)
    const redirectUri = callbackUrl(this.settings.publicUrl, provider.id)
    return { provider, client: find('oauth-client'), shared: find('token'), redirectUri }
  }

  /** Throws Problem not-found. */
  private requireWith(id: string, way: 'oauth' | 'token'): ConnectedProvider {
    const provider = this.connectables.require(id)
    if (provider.connect[way]) return provider
    throw new Problem('not-found', t('{service} is not connected in this way.', { service: provider.connect.service }))
  }

  /** Throws Problem conflict for what the environment gives. */
  private async requireEditable(provider: string): Promise<void> {
    const client = await this.credentials.findSharedClient(provider)
    if (client?.origin !== 'environment') return
    throw new Problem('conflict', t('The environment gives this client. Change it where the server is started.'))
  }

  /** Throws Problem not-found, conflict. */
  private async requireRemovable(
    id: string,
    kind: string,
  ): Promise<{ provider: ConnectedProvider; credential: Credential }> {
    const { provider, client, shared } = this.toSetUp(
      this.connectables.require(id),
      await this.credentials.list({ provider: id, ownerId: null }),
    )
    const credential = { client, token: shared }[kind]
    if (!credential)
      throw new Problem('not-found', t('There is nothing to remove, or no longer. Go back to the credentials.'))
    if (credential.origin === 'environment') await this.requireEditable(id)
    return { provider, credential }
  }
}

function doneAt(provider: string, done: CredentialDone, lost: number): string {
  return `${credentialsPath}/${provider}?done=${done}${lost > 0 ? `&lost=${lost}` : ''}`
}

/** An old link must not tell what is no longer so. */
function holds(done: CredentialDone, { client, shared }: ServiceSetUp): boolean {
  switch (done) {
    case 'client':
      return client !== undefined
    case 'token':
      return shared !== undefined
    case 'client-removed':
      return client === undefined
    case 'token-removed':
      return shared === undefined
  }
}
