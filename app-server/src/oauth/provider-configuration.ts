// How oidc-provider is set up: what an authorization request may ask, what tokens look like, and how long things live.
import type { Request } from 'express'
import { type Configuration, errors, interactionPolicy, type KoaContextWithOIDC } from 'oidc-provider'
import type { Accounts } from '../accounts/accounts.js'
import { addressOf, type Sessions } from '../accounts/session.js'
import type { SecretBox } from '../platform/secret-box.js'
import type { Settings } from '../platform/settings.js'
import type { ProviderRegistry } from '../providers/provider-registry.js'
import type { Artifacts } from './artifacts.js'
import type { ClientDocuments } from './client-documents.js'
import { settleClientMetadata } from './client-metadata.js'
import type { ClientMetadata } from './clients.js'
import { requestedScopes, resourceNames } from './resource.js'
import { type SigningKeys, signingAlgorithm } from './signing-keys.js'

/** How long a person may take over sign-in and consent. */
const interactionSeconds = 30 * 60
const codeSeconds = 60
/** Longest life of a client's assertion about itself. */
const assertionSeconds = 60 * 60

export const routes = {
  authorization: '/oauth/authorize',
  token: '/oauth/token',
  registration: '/oauth/register',
  introspection: '/oauth/introspect',
  revocation: '/oauth/revoke',
  jwks: '/.well-known/jwks.json',
} as const

