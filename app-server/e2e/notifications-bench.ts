// Notifications on a database of their own, with a webhook receiver and a mail server that misbehave on demand.
import { createHmac, randomBytes } from 'node:crypto'
import { type FakeRequest, FakeService } from '@sekisho/fakes'
import { createTestDatabase } from '@sekisho/testing'
import { type Channel } from '../src/notifications/channel.js'
import { Deliveries } from '../src/notifications/deliveries.js'
import { Mail } from '../src/notifications/mail.js'
import { type Notice, Notifications } from '../src/notifications/notifications.js'
import { Webhook } from '../src/notifications/webhook.js'
import { createDataSource } from '../src/platform/database/data-source.js'
import { Database } from '../src/platform/database/database.js'
import { GuardedFetch } from '../src/platform/guarded-fetch.js'
import { Log } from '../src/platform/log.js'
import { Metrics } from '../src/platform/metrics.js'
import { type NotifySettings, notifyOf } from '../src/platform/notify-settings.js'
import { SmtpFake } from './smtp-fake.js'

export const publicUrl = 'https://sekisho.example'

/** A receiver of webhooks that believes nothing but the signature. */
export class WebhookReceiver extends FakeService {
  readonly secret = randomBytes(32)
  /** What was signed rightly, by id. */
  readonly genuine: { id: string; body: Record<string, unknown> }[] = []
  readonly forged: string[] = []

  constructor() {
    super()
    this.route('POST', '/hook', (request) => this.receive(request))
  }

  get target(): string {
    return `${this.url}/hook`
  }

  /** As the documents say to check it: written here from them, not with the code under test. */
  private receive({ headers, text, json }: FakeRequest) {
    const [id, timestamp] = [String(headers['webhook-id']), String(headers['webhook-timestamp'])]
    const expected = createHmac('sha256', this.secret).update(`${id}.${timestamp}.${text}`).digest('base64')
    const signatures = String(headers['webhook-signature']).split(' ')
    const fresh = Math.abs(Date.now() / 1000 - Number(timestamp)) < 300
    if (!fresh || !signatures.includes(`v1,${expected}`)) {
      this.forged.push(id)
      return { status: 401 }
    }
    this.genuine.push({ id, body: json as Record<string, unknown> })
    return { status: 204 }
  }
}

export interface NotificationsBench {
  database: Database
  receiver: WebhookReceiver
  smtp: SmtpFake
  logLines: Record<string, unknown>[]
  metrics: Metrics
  settings: NotifySettings
  webhook: Channel
  mail(deadlineMs?: number): Mail
  notifications: Notifications
  person(email: string, name?: string): Promise<string>
  tell(userId: string, words?: Partial<Notice>): Promise<void>
  /** One run of a replica. */
  run(channel: Channel): Promise<void>
  /** As if the time to wait were over. */
  wait(): Promise<void>
  deliveries(): Promise<Delivery[]>
  close(): Promise<void>
}

export interface Delivery {
  channel: string
  attempts: number
  outcome: string | null
  fault: string | null
  /** Seconds until the next attempt. */
  wait: number
}

export async function openNotificationsBench(): Promise<NotificationsBench> {
  const testDatabase = await createTestDatabase()
  const dataSource = createDataSource({ databaseUrl: testDatabase.url, databasePoolSize: 10 }, [])
  await dataSource.initialize()
  const database = new Database(dataSource)
  const receiver = await new WebhookReceiver().listen()
  const smtp = await new SmtpFake().listen()
  const guardedFetch = new GuardedFetch({ outboundAllowedHosts: [receiver.host] })
  const logLines: Record<string, unknown>[] = []
  const log = new Log('debug', { write: (line) => void logLines.push(JSON.parse(line)) })
  const metrics = new Metrics()
  const settings = notifyOf({
    NOTIFY_WEBHOOK_URL: receiver.target,
    NOTIFY_WEBHOOK_SECRET: `whsec_${receiver.secret.toString('base64')}`,
    SMTP_URL: smtp.url,
    MAIL_FROM: 'Sekisho <sekisho@example.com>',
  })
  const { webhook, mail } = settings
  if (!webhook || !mail) throw new Error('the bench has no channels')
  const notifications = new Notifications({ notify: settings, publicUrl })
  const signal = new AbortController().signal
  return {
    database,
    receiver,
    smtp,
    logLines,
    metrics,
    settings,
    notifications,
    webhook: new Webhook(webhook, guardedFetch),
    mail: (deadlineMs) => new Mail(mail, publicUrl, deadlineMs),
    async person(email, name = 'Aki') {
      const [row] = await database.query<{ id: string }>(
        'INSERT INTO users (email, name) VALUES ($1, $2) RETURNING id',
        [email, name],
      )
      return row?.id ?? ''
    },
    async tell(userId, words = {}) {
      const notice = {
        userId,
        kind: 'connection.lost',
        subject: 'Reconnect your Google Calendar',
        words: 'Access to your Google Calendar was lost.',
        link: '/connections/gcal',
        ...words,
      }
      await database.transaction((sql) => notifications.tell(sql, notice))
    },
    run: (channel) => new Deliveries(channel, database, log, metrics).run(signal),
    async wait() {
      await database.query('UPDATE notification_deliveries SET due_at = now() WHERE ended_at IS NULL')
    },
    deliveries: () =>
      database.query<Delivery>(
        `SELECT channel, attempts, outcome, fault, extract(epoch FROM due_at - now())::float AS wait
           FROM notification_deliveries ORDER BY notification_id, channel`,
      ),
    async close() {
      await guardedFetch.onApplicationShutdown()
      await database.close()
      await dataSource.destroy()
      await receiver.close()
      await smtp.close()
      await testDatabase.drop()
    },
  }
}
