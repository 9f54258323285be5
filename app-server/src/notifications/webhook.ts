// Tells by the operator's webhook, signed in the manner of Standard Webhooks, so that its ready-made libraries can check it.
import { createHmac } from 'node:crypto'
import { type GuardedFetch, OutboundFailure } from '../platform/guarded-fetch.js'
import type { WebhookTarget } from '../platform/notify-settings.js'
import { version } from '../platform/version.js'
import { type Channel, DeliveryFault, type DueNotice } from './channel.js'

export class Webhook implements Channel {
  readonly id = 'webhook'
  readonly atOnce = 5
  readonly deadlineMs = 10_000

  constructor(
    private readonly target: WebhookTarget,
    private readonly guardedFetch: GuardedFetch,
  ) {}

  async deliver({ id, kind, createdAt, user, subject, words, link }: DueNotice): Promise<void> {
    const body = JSON.stringify({
      type: kind,
      timestamp: createdAt.toISOString(),
      data: { user, subject, words, link },
    })
    const { status, headers } = await this.post(`msg_${id}`, body)
    if (status >= 200 && status < 300) return
    // 410: the receiver says that it will never want this again.
    throw new DeliveryFault(`the webhook answered ${status}`, {
      final: status === 410,
      notBeforeMs: waitOf(headers.get('retry-after')),
    })
  }

  private async post(id: string, body: string): Promise<Response> {
    const seconds = Math.floor(Date.now() / 1000)
    try {
      return await this.guardedFetch.fetch(this.target.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'user-agent': `Sekisho/${version}`,
          'webhook-id': id,
          'webhook-timestamp': String(seconds),
          'webhook-signature': `v1,${signatureOf(this.target.secret, id, seconds, body)}`,
        },
        body,
        timeoutMs: this.deadlineMs,
        redirects: 0,
      })
    } catch (cause) {
      if (!(cause instanceof OutboundFailure)) throw cause
      throw new DeliveryFault(`the webhook gave no answer (${cause.reason}): ${cause.message}`, {}, { cause })
    }
  }
}

/** Standard Webhooks: HMAC-SHA-256 over id, timestamp and body with full stops between, in base64. */
export function signatureOf(secret: Buffer, id: string, seconds: number, body: string): string {
  return createHmac('sha256', secret).update(`${id}.${seconds}.${body}`).digest('base64')
}

/** Retry-After in seconds; the form with a date is not worth its trouble here. */
function waitOf(header: string | null): number | undefined {
  return header !== null && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : undefined
}
