// An OAuth client in plain HTTP, step by step, for tests that need a token or want to do one step wrongly.
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Page, Person } from './person.js'

export interface TokenAnswer {
  access_token: string
  token_type: string
  expires_in: number
  refresh_token?: string
  scope: string
}

interface ServerMetadata {
  issuer: string
  authorization_endpoint: string
  token_endpoint: string
  registration_endpoint: string
}

export const programRedirectUri = 'http://127.0.0.1:41999/callback'

export class OAuthProgram {
  private constructor(
    readonly metadata: ServerMetadata,
    readonly resource: string,
    readonly clientId: string,
  ) {}

  /** Registers a new client (RFC 7591), or uses `clientId` as it is (CIMD). */
  static async at(issuer: string, resource: string, clientId?: string): Promise<OAuthProgram> {
    const metadata = (await (await fetch(`${issuer}/.well-known/oauth-authorization-server`)).json()) as ServerMetadata
    if (clientId !== undefined) return new OAuthProgram(metadata, resource, clientId)
    const registered = await fetch(metadata.registration_endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        client_name: 'Test program',
        redirect_uris: [programRedirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
      }),
    })
    const answer = (await registered.json()) as { client_id?: string }
    if (answer.client_id === undefined) throw new Error(`registration: ${registered.status} ${JSON.stringify(answer)}`)
    return new OAuthProgram(metadata, resource, answer.client_id)
  }

  /** The authorization URL of a new attempt, with what is needed to finish it. */
  begin(
    scope: string,
    changes: Record<string, string | undefined> = {},
  ): { url: URL; verifier: string; state: string } {
    const verifier = randomBytes(32).toString('base64url')
    const state = randomUUID()
    const url = new URL(this.metadata.authorization_endpoint)
    const parameters = {
      response_type: 'code',
      client_id: this.clientId,
      redirect_uri: programRedirectUri,
      scope,
      state,
      resource: this.resource,
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...changes,
    }
    for (const [name, value] of Object.entries(parameters)) if (value !== undefined) url.searchParams.set(name, value)
    return { url, verifier, state }
  }

  /** Lets the person consent; gives the callback's parameters. Only `scopes` stay checked, all when undefined. */
  async consent(
    person: Person,
    url: URL,
    decision: 'allow' | 'deny' = 'allow',
    scopes?: readonly string[],
  ): Promise<URLSearchParams> {
    const page = await person.open(url)
    const callback = await submitConsent(person, page, decision, scopes)
    if (callback.status !== 0) throw new Error(`consent ended at ${callback.url} with ${callback.status}`)
    return callback.url.searchParams
  }

  /** POSTs to the token endpoint. */
  async token(parameters: Record<string, string>): Promise<{ status: number; body: TokenAnswer & { error?: string } }> {
    const response = await fetch(this.metadata.token_endpoint, {
      method: 'POST',
      body: new URLSearchParams({ client_id: this.clientId, ...parameters }),
    })
    return { status: response.status, body: (await response.json()) as TokenAnswer & { error?: string } }
  }

  redeem(code: string, verifier: string) {
    return this.token({
      grant_type: 'authorization_code',
      code,
      code_verifier: verifier,
      redirect_uri: programRedirectUri,
    })
  }

  refresh(refreshToken: string) {
    return this.token({ grant_type: 'refresh_token', refresh_token: refreshToken })
  }

  /** The whole flow: the person allows `scope`, the program gets its tokens. */
  async authorize(person: Person, scope: string): Promise<TokenAnswer> {
    const { url, verifier } = this.begin(scope)
    const callback = await this.consent(person, url)
    const { status, body } = await this.redeem(callback.get('code') ?? '', verifier)
    if (status !== 200) throw new Error(`token: ${status} ${JSON.stringify(body)}`)
    return body
  }
}

/** Presses a button on a consent page, with only `scopes` left checked. */
export async function submitConsent(
  person: Person,
  page: Page,
  decision: 'allow' | 'deny',
  scopes?: readonly string[],
): Promise<Page> {
  const form = page.forms.find(({ buttons }) => buttons.some(([, value]) => value === decision))
  if (!form) throw new Error(`no consent form at ${page.url} (${page.status}): ${page.body.slice(0, 300)}`)
  const fields = form.fields.filter(
    ([name, value]) => name !== 'scope' || scopes === undefined || scopes.includes(value),
  )
  return person.submit(page, { ...form, fields }, {}, decision)
}
