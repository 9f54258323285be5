// Everything the router can be told from outside: one schema over the environment, checked before anything starts.
import { isIPv6 } from 'node:net'
import { doorLimits, readSettings, setting } from '@sekisho/contracts'
import { metricsPort, telemetryOf, telemetrySettings } from '@sekisho/telemetry'
import { z } from 'zod'

const hostName = /^(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)$/i

const schema = z
  .object({
    NODE_ENV: z
      .enum(['development', 'production', 'test'], { error: 'must be development, production or test' })
      .default('development'),
    ROUTER_HOST: z
      .string()
      // fastmcp writes this into a URL without brackets, so an IPv6 address would fail every request.
      .refine((host) => hostName.test(host) && !isIPv6(host), 'must be an IPv4 address or a host name, e.g. 127.0.0.1')
      .default('127.0.0.1'),
    ROUTER_PORT: setting.port(8080),
    MCP_URL: setting.url().optional(),
    APP_SERVER_URL: setting.url().default('http://127.0.0.1:3000'),
    ALLOWED_ORIGINS: setting.list(),
    ALLOWED_HOSTS: setting.list(),
    MAX_CONCURRENT_CALLS: setting.wholeNumber(512, 1, 10_000),
    CALL_TIMEOUT_MS: setting.wholeNumber(doorLimits.callDeadlineMs + 5_000, 1_000, 600_000),
    DRAIN_DELAY_MS: setting.wholeNumber(0, 0, 60_000),
    ROUTER_METRICS_PORT: metricsPort(),
    ...telemetrySettings,
    LOG_LEVEL: z
      .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
        error: 'must be a pino level, e.g. info',
      })
      .default('info'),
    SEKISHO_PARENT_PIPE: z.literal('stdin', { error: 'must be stdin or unset' }).optional(),
  })
  // Also when a single value is faulty: whoever mends one must not find the next only then.
  .superRefine(
    (env, context) => {
      const fault = (name: string, message: string) => context.addIssue({ code: 'custom', path: [name], message })
      for (const name of ['MCP_URL', 'APP_SERVER_URL'] as const) {
        const url = URL.parse(env[name] ?? '')
        // Unset, or its fault is told already.
        if (!url) continue
        const { protocol, hostname, pathname, search, hash, username, password } = url
        if (search || hash || username || password) fault(name, 'must have no query, no fragment and no user name')
        if (name === 'APP_SERVER_URL') continue
        if (pathname !== '/mcp') fault(name, 'must have the path /mcp: it is the one this router serves')
        if (env.NODE_ENV === 'production' && protocol !== 'https:' && !isLoopback(hostname)) {
          fault(name, 'must be https:// in production')
        }
      }
      for (const origin of env.ALLOWED_ORIGINS) {
        const url = URL.parse(origin)
        if (!url || url.origin !== origin.toLowerCase() || !/^https?:$/.test(url.protocol)) {
          fault('ALLOWED_ORIGINS', `"${origin}" must be an origin such as https://inspector.example.com`)
        }
      }
      for (const host of env.ALLOWED_HOSTS) {
        if (!hostName.test(host)) {
          fault('ALLOWED_HOSTS', `"${host}" must be a host name without scheme, port or path, e.g. mcp-router`)
        }
      }
    },
    { when: () => true },
  )
  .transform((env) => ({
    host: env.ROUTER_HOST,
    port: env.ROUTER_PORT,
    /** The public URL of the endpoint; unset, it is http://localhost:<the port listened on>/mcp. */
    mcpUrl: env.MCP_URL,
    appServerUrl: env.APP_SERVER_URL,
    allowedOrigins: env.ALLOWED_ORIGINS.map((origin) => origin.toLowerCase()),
    allowedHosts: env.ALLOWED_HOSTS.map((host) => host.toLowerCase()),
    maxConcurrentCalls: env.MAX_CONCURRENT_CALLS,
    callTimeoutMs: env.CALL_TIMEOUT_MS,
    /** How long idle connections are left to their callers when the process is told to end. */
    drainDelayMs: env.DRAIN_DELAY_MS,
    /** The port of /metrics; undefined: served nowhere. */
    metricsPort: env.ROUTER_METRICS_PORT,
    ...telemetryOf(env),
    logLevel: env.LOG_LEVEL,
    /** Whether the end of standard input means that whoever started us is gone. */
    endsWithStdin: env.SEKISHO_PARENT_PIPE === 'stdin',
  }))

export type RouterSettings = z.output<typeof schema>

/** The names of all variables the router reads; `.env.example` is tested against it. */
export const settingNames = Object.keys(schema.in.shape)

/** Reads and checks the settings. Throws FaultySettings naming every fault at once. */
export function loadSettings(env: Readonly<Record<string, string | undefined>>): RouterSettings {
  return readSettings(schema, env)
}

/** Whether a URL's host name (IPv6 in brackets) is this machine's own. */
export function isLoopback(hostname: string): boolean {
  return loopbackNames.has(hostname)
}

export const loopbackNames: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])
