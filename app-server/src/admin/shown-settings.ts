// Which settings administrators see, and how: nothing secret, and nothing that nobody has decided to show.
import { joined } from '../platform/html/language.js'
import type { Settings } from '../platform/settings.js'
import { t } from './t.js'
import { span } from './words.js'

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
    [t('Addresses')]: [
      [t('This site'), settings.publicUrl, 'PUBLIC_URL'],
      [t('For programs'), settings.mcpUrl, 'MCP_URL'],
      [t('Listens on'), t('{host}, port {port}', { host: settings.host, port: settings.port }), 'APP_HOST, APP_PORT'],
      [t('Other host names'), list(settings.allowedHosts), 'ALLOWED_HOSTS'],
      [t('Proxies in front'), String(settings.trustedProxies), 'TRUSTED_PROXIES'],
      [t('Reachable inside'), list(settings.outboundAllowedHosts), 'OUTBOUND_ALLOWED_HOSTS'],
    ],
    [t('Signing in')]: [
      [t('Google'), settings.google ? t('offered') : t('not set up'), 'GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET'],
      [t('Development sign-in'), settings.devSignIn ? t('offered to anybody') : t('off'), 'DEV_SIGN_IN'],
      [t('Domains'), settings.signInDomains.length > 0 ? list(settings.signInDomains) : t('any'), 'SIGN_IN_DOMAINS'],
      [
        t('Administrators'),
        settings.adminEmails.length > 0 ? list(settings.adminEmails) : t('the first to sign in'),
        'ADMIN_EMAILS',
      ],
      [t('Sessions idle at most'), span(settings.sessionIdleMs / 1000), 'SESSION_IDLE_MINUTES'],
      [t('Sessions last at most'), span(settings.sessionMaxMs / 1000), 'SESSION_MAX_DAYS'],
    ],
    [t('Tokens')]: [
      [t('Access tokens last'), span(settings.accessTokenSeconds), 'ACCESS_TOKEN_SECONDS'],
      [t('Refresh tokens last'), span(settings.refreshTokenSeconds), 'REFRESH_TOKEN_DAYS'],
      [t('Refresh again within'), span(settings.refreshReuseSeconds), 'REFRESH_REUSE_SECONDS'],
      [t('Sealing key'), t('set'), 'SEALING_KEY'],
    ],
    [t('Models')]: [
      [t('Gemini for everybody'), settings.givenModelKey ? t('a key is set') : t('no key is set'), 'GEMINI_API_KEY'],
      [t('Its model'), settings.givenModelKey?.model ?? t('none'), 'GEMINI_MODEL'],
    ],
    [t('Asking people first')]: [
      [
        t('Unless they chose otherwise'),
        settings.approveCalls === 'destructive' ? t('about what may change or delete') : t('about nothing'),
        'APPROVE_CALLS',
      ],
      [t('A call waits'), span(settings.approvalMinutes * 60), 'APPROVAL_MINUTES'],
    ],
    [t('Telling people')]: [
      [t('By webhook'), webhook ? hostOf(webhook.url) : t('no'), 'NOTIFY_WEBHOOK_URL'],
      [t('Signed with'), webhook ? t('a secret') : t('nothing'), 'NOTIFY_WEBHOOK_SECRET'],
      [
        t('By e-mail through'),
        mail ? t('{host}, port {port}', { host: mail.host, port: mail.port }) : t('nothing'),
        'SMTP_URL',
      ],
      [t('E-mail from'), mail ? mail.from.address : t('nobody'), 'MAIL_FROM'],
    ],
    [t('Keeping')]: [
      [t('Database'), databaseOf(settings.databaseUrl), 'DATABASE_URL'],
      [t('Connections at most'), String(settings.databasePoolSize), 'DATABASE_POOL_SIZE'],
      [
        t('Audit entries kept'),
        t('{count, plural, one {# day} other {# days}}', { count: settings.auditDays }),
        'AUDIT_DAYS',
      ],
      [t('Sample data'), settings.sampleData ? t('added to a new database') : t('none'), 'SAMPLE_DATA'],
      [t('Mode'), settings.production ? t('production') : t('not production'), 'NODE_ENV'],
    ],
    [t('Seen from outside')]: [
      [t('Log from level'), settings.logLevel, 'LOG_LEVEL'],
      [
        t('Figures for Prometheus'),
        settings.metricsPort === undefined
          ? t('off')
          : t('{host}, port {port}', { host: settings.metricsHost, port: settings.metricsPort }),
        'METRICS_HOST, APP_METRICS_PORT',
      ],
      [
        t('Traces sent to'),
        settings.traces.endpoint === undefined ? t('nobody') : hostOf(settings.traces.endpoint),
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
  return values.length > 0 ? joined(values) : t('none')
}

/** Without what may be secret: a user, a password, a path with a key in it. */
function hostOf(address: string): string {
  return URL.parse(address)?.host ?? t('set')
}

/** Host, port and name; a URL of Postgres also carries a user, a password and options. */
function databaseOf(databaseUrl: string): string {
  const url = URL.parse(databaseUrl)
  return url ? `${url.host || t('local socket')}${url.pathname}` : t('set')
}
