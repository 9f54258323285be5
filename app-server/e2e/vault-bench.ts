// What the tests of the vault share: app servers with the connected provider, people with accounts, and calls of its tools.
import { randomUUID } from 'node:crypto'
import type { FakeAccount } from '@sekisho/fakes'
import { OAuthProgram, type Person } from '@sekisho/testing'
import { DataSource } from 'typeorm'
import { Database } from '../src/platform/database/database.js'
import { SecretBox } from '../src/platform/secret-box.js'
import { type Connection, Connections } from '../src/vault/connections.js'
import { Credentials } from '../src/vault/credentials.js'
import { startTestApp, type TestApp } from './app.js'
import { CloudService, cloudClient, settingsFor } from './cloud-service.js'
import { cloudProvider, strayProvider } from './connected-provider.js'
import { claimsOf } from './oauth-bench.js'

const redirectUri = 'http://localhost/callback'

export interface VaultBench {
  readonly app: TestApp
  readonly cloud: CloudService
  readonly database: Database
  readonly connections: Connections
  readonly credentials: Credentials
  /** The operator's OAuth client of the service. */
  readonly sharedClientId: string
  /** Somebody with a bearer for all tools of the connected provider. */
  caller(name: string): Promise<VaultCaller>
  /** An account as the connect flow would keep it. */
  connect(caller: VaultCaller, account: FakeAccount, scopes?: readonly string[]): Promise<Connection>
  close(): Promise<void>
}

export interface VaultCaller {
  readonly person: Person
  readonly userId: string
  readonly bearer: string
}

export interface CallAnswer {
  readonly status: number
  readonly body: Record<string, unknown>
}

export const allCloudScopes = ['profile', 'files.read', 'files.write']

export async function openVaultBench(env: Record<string, string> = {}): Promise<VaultBench> {
  const cloud = await new CloudService().listen()
  const app = await startTestApp({
    providers: [cloudProvider, strayProvider],
    env: { ...settingsFor(cloud), ...env },
  })
  const dataSource = await new DataSource({ type: 'postgres', url: app.settings.databaseUrl }).initialize()
  const database = new Database(dataSource)
  const box = new SecretBox(app.settings)
  const connections = new Connections(database, box)
  const credentials = new Credentials(database, box)
  const { id: sharedClientId } = await credentials.create({
    provider: 'cloud',
    kind: 'oauth-client',
    label: 'Cloud',
    clientId: cloudClient.clientId,
    secret: cloudClient.clientSecret,
  })
  return {
    app,
    cloud,
    database,
    connections,
    credentials,
    sharedClientId,
    async caller(name) {
      const person = await app.signedIn(name)
      const program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
      const { access_token: bearer } = await program.authorize(person, 'cloud:read cloud:write stray:read')
      return { person, bearer, userId: String(claimsOf(bearer).sub) }
    },
    async connect({ userId }, account, scopes = allCloudScopes) {
      const tokens = await tokensFor(cloud, account, scopes)
      return connections.keep({
        userId,
        provider: 'cloud',
        credentialId: sharedClientId,
        account: { id: account.id, label: account.email, details: {} },
        scopes,
        tokens,
      })
    },
    async close() {
      await dataSource.destroy()
      await app.close()
      await cloud.close()
    },
  }
}

/** Tokens as the service's token endpoint gives them for a code. */
export async function tokensFor(cloud: CloudService, account: FakeAccount, scopes: readonly string[]) {
  const code = cloud.oauth.codeFor(account, scopes, redirectUri)
  const form = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: redirectUri })
  const { clientId, clientSecret } = cloudClient
  const { body } = cloud.oauth.token(form, { id: clientId, secret: clientSecret })
  const { access_token, refresh_token, expires_in } = body as Record<string, string> & { expires_in?: number }
  return {
    accessToken: access_token ?? '',
    ...(refresh_token ? { refreshToken: refresh_token } : {}),
    ...(expires_in ? { expiresAt: new Date(Date.now() + expires_in * 1000) } : {}),
  }
}

/** As if their tokens had expired a minute ago: the service does not take them any more, and our rows say so. */
export async function expireTokens({ cloud, app }: VaultBench): Promise<void> {
  cloud.oauth.expireAccessTokens()
  await app.sql(
    `UPDATE oauth_tokens SET expires_at = now() - interval '1 minute', refreshed_at = now() - interval '1 hour'`,
  )
}

/** Everything that was written down so far, as one text: log lines, audit entries, notifications. */
export async function writtenDown({ app }: VaultBench): Promise<string> {
  const entries = await app.sql('SELECT * FROM audit_entries')
  const notifications = await app.sql('SELECT * FROM notifications')
  return JSON.stringify([app.logLines, entries, notifications])
}

/** What no text may carry: tokens of the service, and the secret of our client. */
export const secretWords = /cloud_at_|cloud_rt_|cloud-client-secret-kept/

/** Calls a tool over the direct API. */
export async function callTool(
  url: string,
  { bearer }: Pick<VaultCaller, 'bearer'>,
  tool: string,
  given: Record<string, unknown> = {},
): Promise<CallAnswer> {
  const response = await fetch(`${url}/api/tools/${tool}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}`, 'x-request-id': randomUUID() },
    body: JSON.stringify(given),
  })
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}
