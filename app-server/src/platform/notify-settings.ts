// By which ways people are told what they must know outside the pages: a webhook of the operator's, and e-mail.
import { z } from 'zod'

/** Bytes of a webhook secret in production, as Standard Webhooks has it; elsewhere shorter ones do. */
const secretBytes = { min: 24, max: 64 }

/** The part of the settings' schema that is about telling people. */
export const notifyVariables = {
  // Not setting.url(), which takes slashes off the end: it is the receiver's to say how its address ends.
  NOTIFY_WEBHOOK_URL: z
    .string()
    .refine((value) => webhookUrlOf(value) !== undefined, {
      error: 'must be an http:// or https:// URL without a user, a password and a fragment',
    })
    .optional(),
  NOTIFY_WEBHOOK_SECRET: z
    .string()
    .refine((value) => secretOf(value) !== undefined, {
      error: `must be whsec_ and at most ${secretBytes.max} bytes in base64; make one with: echo "whsec_$(openssl rand -base64 32)"`,
    })
    .optional(),
  SMTP_URL: z
    .string()
    .refine((value) => smtpServerOf(value) !== undefined, {
      error:
        'must be smtp://host:port or smtps://host:port, with user:password@ before the host or without (special signs as %XX), and nothing after the port',
    })
    .optional(),
  MAIL_FROM: z
    .string()
    .refine((value) => mailboxOf(value) !== undefined, {
      error: 'must be an e-mail address, alone or after a name, e.g. Sekisho <sekisho@example.com>',
    })
    .optional(),
}

const group = z.object(notifyVariables)
type Variables = z.output<typeof group>

export interface WebhookTarget {
  readonly url: string
  /** The key of the signatures. */
  readonly secret: Buffer
}

export interface SmtpServer {
  readonly host: string
  readonly port: number
  /** TLS from the first byte; otherwise as soon as the server offers it. */
  readonly secure: boolean
  readonly login: { readonly user: string; readonly pass: string } | undefined
}

export interface Mailbox {
  readonly name: string | undefined
  readonly address: string
}

export interface NotifySettings {
  readonly webhook: WebhookTarget | undefined
  readonly mail: (SmtpServer & { readonly from: Mailbox }) | undefined
}

export function notifyOf(env: Variables): NotifySettings {
  const url = env.NOTIFY_WEBHOOK_URL && webhookUrlOf(env.NOTIFY_WEBHOOK_URL)
  const secret = env.NOTIFY_WEBHOOK_SECRET && secretOf(env.NOTIFY_WEBHOOK_SECRET)
  const server = env.SMTP_URL && smtpServerOf(env.SMTP_URL)
  const from = env.MAIL_FROM && mailboxOf(env.MAIL_FROM)
  return {
    webhook: url && secret ? { url: url.href, secret } : undefined,
    mail: server && from ? { ...server, from } : undefined,
  }
}

/** The faults that lie between these settings, by the variable to mend. */
export function faultsOfNotify(
  env: Partial<Variables>,
  { production, allowedHosts }: { production: boolean; allowedHosts: readonly string[] },
): [name: keyof Variables, message: string][] {
  const faults: [keyof Variables, string][] = []
  for (const pair of [['NOTIFY_WEBHOOK_URL', 'NOTIFY_WEBHOOK_SECRET'] as const, ['SMTP_URL', 'MAIL_FROM'] as const]) {
    const missing = pair.filter((name) => env[name] === undefined)
    if (missing.length === 1 && missing[0]) {
      const other = pair.find((name) => name !== missing[0])
      faults.push([missing[0], `must be set together with ${other}, or neither of the two`])
    }
  }
  if (!production) return faults
  const secret = env.NOTIFY_WEBHOOK_SECRET === undefined ? undefined : secretOf(env.NOTIFY_WEBHOOK_SECRET)
  if (secret && secret.length < secretBytes.min) {
    faults.push([
      'NOTIFY_WEBHOOK_SECRET',
      `must have ${secretBytes.min} bytes or more in production; make one with: echo "whsec_$(openssl rand -base64 32)"`,
    ])
  }
  const url = env.NOTIFY_WEBHOOK_URL === undefined ? undefined : webhookUrlOf(env.NOTIFY_WEBHOOK_URL)
  const vouched = url && [url.host, url.hostname, `${url.hostname}:80`].some((host) => allowedHosts.includes(host))
  if (url?.protocol === 'http:' && !vouched) {
    faults.push([
      'NOTIFY_WEBHOOK_URL',
      'must be https:// in production, unless its host is one of OUTBOUND_ALLOWED_HOSTS',
    ])
  }
  return faults
}

/** An address without anything that could be a list, a comment or another header; people's own may have these parts. */
export const plainAddress = /^[^\s"(),:;<>@[\\\]\p{Cc}]{1,64}@[^\s"(),:;<>@[\\\]\p{Cc}]{1,255}$/u

function webhookUrlOf(value: unknown): URL | undefined {
  const url = typeof value === 'string' ? URL.parse(value) : null
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.hash) return undefined
  return url
}

/** Standard Webhooks: the bytes are in base64 behind `whsec_`. */
function secretOf(value: unknown): Buffer | undefined {
  const encoded = typeof value === 'string' ? /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(value)?.[1] : undefined
  const secret = Buffer.from(encoded ?? '', 'base64')
  return secret.length > 0 && secret.length <= secretBytes.max ? secret : undefined
}

function smtpServerOf(value: unknown): SmtpServer | undefined {
  const url = typeof value === 'string' ? URL.parse(value) : null
  if (!url || !/^smtps?:$/.test(url.protocol) || !url.hostname) return undefined
  if (!/^\/?$/.test(url.pathname) || url.search || url.hash || Boolean(url.username) !== Boolean(url.password)) {
    return undefined
  }
  const secure = url.protocol === 'smtps:'
  try {
    return {
      host: url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port || (secure ? 465 : 587)),
      secure,
      login: url.username
        ? { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) }
        : undefined,
    }
  } catch {
    // A % that begins no %XX.
    return undefined
  }
}

function mailboxOf(value: unknown): Mailbox | undefined {
  if (typeof value !== 'string' || /\p{Cc}/u.test(value) || value.length > 400) return undefined
  const named = /^([^<>]*)<([^<>]+)>$/.exec(value.trim())
  const address = (named?.[2] ?? value).trim()
  const name = named?.[1]?.trim().replace(/^"(.*)"$/, '$1')
  return plainAddress.test(address) ? { name: name || undefined, address } : undefined
}
