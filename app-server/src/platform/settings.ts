// Everything the app server can be told from outside: one schema over the environment, checked before anything starts.
import { readSettings, setting, withSettingsFromFiles } from '@sekisho/contracts'
import { metricsPort, telemetryOf, telemetrySettings } from '@sekisho/telemetry'
import { z } from 'zod'
import { faultsOfNotify, notifyOf, notifyVariables } from './notify-settings.js'
import { givenClientsOf, givenModelKeyOf, halfGivenClients, servicesOf, serviceVariables } from './service-settings.js'

const minutes = 60
const days = 24 * 60 * minutes

/** However short tokens live now, one that was signed before may live this long. */
export const maxAccessTokenSeconds = 60 * minutes

/** Those of Google have 24 or 35. */
const shortestGoogleSecret = 16

/** destructive: calls of tools that may undo or overwrite. asked: only those of tools that people marked so. */
const approvalRules = ['destructive', 'asked'] as const

const hostName = /^(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)$/i

const sealingKey = z
  .string({ error: 'must be set: 32 random bytes in base64, e.g. the output of: openssl rand -base64 32' })
  // One check and not two with an end after the first: that would keep the faults between settings from being told.
  .refine((value) => faultOfKey(value) === undefined, { error: ({ input }) => faultOfKey(String(input)) ?? '' })

const sealingVariables = z.object({
  SEALING_KEY: sealingKey,
  SEALING_KEYS_OLD: setting
    .list()
    // Also those that would no longer do: whoever has such a key must be able to replace it.
    .refine((keys) => keys.length <= 10 && keys.every((key) => Buffer.from(key, 'base64').length === 32), {
      error: 'must be at most 10 keys, each 32 bytes in base64, comma-separated',
    }),
})

const variables = z.object({
  NODE_ENV: z
    .enum(['development', 'production', 'test'], { error: 'must be development, production or test' })
    .default('development'),
  APP_HOST: z.string().default('127.0.0.1'),
  APP_PORT: setting.port(3000),
  DATABASE_URL: z
    .string({ error: 'must be set: a postgres:// URL of a PostgreSQL 18 database' })
    .regex(/^postgres(ql)?:\/\//, 'must be a postgres:// URL'),
  DATABASE_POOL_SIZE: setting.wholeNumber(20, 2, 200),
  PUBLIC_URL: setting.url().optional(),
  MCP_URL: setting.url().default('http://localhost:8080/mcp'),
  ROUTER_URL: setting.url().optional(),
  ...sealingVariables.shape,
  DEV_SIGN_IN: setting.flag().optional(),
  GOOGLE_CLIENT_ID: z.string().optional(),
  GOOGLE_CLIENT_SECRET: z.string().optional(),
  GOOGLE_ACCOUNTS_URL: setting.url().default('https://accounts.google.com'),
  GOOGLE_API_URL: setting.url().default('https://www.googleapis.com'),
  GOOGLE_TOKEN_URL: setting.url().default('https://oauth2.googleapis.com/token'),
  ...serviceVariables,
  ...notifyVariables,
  ADMIN_EMAILS: setting.list(),
  SIGN_IN_DOMAINS: setting.list(),
  SESSION_IDLE_MINUTES: setting.wholeNumber(7 * 24 * 60, 5, 90 * 24 * 60),
  SESSION_MAX_DAYS: setting.wholeNumber(30, 1, 365),
  ACCESS_TOKEN_SECONDS: setting.wholeNumber(10 * minutes, 30, maxAccessTokenSeconds),
  REFRESH_TOKEN_DAYS: setting.wholeNumber(30, 1, 365),
  REFRESH_REUSE_SECONDS: setting.wholeNumber(20, 0, 120),
  TRUSTED_PROXIES: setting.wholeNumber(0, 0, 10),
  ALLOWED_HOSTS: setting.list(),
  ALLOWED_ORIGINS: setting.list(),
  OUTBOUND_ALLOWED_HOSTS: setting.list(),
  SAMPLE_DATA: setting.flag().optional(),
  APPROVE_CALLS: z.enum(approvalRules, { error: `must be ${approvalRules.join(' or ')}` }).default('destructive'),
  APPROVAL_MINUTES: setting.wholeNumber(15, 1, 24 * 60),
  AUDIT_DAYS: setting.wholeNumber(365, 1, 3650),
  DRAIN_DELAY_MS: setting.wholeNumber(0, 0, 60_000),
  APP_METRICS_PORT: metricsPort(),
  ...telemetrySettings,
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
      error: 'must be a pino level, e.g. info',
    })
    .default('info'),
})