/** How clients prove who they are, wherever they have to. */
export const clientAuthMethods = ['none', 'client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const

/** oidc-provider's session is never kept, so its cookie would mean nothing: it is not sent. */
export const unusedCookie = 'sekisho_authorization'

export interface Parts {
  settings: Settings
  registry: ProviderRegistry
  accounts: Accounts
  sessions: Sessions
  keys: SigningKeys
  box: SecretBox
  artifacts: Artifacts
  documents: ClientDocuments
  renderError: NonNullable<Configuration['renderError']>
}

export function providerConfiguration(parts: Parts): Configuration {
  const { settings, registry, keys, box, artifacts, documents } = parts
  const off = { enabled: false }
  // As the keystore below is made of: the keys may be others by the time a token is signed (AuthorizationServer.build).
  const { kid } = keys.current
  return {
    adapter: (model: string) => artifacts.storeOf(model),
    jwks: { keys: keys.all().map(({ privateJwk }) => privateJwk) } as NonNullable<Configuration['jwks']>,
    routes,
    cookies: {
      keys: box.deriveKeys('cookies of the authorization server').map((key) => key.toString('base64url')),
      names: { session: unusedCookie, interaction: 'sekisho_interaction', resume: 'sekisho_resume' },
      short: { httpOnly: true, sameSite: 'lax', signed: true, secure: settings.secure },
      long: { httpOnly: true, sameSite: 'lax', signed: true, secure: settings.secure },
    },
    scopes: [],
    responseTypes: ['code'],
    pkce: { required: () => true },
    clientAuthMethods: [...clientAuthMethods],
    clientDefaults: {
      grant_types: ['authorization_code', 'refresh_token'],
      response_types: ['code'],
      id_token_signed_response_alg: signingAlgorithm,
    },
    // One property of our own makes oidc-provider call us for every client before it looks itself.
    extraClientMetadata: {
      properties: ['software_id'],
      validator: (_ctx, _name, _value, metadata) => settleClientMetadata(metadata as ClientMetadata),
    },
    extraParams: {
      scope: (ctx, value) => settleScope(ctx, value, registry),
      response_mode: requireQueryMode,
    },
    features: {
      devInteractions: off,
      dPoP: off,
      rpInitiatedLogout: off,
      userinfo: off,
      pushedAuthorizationRequests: off,
      registration: { enabled: true, issueRegistrationAccessToken: false },
      // oidc-provider authenticates the client and decides nothing: it knows no signed tokens. What becomes of the token
      // is up to issued-tokens.ts, once the client is known.
      introspection: { enabled: true, allowedPolicy: () => false },
      revocation: { enabled: true, allowedPolicy: () => false },
      clientIdMetadataDocument: {
        enabled: true,
        ack: 'draft-02',
        // Counted where strangers come. At the token endpoint, and for our own pages (which have no context here), only
        // clients come that somebody has authorized or is about to; they are not held up by strangers.
        allowFetch: (ctx?: KoaContextWithOIDC) =>
          ctx?.oidc.route !== 'authorization' || documents.allowFetch(addressOf(ctx.req as Request)),
        // Also asked for documents that are still cached. Clients that registered themselves are not found when blocked.
        allowClient: (_ctx, client) => documents.isWelcome(client.clientId),
        cacheDuration: { min: 60, max: 3600 },
      },
      resourceIndicators: {
        enabled: true,
        // Clients older than RFC 8707 name none; there is only one that can be meant.
        defaultResource: (_ctx, _client, oneOf) => oneOf ?? settings.mcpUrl,
        getResourceServerInfo: (_ctx, resource) => {
          if (!resourceNames(settings.mcpUrl).includes(resource)) throw new errors.InvalidTarget()
          return {
            scope: [...registry.scopes.keys()].join(' '),
            audience: settings.mcpUrl,
            accessTokenFormat: 'jwt',
            accessTokenTTL: settings.accessTokenSeconds,
            jwt: { sign: { alg: signingAlgorithm, kid } },
          }
        },
      },
    },
    ttl: {
      AccessToken: settings.accessTokenSeconds,
      AuthorizationCode: codeSeconds,
      Interaction: interactionSeconds,
      RefreshToken: settings.refreshTokenSeconds,
      Session: interactionSeconds,
    },
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    expiresWithSession: () => false,
    findAccount: async (_ctx, sub) => {
      const account = await parts.accounts.find(sub)
      if (account?.status !== 'active') return undefined
      const { id, email, name } = account
      return { accountId: id, user: { id, email, name }, claims: async () => ({ sub: id }) }
    },
    extraTokenClaims: (ctx, token) => ({
      user: ctx.oidc.account?.user,
      grant_id: 'grantId' in token ? token.grantId : undefined,
    }),
    loadExistingGrant: async (ctx) => {
      const grantId = ctx.oidc.result?.consent?.grantId
      return grantId === undefined ? undefined : ctx.oidc.provider.Grant.find(grantId)
    },
    interactions: { policy: policyOf(parts.sessions), url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    assertJwtClientAuthClaimsAndHeader: (_ctx, { exp }) => {
      // Each assertion is remembered until it expires, so it must expire soon (RFC 7523, section 3).
      if (typeof exp !== 'number' || exp > Date.now() / 1000 + assertionSeconds) throw new errors.InvalidClientAuth()
    },
    // A token endpoint without cookies gives nothing to another site that it could not have asked for itself.
    clientBasedCORS: () => true,
    fetch: (url, options) =>
      documents.fetch(url as string | URL, Object.fromEntries(new Headers(options?.headers as Record<string, string>))),
    fetchResponseBodyLimits: { 'client_id metadata document': 16 * 1024, jwks_uri: 64 * 1024 },
    renderError: parts.renderError,
  }
}

/**
 * Every authorization is asked for, and only whoever is signed in here and now can have given it. The prompts a client may
 * name (OpenID Connect) are all met by that: nothing is ever allowed without the page that says who is signed in.
 */
function policyOf(sessions: Sessions) {
  const { Check, Prompt } = interactionPolicy
  return [
    new Prompt(
      { name: 'login', requestable: true },
      new Check('not_signed_in', 'sign-in is needed', ({ oidc }) => !oidc.session?.accountId),
      new Check('session_ended', 'the session ended', async (ctx) => {
        const accountId = ctx.oidc.session?.accountId
        if (!accountId) return false
        const session = await sessions.find(ctx.req as Request)
        if (session?.viewer.id === accountId) return false
        throw new errors.AccessDenied('the session ended before the authorization was complete')
      }),
    ),
    // The consent page says who is signed in and lets them switch.
    new Prompt({ name: 'select_account', requestable: true }),
    new Prompt(
      { name: 'consent', requestable: true },
      new Check('consent_needed', 'consent is asked for each time', ({ oidc }) => !oidc.result?.consent),
    ),
  ] as unknown as interactionPolicy.DefaultPolicy
}

function settleScope(ctx: KoaContextWithOIDC, scope: string | undefined, registry: ProviderRegistry): void {
  const scopes = requestedScopes(scope, registry)
  if (!scopes) throw new errors.InvalidScope('none of the requested scopes exists here', scope ?? '')
  if (ctx.oidc.params) ctx.oidc.params.scope = scopes.join(' ')
}

/** Answers go back in the query alone; the other modes need a page with a script that our policy forbids. */
function requireQueryMode(ctx: KoaContextWithOIDC, mode: string | undefined): void {
  if (mode === undefined || mode === 'query') return
  if (ctx.oidc.params) ctx.oidc.params.response_mode = undefined
  throw new errors.UnsupportedResponseMode()
}
