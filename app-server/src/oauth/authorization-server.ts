// The authorization server: oidc-provider on our paths, on our tables, speaking of itself by its public address only.
import type { EventEmitter } from 'node:events'
import { type IncomingMessage, STATUS_CODES } from 'node:http'
import { Inject, Injectable } from '@nestjs/common'
import type { NestExpressApplication } from '@nestjs/platform-express'
import type { NextFunction, Request, Response } from 'express'
import { type ErrorOut, errors, type KoaContextWithOIDC, Provider } from 'oidc-provider'
import { Accounts } from '../accounts/accounts.js'
import { addressOf, Sessions } from '../accounts/session.js'
import { Pages } from '../platform/html/pages.js'
import { Log } from '../platform/log.js'
import { SecretBox } from '../platform/secret-box.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { ProviderRegistry } from '../providers/provider-registry.js'
import { Allowance } from './allowance.js'
import { Artifacts } from './artifacts.js'
import { AuthorizationAudit } from './authorization-audit.js'
import { AuthorizationErrorPage } from './authorization-error.page.js'
import { ClientDocuments } from './client-documents.js'
import type { ClientMetadata } from './clients.js'
import { IssuedTokens } from './issued-tokens.js'
import { clientAuthMethods, type Parts, providerConfiguration, routes, unusedCookie } from './provider-configuration.js'
import { SigningKeys } from './signing-keys.js'
import { t } from './t.js'

/** Bytes of a registration; what a program says about itself is far smaller. */
const registrationBytes = 32 * 1024
/** The most oidc-provider reads of any other body; it says of a larger one only that it cannot be parsed. */
const otherBytes = 56 * 1024

/** Programs that run in a browser register themselves too; it takes no cookie, so any site may. */
const openToAll = {
  'Access-Control-Allow-Origin': '*',
  'Access-Control-Allow-Headers': 'content-type, mcp-protocol-version',
}

/** Authorization requests begun within a minute; each keeps a row until it is answered or expires. */
const requestLimits = { perAddress: 120, total: 3000 } as const

/** Tokens shown to us within a minute to be told of or ended; a resource server may ask for each of its calls. */
const tokenLimits = { perAddress: 1200, total: 12_000 } as const

const reads = ['GET', 'HEAD']
const methodsOf = new Map<string, readonly string[]>([
  [routes.authorization, reads],
  [routes.token, ['POST', 'OPTIONS']],
  [routes.registration, ['POST', 'OPTIONS']],
  [routes.introspection, ['POST', 'OPTIONS']],
  [routes.revocation, ['POST', 'OPTIONS']],
  [routes.jwks, [...reads, 'OPTIONS']],
  ['/.well-known/oauth-authorization-server', [...reads, 'OPTIONS']],
  ['/.well-known/openid-configuration', [...reads, 'OPTIONS']],
])
const resumePath = new RegExp(`^${routes.authorization}/[A-Za-z0-9_-]{1,64}$`)

/** An authorization request that waits for its person. */
export interface Interaction {
  readonly uid: string
  readonly params: { client_id: string; redirect_uri: string; scope: string }
}

/** What the person decided. */
export type Decision = { allowed: { userId: string; grantId: string } } | 'denied'

@Injectable()
export class AuthorizationServer {
  private provider: Provider
  private readonly allowance = new Allowance(requestLimits)
  private readonly tokenAllowance = new Allowance(tokenLimits)
  private handleOAuth: (request: IncomingMessage, response: Response) => void

  constructor(
    @Inject(SETTINGS) private readonly settings: Settings,
    private readonly registry: ProviderRegistry,
    private readonly pages: Pages,
    private readonly log: Log,
    private readonly issued: IssuedTokens,
    accounts: Accounts,
    sessions: Sessions,
    keys: SigningKeys,
    box: SecretBox,
    artifacts: Artifacts,
    documents: ClientDocuments,
    audit: AuthorizationAudit,
  ) {
    const renderError = (ctx: KoaContextWithOIDC, out: ErrorOut, error: Error) => this.renderError(ctx, out, error)
    const parts = { settings, registry, accounts, sessions, keys, box, artifacts, documents, renderError }
    const build = () => this.build(parts, audit)
    this.provider = build()
    this.handleOAuth = this.provider.callback()
    // oidc-provider reads its keys once, so new keys mean a new one. What is under way ends in the one it began in.
    const rebuild = () => {
      this.provider = build()
      this.handleOAuth = this.provider.callback()
    }
    keys.onChange(rebuild)
    box.onChange(rebuild)
  }

