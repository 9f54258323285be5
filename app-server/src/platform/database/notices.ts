// Words between the replicas: Postgres LISTEN and NOTIFY on a connection of its own that comes back by itself.
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common'
import pg from 'pg'
import { Log } from '../log.js'
import { SETTINGS, type Settings } from '../settings.js'
import { Database, type Sql } from './database.js'

/** The channel that every replica listens at; for statements that tell by `pg_notify` themselves. */
export const noticeChannel = 'sekisho_notices'
const reconnectMs = 1_000

/** Postgres takes at most 8000 bytes in one NOTIFY. */
interface Notice {
  topic: string
  body: string
}

@Injectable()
export class Notices implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly listeners = new Map<string, ((body: string) => void)[]>()
  private client: pg.Client | undefined
  private timer: NodeJS.Timeout | undefined
  private closed = false

  constructor(
    private readonly database: Database,
    private readonly log: Log,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Hears a topic on this replica, for as long as the process lives. */
  on(topic: string, listener: (body: string) => void): void {
    this.listeners.set(topic, [...(this.listeners.get(topic) ?? []), listener])
  }

  /** Tells every replica, this one included. Nobody is promised to hear it: what must not be lost belongs in a table. */
  async tell(topic: string, body: string): Promise<void> {
    await notify(this.database, topic, body)
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.listen()
  }

  async onApplicationShutdown(): Promise<void> {
    this.closed = true
    clearTimeout(this.timer)
    await this.client?.end().catch(() => undefined)
  }

  private async listen(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.settings.databaseUrl,
      application_name: 'sekisho-notices',
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    })
    client.on('notification', (message) => this.hear(message.payload))
    client.on('error', (error) => this.log.warn({ error: error.message }, 'the notice connection broke'))
    client.on('end', () => this.listenAgain())
    try {
      await client.connect()
      await client.query(`LISTEN ${noticeChannel}`)
      this.client = client
    } catch (error) {
      this.log.warn({ error: error instanceof Error ? error.message : String(error) }, 'cannot listen for notices yet')
      client.removeAllListeners('end')
      await client.end().catch(() => undefined)
      this.listenAgain()
    }
  }

  private listenAgain(): void {
    if (this.closed) return
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.listen(), reconnectMs)
    this.timer.unref()
  }

  private hear(payload: string | undefined): void {
    if (payload === undefined) return
    const { topic, body } = JSON.parse(payload) as Notice
    for (const listener of this.listeners.get(topic) ?? []) listener(body)
  }
}

/** Tells every replica, in a transaction when it commits and not at all when it does not. */
export async function notify(sql: Sql, topic: string, body: string): Promise<void> {
  await notifyAll(sql, [[topic, body]])
}

/** As `notify`, several at once, in their order. */
export async function notifyAll(sql: Sql, notices: readonly (readonly [topic: string, body: string])[]): Promise<void> {
  await sql.query('SELECT pg_notify($1, n) FROM unnest($2::text[]) AS n', [
    noticeChannel,
    notices.map(([topic, body]) => noticeOf(topic, body)),
  ])
}

/** What is told at `noticeChannel`; at most 8000 bytes. */
export function noticeOf(topic: string, body: string): string {
  return JSON.stringify({ topic, body } satisfies Notice)
}