const schema = variables
  // Also when a single value is faulty: whoever mends one must not find the next only then.
  .superRefine(findFaults, { when: () => true })
  .transform((env) => {
    const production = env.NODE_ENV === 'production'
    const publicUrl = env.PUBLIC_URL ?? `http://localhost:${env.APP_PORT}`
    return {
      production,
      host: env.APP_HOST,
      port: env.APP_PORT,
      databaseUrl: env.DATABASE_URL,
      databasePoolSize: env.DATABASE_POOL_SIZE,
      /** The origin people open; also the `iss` of every token (RFC 8414: no path). */
      publicUrl,
      /** The public URL of the MCP endpoint; also the `aud` of every access token (RFC 8707). */
      mcpUrl: env.MCP_URL,
      /** Where the chat reaches the router. */
      routerUrl: env.ROUTER_URL ?? env.MCP_URL,
      secure: publicUrl.startsWith('https:'),
      ...sealingKeysOf(env),
      devSignIn: env.DEV_SIGN_IN ?? !production,
      google:
        env.GOOGLE_CLIENT_ID && env.GOOGLE_CLIENT_SECRET
          ? {
              clientId: env.GOOGLE_CLIENT_ID,
              clientSecret: env.GOOGLE_CLIENT_SECRET,
              accountsUrl: env.GOOGLE_ACCOUNTS_URL,
              apiUrl: env.GOOGLE_API_URL,
              tokenUrl: env.GOOGLE_TOKEN_URL,
            }
          : undefined,
      /** Where the services are that people connect accounts of. */
      services: servicesOf(env),
      /** OAuth clients at these services, by provider. */
      givenClients: givenClientsOf(env),
      /** A language model for everybody. */
      givenModelKey: givenModelKeyOf(env),
      /** How people are told what they must know outside the pages; what is undefined is not set up. */
      notify: notifyOf(env),
      adminEmails: env.ADMIN_EMAILS.map((email) => email.toLowerCase()),
      signInDomains: env.SIGN_IN_DOMAINS.map((domain) => domain.toLowerCase()),
      sessionIdleMs: env.SESSION_IDLE_MINUTES * 60_000,
      sessionMaxMs: env.SESSION_MAX_DAYS * days * 1000,
      accessTokenSeconds: env.ACCESS_TOKEN_SECONDS,
      refreshTokenSeconds: env.REFRESH_TOKEN_DAYS * days,
      refreshReuseSeconds: env.REFRESH_REUSE_SECONDS,
      trustedProxies: env.TRUSTED_PROXIES,
      /** Host names besides the public URL's, without a port. */
      allowedHosts: env.ALLOWED_HOSTS.map((host) => host.toLowerCase()),
      /** Origins whose pages may use the direct API with a bearer. */
      allowedOrigins: env.ALLOWED_ORIGINS.map((origin) => origin.toLowerCase()),
      /** `host` or `host:port` entries that guarded-fetch may reach although they resolve to a private address. */
      outboundAllowedHosts: env.OUTBOUND_ALLOWED_HOSTS,
      sampleData: env.SAMPLE_DATA ?? env.NODE_ENV === 'development',
      /** Which calls wait for the person's approval where they have said nothing themselves. */
      approveCalls: env.APPROVE_CALLS,
      approvalMinutes: env.APPROVAL_MINUTES,
      auditDays: env.AUDIT_DAYS,
      /** How long idle connections are left to their callers when the process is told to end. */
      drainDelayMs: env.DRAIN_DELAY_MS,
      /** The port of /metrics; undefined: served nowhere. */
      metricsPort: env.APP_METRICS_PORT,
      ...telemetryOf(env),
      logLevel: env.LOG_LEVEL,
    }
  })