  /** Express middleware: takes the paths of the authorization server, before anything has read the body. */
  readonly handle = (request: Request, response: Response, next: NextFunction): void => {
    const methods = resumePath.test(request.path) ? reads : methodsOf.get(request.path)
    if (!methods) {
      next()
    } else if (!methods.includes(request.method)) {
      refuse(response.set('Allow', methods.join(', ')), 405)
    } else if (Number(request.headers['content-length']) > bytesAt(request.path)) {
      refuse(response, 413)
    } else if (request.path === routes.authorization && !this.allowance.take(addressOf(request))) {
      refuse(response.set('Retry-After', '60'), 429)
    } else if (takesTokens(request) && !this.tokenAllowance.take(addressOf(request))) {
      refuse(response.set('Retry-After', '60'), 429)
    } else if (isAdministratorsWay(request)) {
      next()
    } else if (request.path === routes.registration && request.method === 'OPTIONS') {
      response
        .set({ ...openToAll, 'Access-Control-Allow-Methods': 'POST' })
        .status(204)
        .end()
    } else {
      if (request.path === routes.registration) response.set(openToAll)
      const { host, protocol } = new URL(this.settings.publicUrl)
      request.headers.host = host
      request.headers['x-forwarded-proto'] = protocol.slice(0, -1)
      delete request.headers['x-forwarded-host']
      this.handleOAuth(request, response)
    }
  }

  /** The waiting authorization request of this browser; undefined when there is none, or it began in another browser. */
  async findInteraction(request: Request, response: Response, uid: string): Promise<Interaction | undefined> {
    try {
      const interaction = await this.provider.interactionDetails(request, response)
      if (interaction.uid !== uid) return undefined
      return { uid, params: interaction.params as unknown as Interaction['params'] }
    } catch (error) {
      if (error instanceof errors.SessionNotFound) return undefined
      throw error
    }
  }

  /** The metadata of a client; undefined when it is none (any more) or its document cannot be read. */
  async findClient(clientId: string): Promise<ClientMetadata | undefined> {
    try {
      const client = await this.provider.Client.find(clientId)
      return client?.metadata() as ClientMetadata | undefined
    } catch (error) {
      if (error instanceof errors.OIDCProviderError) return undefined
      throw error
    }
  }

  /**
   * Notes the decision and gives the address where the browser takes it back to the program; undefined when the request
   * was answered meanwhile.
   */
  async decide(request: Request, response: Response, decision: Decision): Promise<string | undefined> {
    const result =
      decision === 'denied'
        ? { error: 'access_denied', error_description: 'the person did not allow it' }
        : {
            login: { accountId: decision.allowed.userId, remember: false },
            select_account: {},
            consent: { grantId: decision.allowed.grantId },
          }
    try {
      return await this.provider.interactionResult(request, response, result)
    } catch (error) {
      if (error instanceof errors.SessionNotFound) return undefined
      throw error
    }
  }

  private build(parts: Parts, audit: AuthorizationAudit): Provider {
    const provider = new Provider(this.settings.publicUrl, providerConfiguration(parts))
    // Its address is always the public one (see `handle`), which may be https although this process speaks http.
    provider.proxy = true
    provider.use(async (ctx, next) => {
      await next()
      await this.settleAnswer(ctx as KoaContextWithOIDC)
    })
    this.listen(provider)
    audit.listen(provider)
    return provider
  }

  private async settleAnswer(ctx: KoaContextWithOIDC): Promise<void> {
    if (ctx.headerSent || ctx.oidc === undefined) return
    const { route } = ctx.oidc
    if (route === 'introspection' || route === 'revocation') await this.answerAboutToken(ctx, route)
    if (route === 'discovery') {
      Object.assign(ctx.body as object, {
        scopes_supported: [...this.registry.scopes.keys()],
        response_modes_supported: ['query'],
        // RFC 8414, section 2: who leaves these out says that only client_secret_basic will do.
        introspection_endpoint_auth_methods_supported: [...clientAuthMethods],
        revocation_endpoint_auth_methods_supported: [...clientAuthMethods],
      })
    }
    const cookies = ctx.response.get('Set-Cookie') as unknown as string[] | string
    const meant = [cookies].flat().filter((cookie) => cookie && !cookie.startsWith(unusedCookie))
    if (meant.length > 0) ctx.set('Set-Cookie', meant)
    else ctx.remove('Set-Cookie')
  }

