// Google's sign-in as it is on the wire: consent, tokens with PKCE, userinfo; and it misbehaves when told to.
// Shapes: developers.google.com/identity/openid-connect, RFC 6749, RFC 7636, OpenID Connect Core 5.3.
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FakePerson {
  sub: string
  email: string
  email_verified: boolean | string
  name?: string
}

/** What an endpoint does instead of its work. */
export type Misbehaviour =
  | { kind: 'hang' }
  | { kind: 'drop' }
  | { kind: 'answer'; status: number; body: string; contentType?: string }
  | { kind: 'slow'; delayMs: number }

type Endpoint = 'token' | 'userinfo'

interface Grant {
  person: FakePerson
  redirectUri: string
  codeChallenge: string
}

export interface SeenRequest {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  form: URLSearchParams
}

const clientId = '1234-fake.apps.googleusercontent.com'
const clientSecret = 'GOCSPX-fake'
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

export class GoogleFake {
  /** Who is signed in at Google in the browser that comes. */
  person: FakePerson = { sub: '1001', email: 'mika@example.com', email_verified: true, name: 'Mika Tanaka' }
  /** Redirect URIs of the client, as entered in Google's console. Undefined: any. */
  redirectUris: string[] | undefined
  readonly seen: SeenRequest[] = []