export type Settings = z.output<typeof schema> & {
  /** Where the sealing keys are files, so that a running process can read them anew. */
  readonly sealingKeyFiles: SealingKeyFiles
}

export interface SealingKeyFiles {
  readonly current: string | undefined
  readonly old: string | undefined
}

/** The key that seals, and those that only open. */
export interface SealingKeys {
  readonly sealingKey: Buffer
  readonly oldSealingKeys: readonly Buffer[]
}

function sealingKeysOf(env: z.output<typeof sealingVariables>): SealingKeys {
  return {
    sealingKey: Buffer.from(env.SEALING_KEY, 'base64'),
    oldSealingKeys: env.SEALING_KEYS_OLD.map((key) => Buffer.from(key, 'base64')),
  }
}

/** Injection token of the Settings. */
export const SETTINGS = Symbol('settings')

/** The names of all variables the app server reads; `.env.example` is tested against it. */
export const settingNames = Object.keys(variables.shape)

/** Reads and checks the settings; each may also be given as a file, by NAME_FILE. Throws FaultySettings naming every fault at once. */
export function loadSettings(env: NodeJS.ProcessEnv): Settings {
  return { ...readSettings(schema, withSettingsFromFiles(env, settingNames)), sealingKeyFiles: sealingKeyFilesOf(env) }
}

function sealingKeyFilesOf(env: NodeJS.ProcessEnv): SealingKeyFiles {
  return { current: env.SEALING_KEY_FILE || undefined, old: env.SEALING_KEYS_OLD_FILE || undefined }
}

/** The sealing keys as their files have them now; undefined when SEALING_KEY is no file. Throws FaultySettings. */
export function rereadSealingKeys({ current, old }: SealingKeyFiles): SealingKeys | undefined {
  if (current === undefined) return undefined
  // In this order: a new key is in its file only when the one before is among the old ones.
  const env = { SEALING_KEY_FILE: current, SEALING_KEYS_OLD_FILE: old }
  const names = Object.keys(sealingVariables.shape)
  return sealingKeysOf(readSettings(sealingVariables, withSettingsFromFiles(env, names)))
}

const keyVariables = variables.pick({ DATABASE_URL: true, SEALING_KEY: true, SEALING_KEYS_OLD: true })

const keySchema = keyVariables.transform((env) => ({
  databaseUrl: env.DATABASE_URL,
  ...sealingKeysOf(env),
}))

/** What the rotation of keys needs to know, and no more: it must run where the rest is not set. */
export type KeySettings = z.output<typeof keySchema> & Pick<Settings, 'sealingKeyFiles'>

/** Reads and checks what the rotation of keys needs, as loadSettings does. Throws FaultySettings. */
export function loadKeySettings(env: NodeJS.ProcessEnv): KeySettings {
  const settings = readSettings(keySchema, withSettingsFromFiles(env, Object.keys(keyVariables.shape)))
  return { ...settings, sealingKeyFiles: sealingKeyFilesOf(env) }
}

