// An MCP client program on the official SDKs, as people run it: it opens a person's browser for consent and keeps its tokens.
import { randomUUID } from 'node:crypto'
import { Client as ClientV2, StreamableHTTPClientTransport as TransportV2 } from '@modelcontextprotocol/client'
import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as TransportV1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Page, Person } from '@sekisho/testing'

export const sdkKinds = ['SDK v1', 'SDK v2 legacy', 'SDK v2 auto', 'SDK v2 pinned to 2026-07-28'] as const
export type SdkKind = (typeof sdkKinds)[number]

/** What the person does on the consent page: press a button, having unchecked some scopes. */
export interface Consent {
  decision: 'allow' | 'deny'
  /** Only these stay checked; all when undefined. */
  scopes?: readonly string[]
}

export interface ToolAnswer {
  isError?: boolean
  structuredContent?: Record<string, unknown>
  content: { type: string; text?: string }[]
}

interface Tokens {
  access_token: string
  token_type: string
  refresh_token?: string
  scope?: string
}

export interface ClientProgramOptions {
  kind: SdkKind
  mcpUrl: URL
  /** Whose browser opens when consent is needed. */
  person: Person
  /** https URL of its metadata document; without one it registers itself. */
  clientMetadataUrl?: string
  name?: string
}

export const redirectUrl = 'http://localhost:33418/callback'

export class ClientProgram {
  tokens: Tokens | undefined
  /** Every consent page it made its person see. */
  readonly consentPages: Page[] = []
  consent: Consent = { decision: 'allow' }
  registrations = 0
  private clientInformation: { client_id: string } | undefined
  private verifier = ''
  private discovery: unknown
  private authorizationUrl: URL | undefined
  private state = ''
  private client: ClientV1 | ClientV2 | undefined
  private transport: TransportV1 | TransportV2 | undefined

  constructor(private readonly options: ClientProgramOptions) {}

  get clientId(): string | undefined {
    return this.clientInformation?.client_id
  }

  /** Connects, with whatever sign-in and consent that takes. */
  async connect(): Promise<void> {
    try {
      await this.open()
    } catch (error) {
      await this.finishConsent(error)
      await this.open()
    }
  }

  async listTools(): Promise<{ name: string }[]> {
    return (await this.requireClient().listTools()).tools
  }

  /** Calls a tool; a call that needs more scopes makes the person consent again and is then repeated. */
  async callTool(name: string, args: Record<string, unknown> = {}): Promise<ToolAnswer> {
    try {
      return await this.callOnce(name, args)
    } catch (error) {
      await this.finishConsent(error)
      await this.open()
      return this.callOnce(name, args)
    }
  }

  async callOnce(name: string, args: Record<string, unknown> = {}): Promise<ToolAnswer> {
    return (await this.requireClient().callTool({ name, arguments: args })) as ToolAnswer
  }

  async close(): Promise<void> {
    await this.client?.close()
  }

  /** When the SDK gave up to ask the person, lets them consent and redeems the code; any other error is thrown on. */
  private async finishConsent(error: unknown): Promise<void> {
    const url = this.authorizationUrl
    if (url === undefined) throw error
    this.authorizationUrl = undefined
    const { searchParams } = await this.askThePerson(url)
    if (this.transport instanceof TransportV2) await this.transport.finishAuth(searchParams)
    else await this.transport?.finishAuth(searchParams.get('code') ?? '')
    await this.client?.close()
  }

  private async open(): Promise<void> {
    const { kind, mcpUrl, name = 'Journey' } = this.options
    const information = { name, version: '1.0.0' }
    if (kind === 'SDK v1') {
      const client = new ClientV1(information)
      this.transport = new TransportV1(mcpUrl, { authProvider: this.oauthProvider() as never })
      this.client = client
      await client.connect(this.transport)
      return
    }
    const mode = kind === 'SDK v2 legacy' ? 'legacy' : kind === 'SDK v2 auto' ? 'auto' : { pin: '2026-07-28' }
    const client = new ClientV2(information, { versionNegotiation: { mode } })
    this.transport = new TransportV2(mcpUrl, { authProvider: this.oauthProvider() as never })
    this.client = client
    await client.connect(this.transport)
  }

  /** The protocol revision in use. */
  get protocolVersion(): string | undefined {
    return this.client instanceof ClientV2
      ? this.client.getNegotiatedProtocolVersion()
      : this.transport instanceof TransportV1
        ? this.transport.protocolVersion
        : undefined
  }

  /** Opens the authorization URL in the person's browser, decides on the consent page, and gives the callback's URL. */
  private async askThePerson(url: URL): Promise<URL> {
    const { person } = this.options
    const page = await person.open(url)
    this.consentPages.push(page)
    const form = page.forms.find(({ buttons }) => buttons.some(([, value]) => value === 'allow'))
    if (!form) throw new Error(`no consent form at ${page.url} (${page.status}): ${page.body.slice(0, 500)}`)
    const { decision, scopes } = this.consent
    const kept = form.fields.filter(
      ([name, value]) => name !== 'scope' || scopes === undefined || scopes.includes(value),
    )
    const callback = await person.submit(page, { ...form, fields: kept }, {}, decision)
    if (`${callback.url.origin}${callback.url.pathname}` !== redirectUrl) {
      throw new Error(`consent ended at ${callback.url} (${callback.status}): ${callback.body.slice(0, 500)}`)
    }
    if (callback.url.searchParams.get('state') !== this.state) throw new Error('state does not match')
    const refused = callback.url.searchParams.get('error')
    if (refused) throw new Error(refused)
    return callback.url
  }

  private requireClient() {
    if (!this.client) throw new Error('connect first')
    return this.client
  }

  /** The SDKs' OAuthClientProvider; both have the same members. */
  private oauthProvider() {
    const { clientMetadataUrl, name = 'Journey' } = this.options
    return {
      redirectUrl,
      ...(clientMetadataUrl ? { clientMetadataUrl } : {}),
      clientMetadata: {
        client_name: name,
        redirect_uris: [redirectUrl],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
      },
      state: () => {
        this.state = randomUUID()
        return this.state
      },
      clientInformation: () => this.clientInformation,
      saveClientInformation: (information: { client_id: string }) => {
        this.registrations++
        this.clientInformation = information
      },
      tokens: () => this.tokens,
      saveTokens: (tokens: Tokens) => {
        this.tokens = tokens
      },
      redirectToAuthorization: (url: URL) => {
        this.authorizationUrl = url
      },
      saveCodeVerifier: (verifier: string) => {
        this.verifier = verifier
      },
      codeVerifier: () => this.verifier,
      saveDiscoveryState: (state: unknown) => {
        this.discovery = state
      },
      discoveryState: () => this.discovery,
      invalidateCredentials: (scope: 'all' | 'client' | 'tokens' | 'verifier' | 'discovery') => {
        if (scope === 'all' || scope === 'tokens') this.tokens = undefined
        if (scope === 'all' || scope === 'client') this.clientInformation = undefined
      },
    }
  }
}
