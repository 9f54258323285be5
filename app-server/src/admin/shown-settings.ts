// Which settings administrators see, and how: nothing secret, and nothing that nobody has decided to show.
import type { Settings } from '../platform/settings.js'
import { counted, span } from './words.js'

export interface ShownSetting {
  readonly term: string
  readonly value: string
  /** The environment variable it comes from. */
  readonly variable: string | undefined
}

export interface SettingGroup {
  readonly title: string
  readonly settings: readonly ShownSetting[]
}

type Row = readonly [term: string, value: string, variable?: string]

/**
 * Every line is written here on purpose, so that a setting that is added later is not shown by accident. Secrets show
 * as there or not, the database without user and password.
 */
export function shownSettings(settings: Settings): SettingGroup[] {
  const { webhook, mail } = settings.notify
  const groups: Record<string, readonly Row[]> = {
    Addresses: [
      ['This site', settings.publicUrl, 'PUBLIC_URL'],
      ['For programs', settings.mcpUrl, 'MCP_URL'],
      ['Listens on', `${settings.host}, port ${settings.port}`, 'APP_HOST, APP_PORT'],
      ['Other host names', list(settings.allowedHosts), 'ALLOWED_HOSTS'],
      ['Proxies in front', String(settings.trustedProxies), 'TRUSTED_PROXIES'],
      ['Reachable inside', list(settings.outboundAllowedHosts), 'OUTBOUND_ALLOWED_HOSTS'],
    ],
    'Signing in': [
      ['Google', settings.google ? 'offered' : 'not set up', 'GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET'],
      ['Development sign-in', settings.devSignIn ? 'offered to anybody' : 'off', 'DEV_SIGN_IN'],
      ['Domains', settings.signInDomains.length > 0 ? list(settings.signInDomains) : 'any', 'SIGN_IN_DOMAINS'],
      [
        'Administrators',
        settings.adminEmails.length > 0 ? list(settings.adminEmails) : 'the first to sign in',
        'ADMIN_EMAILS',
      ],
      ['Sessions idle at most', span(settings.sessionIdleMs / 1000), 'SESSION_IDLE_MINUTES'],
      ['Sessions last at most', span(settings.sessionMaxMs / 1000), 'SESSION_MAX_DAYS'],
    ],
    Tokens: [
      ['Access tokens last', span(settings.accessTokenSeconds), 'ACCESS_TOKEN_SECONDS'],
      ['Refresh tokens last', span(settings.refreshTokenSeconds), 'REFRESH_TOKEN_DAYS'],
      ['Refresh again within', span(settings.refreshReuseSeconds), 'REFRESH_REUSE_SECONDS'],
      ['Sealing key', 'set', 'SEALING_KEY'],
    ],
    Models: [
      ['Gemini for everybody', settings.givenModelKey ? 'a key is set' : 'no key is set', 'GEMINI_API_KEY'],
      ['Its model', settings.givenModelKey?.model ?? 'none', 'GEMINI_MODEL'],
    ],
    'Asking people first': [
      [
        'Unless they chose otherwise',
        settings.approveCalls === 'destructive' ? 'about what may change or delete' : 'about nothing',
        'APPROVE_CALLS',
      ],
      ['A call waits', span(settings.approvalMinutes * 60), 'APPROVAL_MINUTES'],
    ],
    'Telling people': [
      ['By webhook', webhook ? hostOf(webhook.url) : 'no', 'NOTIFY_WEBHOOK_URL'],
      ['Signed with', webhook ? 'a secret' : 'nothing', 'NOTIFY_WEBHOOK_SECRET'],
      ['By e-mail through', mail ? `${mail.host}, port ${mail.port}` : 'nothing', 'SMTP_URL'],
      ['E-mail from', mail ? mail.from.address : 'nobody', 'MAIL_FROM'],
    ],
    Keeping: [
      ['Database', databaseOf(settings.databaseUrl), 'DATABASE_URL'],
      ['Connections at most', String(settings.databasePoolSize), 'DATABASE_POOL_SIZE'],
      ['Audit entries kept', counted(settings.auditDays, 'day', 'days'), 'AUDIT_DAYS'],
      ['Sample data', settings.sampleData ? 'added to a new database' : 'none', 'SAMPLE_DATA'],
      ['Mode', settings.production ? 'production' : 'not production', 'NODE_ENV'],
    ],
    'Seen from outside': [
      ['Log from level', settings.logLevel, 'LOG_LEVEL'],
      [
        'Figures for Prometheus',
        settings.metricsPort === undefined ? 'off' : `${settings.metricsHost}, port ${settings.metricsPort}`,
        'METRICS_HOST, APP_METRICS_PORT',
      ],
      [
        'Traces sent to',
        settings.traces.endpoint === undefined ? 'nobody' : hostOf(settings.traces.endpoint),
        'OTEL_EXPORTER_OTLP_ENDPOINT',
      ],
    ],
  }
  return Object.entries(groups).map(([title, rows]) => ({
    title,
    settings: rows.map(([term, value, variable]) => ({ term, value, variable })),
  }))
}

function list(values: readonly string[]): string {
  return values.length > 0 ? values.join(', ') : 'none'
}

/** Without what may be secret: a user, a password, a path with a key in it. */
function hostOf(address: string): string {
  return URL.parse(address)?.host ?? 'set'
}

/** Host, port and name; a URL of Postgres also carries a user, a password and options. */
function databaseOf(databaseUrl: string): string {
  const url = URL.parse(databaseUrl)
  return url ? `${url.host || 'local socket'}${url.pathname}` : 'set'
}