  /**
   * Once oidc-provider has authenticated the client, the answer is ours: it refuses signed tokens, as the very next thing,
   * and is told to decide nothing about others.
   */
  private async answerAboutToken(ctx: KoaContextWithOIDC, route: 'introspection' | 'revocation'): Promise<void> {
    const refusesSigned = (ctx.body as { error?: unknown } | undefined)?.error === 'unsupported_token_type'
    const { client, params } = ctx.oidc
    if (!client || typeof params?.token !== 'string' || (ctx.status !== 200 && !refusesSigned)) return
    const { clientId } = client
    try {
      if (route === 'introspection') {
        ctx.body = await this.issued.introspect(params.token, { clientId })
      } else {
        const ended = await this.issued.revoke(params.token, clientId)
        if (ended) this.log.info({ client: clientId }, 'a client gave its token back: the authorization was ended')
        ctx.body = ''
      }
      ctx.status = 200
    } catch (error) {
      this.log.error({ error, path: ctx.path }, 'the authorization server failed')
      ctx.status = 500
      ctx.body = { error: 'server_error', error_description: 'the token could not be looked up, try again in a moment' }
    }
  }

  /** An authorization request that cannot be answered to the program is answered to the person (RFC 6749, section 4.1.2.1). */
  private renderError(ctx: KoaContextWithOIDC, out: ErrorOut, cause: Error): void {
    const forPerson = ctx.oidc.route === 'authorization' || ctx.oidc.route === 'resume'
    if (!forPerson || ctx.accepts('html', 'json') === 'json') {
      ctx.body = out
      return
    }
    ctx.respond = false
    const error = cause instanceof errors.SessionNotFound ? 'outdated' : out.error
    const options = { title: t('This cannot go on'), status: ctx.status, layout: 'card' } as const
    this.pages.send(ctx.res as Response, options, AuthorizationErrorPage({ error }))
  }

  private listen(provider: Provider): void {
    const failed = (ctx: KoaContextWithOIDC, error: Error) =>
      this.log.error({ error, path: ctx.path }, 'the authorization server failed')
    provider.on('server_error', failed)
    const koa: EventEmitter = provider
    koa.on('error', (error) => this.log.error({ error }, 'the authorization server failed'))
    const refused = (ctx: KoaContextWithOIDC, error: errors.OIDCProviderError) => {
      const { error: fault, error_description: description, error_detail: detail } = error
      const client = ctx.oidc.client?.clientId
      this.log.info(
        { fault, description, detail, client, path: ctx.path },
        'the authorization server refused a request',
      )
    }
    provider.on('authorization.error', refused)
    provider.on('grant.error', refused)
    provider.on('registration_create.error', refused)
    const refusedToken = (ctx: KoaContextWithOIDC, error: errors.OIDCProviderError) => {
      if (!(error instanceof errors.UnsupportedTokenType)) refused(ctx, error)
    }
    provider.on('introspection.error', refusedToken)
    provider.on('revocation.error', refusedToken)
    provider.on('grant.revoked', (_ctx, grantId) =>
      this.log.warn({ grantId }, 'a used code or refresh token came back: the authorization was ended'),
    )
  }
}

function takesTokens({ path, method }: Request): boolean {
  return (path === routes.introspection || path === routes.revocation) && method === 'POST'
}

/** An administrator shows a bearer or a session instead of a client's credentials: introspection.controller.ts. */
function isAdministratorsWay({ path, method, headers }: Request): boolean {
  if (path !== routes.introspection || method !== 'POST') return false
  return headers.authorization === undefined
    ? headers['x-csrf-token'] !== undefined
    : /^Bearer(?: |$)/i.test(headers.authorization)
}

function bytesAt(path: string): number {
  return path === routes.registration ? registrationBytes : otherBytes
}

function refuse(response: Response, status: 405 | 413 | 429): void {
  const description = String(STATUS_CODES[status]).toLowerCase()
  const error = status === 429 ? 'temporarily_unavailable' : 'invalid_request'
  response.status(status).json({ error, error_description: description })
}

/** Puts the authorization server in front of the application; call it before any body parser. */
export function mountAuthorizationServer(app: NestExpressApplication): void {
  app.use(app.get(AuthorizationServer).handle)
}