/** The faults that lie between settings. Members of `env` that are faulty by themselves may have any value. */
function findFaults(env: z.output<typeof variables>, context: z.core.$RefinementCtx): void {
  const fault = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message })
  const production = env.NODE_ENV === 'production'
  if ((env.GOOGLE_CLIENT_ID === undefined) !== (env.GOOGLE_CLIENT_SECRET === undefined)) {
    const missing = env.GOOGLE_CLIENT_ID === undefined ? 'GOOGLE_CLIENT_ID' : 'GOOGLE_CLIENT_SECRET'
    fault(missing, 'must be set together with its other half, or neither of the two')
  }
  for (const missing of halfGivenClients(env)) {
    fault(missing, 'must be set together with its other half, or neither of the two')
  }
  // Without the hosts when these are faulty themselves.
  const allowedHosts = Array.isArray(env.OUTBOUND_ALLOWED_HOSTS) ? env.OUTBOUND_ALLOWED_HOSTS : []
  for (const [name, message] of faultsOfNotify(env, { production, allowedHosts })) fault(name, message)
  if (production) {
    if (env.DEV_SIGN_IN) fault('DEV_SIGN_IN', 'is impossible in production; unset it and configure Google sign-in')
    if (env.SAMPLE_DATA) fault('SAMPLE_DATA', 'is for development only; unset it')
    if (!env.GOOGLE_CLIENT_ID && !env.GOOGLE_CLIENT_SECRET) {
      fault('GOOGLE_CLIENT_ID', 'must be set with GOOGLE_CLIENT_SECRET: production needs a way to sign in')
    }
    if (env.GOOGLE_CLIENT_SECRET && env.GOOGLE_CLIENT_SECRET.length < shortestGoogleSecret) {
      fault(
        'GOOGLE_CLIENT_SECRET',
        'is too short to be one that Google gave out; copy the whole of it from its console',
      )
    }
    const database = typeof env.DATABASE_URL === 'string' ? URL.parse(env.DATABASE_URL) : null
    if (database?.password && isGuessable(database)) {
      fault(
        'DATABASE_URL',
        'has a password that can be guessed; give the database role a random one of 12 signs or more',
      )
    }
    if (env.PUBLIC_URL === undefined) fault('PUBLIC_URL', 'must be set: the URL people open in the browser')
  }
  for (const host of env.ALLOWED_HOSTS) {
    if (!hostName.test(host)) {
      fault('ALLOWED_HOSTS', `"${host}" must be a host name without scheme, port or path, e.g. app-server`)
    }
  }
  for (const origin of env.ALLOWED_ORIGINS) {
    const url = URL.parse(origin)
    if (!url || url.origin !== origin.toLowerCase() || !/^https?:$/.test(url.protocol)) {
      fault('ALLOWED_ORIGINS', `"${origin}" must be an origin such as https://inspector.example.com`)
    }
  }
  for (const name of ['PUBLIC_URL', 'MCP_URL'] as const) {
    const value = env[name]
    const url = value === undefined ? null : URL.parse(value)
    if (!url) continue
    const { protocol, hostname, pathname, search, hash } = url
    if (search || hash) fault(name, 'must have no query and no fragment')
    if (name === 'PUBLIC_URL' && pathname !== '/') fault(name, 'must have no path: it is the issuer')
    if (production && protocol !== 'https:' && !isLoopbackName(hostname)) fault(name, 'must be https:// in production')
  }
}

/** What is wrong with a sealing key; undefined when nothing is. */
function faultOfKey(value: string): string | undefined {
  const key = Buffer.from(value, 'base64')
  if (key.length !== 32) return 'must be exactly 32 bytes in base64, e.g. the output of: openssl rand -base64 32'
  return isRandom(key) ? undefined : 'is not random; make one with: openssl rand -base64 32'
}

/** Whether 32 bytes can have come from a random source: of a million million such keys not one has fewer values or is a text. */
function isRandom(key: Buffer): boolean {
  return new Set(key).size >= 20 && key.some((byte) => byte < 0x20 || byte > 0x7e)
}

/** A password that stands in every list of those to try first, or is soon found by trying. */
function isGuessable({ username, password }: URL): boolean {
  return (
    password.length < 12 ||
    password === username ||
    /^(change|default|example|password|postgres|secret)/i.test(password)
  )
}

function isLoopbackName(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '127.0.0.1' || hostname === '[::1]'
}