  private readonly codes = new Map<string, Grant>()
  private readonly accessTokens = new Map<string, FakePerson>()
  private readonly misbehaving = new Map<Endpoint, Misbehaviour>()
  private readonly server = createServer((request, response) => {
    this.serve(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error))
    })
  })

  static async start(): Promise<GoogleFake> {
    const fake = new GoogleFake()
    await new Promise<void>((resolve) => fake.server.listen(0, '127.0.0.1', resolve))
    return fake
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  get url(): string {
    return `http://${this.host}`
  }

  /** The app server's settings that lead here. */
  get env(): Record<string, string> {
    return {
      GOOGLE_CLIENT_ID: clientId,
      GOOGLE_CLIENT_SECRET: clientSecret,
      GOOGLE_ACCOUNTS_URL: this.url,
      GOOGLE_API_URL: this.url,
      GOOGLE_TOKEN_URL: `${this.url}/token`,
      OUTBOUND_ALLOWED_HOSTS: this.host,
    }
  }

  misbehave(endpoint: Endpoint, how: Misbehaviour): void {
    this.misbehaving.set(endpoint, how)
  }

  behave(): void {
    this.misbehaving.clear()
    this.person = { sub: '1001', email: 'mika@example.com', email_verified: true, name: 'Mika Tanaka' }
    this.seen.length = 0
  }

  async close(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise<void>((resolve) => this.server.close(() => resolve()))
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url)
    const form = new URLSearchParams(await textOf(request))
    const method = request.method ?? 'GET'
    this.seen.push({ method, path: url.pathname, query: url.searchParams, headers: request.headers, form })
    const route = `${method} ${url.pathname}`
    if (route === 'GET /o/oauth2/v2/auth') return this.authorize(url.searchParams, response)
    if (route === 'POST /consent') return this.consent(form, response)
    if (route === 'POST /token') return this.unlessMisbehaving('token', response, () => this.token(form, response))
    if (route === 'GET /oauth2/v3/userinfo') {
      return this.unlessMisbehaving('userinfo', response, () => this.userinfo(request, response))
    }
    json(response, 404, { error: 'not_found' })
  }

  /** Google shows its own error page, and never redirects, when the client or its redirect URI is not known. */
  private authorize(query: URLSearchParams, response: ServerResponse): void {
    const redirectUri = query.get('redirect_uri') ?? ''
    const faults = [
      query.get('client_id') !== clientId && 'invalid_client',
      this.redirectUris && !this.redirectUris.includes(redirectUri) && 'redirect_uri_mismatch',
      query.get('response_type') !== 'code' && 'response_type',
      !query.get('scope')?.split(' ').includes('openid') && 'scope',
      query.get('code_challenge_method') !== 'S256' && 'code_challenge_method',
      !/^[\w-]{43}$/.test(query.get('code_challenge') ?? '') && 'code_challenge',
    ].filter(Boolean)
    if (faults.length > 0) {
      html(response, 400, `<h1>Error 400: ${escaped(faults.join(', '))}</h1>`)
      return
    }
    const hidden = ['redirect_uri', 'state', 'code_challenge']
      .map((name) => `<input type="hidden" name="${name}" value="${escaped(query.get(name) ?? '')}"/>`)
      .join('')
    html(
      response,
      200,
      `<h1>Choose an account</h1><form action="/consent" method="post">${hidden}
       <button name="choice" value="allow">${escaped(this.person.email)}</button>
       <button name="choice" value="deny">Cancel</button></form>`,
    )
  }

  private consent(form: URLSearchParams, response: ServerResponse): void {
    const redirectUri = form.get('redirect_uri') ?? ''
    const back = new URL(redirectUri)
    back.searchParams.set('state', form.get('state') ?? '')
    if (form.get('choice') === 'allow') {
      const code = `4/0A${randomBytes(24).toString('base64url')}`
      this.codes.set(code, { person: this.person, redirectUri, codeChallenge: form.get('code_challenge') ?? '' })
      back.searchParams.set('code', code)
      back.searchParams.set('scope', 'email profile openid')
      back.searchParams.set('authuser', '0')
      back.searchParams.set('prompt', 'consent')
    } else {
      back.searchParams.set('error', 'access_denied')
    }
    response.writeHead(302, { location: back.href }).end()
  }

  private token(form: URLSearchParams, response: ServerResponse): void {
    if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret) {
      json(response, 401, { error: 'invalid_client', error_description: 'Unauthorized' })
      return
    }
    const code = form.get('code') ?? ''
    const grant = this.codes.get(code)
    this.codes.delete(code)
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (
      form.get('grant_type') !== 'authorization_code' ||
      !grant ||
      grant.redirectUri !== form.get('redirect_uri') ||
      grant.codeChallenge !== challenge
    ) {
      json(response, 400, { error: 'invalid_grant', error_description: 'Bad Request' })
      return
    }
    const accessToken = `ya29.${randomBytes(32).toString('base64url')}`
    this.accessTokens.set(accessToken, grant.person)
    json(response, 200, {
      access_token: accessToken,
      expires_in: 3599,
      scope: 'openid https://www.googleapis.com/auth/userinfo.email https://www.googleapis.com/auth/userinfo.profile',
      token_type: 'Bearer',
      id_token: idToken(grant.person),
    })
  }

  private userinfo(request: IncomingMessage, response: ServerResponse): void {
    const person = this.accessTokens.get(request.headers.authorization?.replace(/^Bearer /, '') ?? '')
    if (!person) {
      json(response, 401, { error: 'invalid_request', error_description: 'Invalid Credentials' })
      return
    }
    json(response, 200, { ...person, picture: 'https://lh3.googleusercontent.com/a/fake=s96-c' })
  }

  private async unlessMisbehaving(endpoint: Endpoint, response: ServerResponse, work: () => void): Promise<void> {
    const how = this.misbehaving.get(endpoint)
    if (how?.kind === 'hang') return
    if (how?.kind === 'drop') {
      response.socket?.destroy()
      return
    }
    if (how?.kind === 'answer') {
      response.writeHead(how.status, { 'content-type': how.contentType ?? 'application/json' }).end(how.body)
      return
    }
    if (how?.kind === 'slow') await new Promise((resolve) => setTimeout(resolve, how.delayMs))
    work()
  }
}

function idToken(person: FakePerson): string {
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    iss: 'https://accounts.google.com',
    azp: clientId,
    aud: clientId,
    ...person,
    iat: now,
    exp: now + 3600,
  }
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part({ alg: 'RS256', kid: 'fake', typ: 'JWT' })}.${part(claims)}`
  return `${signed}.${sign('sha256', Buffer.from(signed), privateKey).toString('base64url')}`
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=UTF-8' }).end(JSON.stringify(body))
}

function html(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(`<!doctype html>${body}`)
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
