// People are told what they must know: once, by webhook and by mail, however badly the other side behaves.
import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { createTestDatabase, eventually } from '@sekisho/testing'
import pg from 'pg'
import { startAppServer } from '../src/app.js'
import { maxAttempts } from '../src/notifications/deliveries.js'
import { Mail } from '../src/notifications/mail.js'
import { Notifications } from '../src/notifications/notifications.js'
import { collectNotifications } from '../src/notifications/schedule.js'
import { Log } from '../src/platform/log.js'
import { loadSettings } from '../src/platform/settings.js'
import { startTestApp } from './app.js'
import { type Delivery, type NotificationsBench, openNotificationsBench, publicUrl } from './notifications-bench.js'
import { SmtpFake } from './smtp-fake.js'

let bench: NotificationsBench
let aki: string

beforeAll(async () => {
  bench = await openNotificationsBench()
})

afterAll(() => bench.close())

beforeEach(async () => {
  aki = await bench.person(`aki-${randomUUID()}@example.com`)
})

afterEach(async () => {
  await bench.database.query('DELETE FROM notifications')
  bench.receiver.behave()
  bench.smtp.behave()
  bench.receiver.genuine.length = 0
  bench.receiver.forged.length = 0
  bench.logLines.length = 0
})

const by = async (channel: string): Promise<Delivery> => {
  const delivery = (await bench.deliveries()).find((one) => one.channel === channel)
  if (!delivery) throw new Error(`nothing is to be delivered by ${channel}`)
  return delivery
}

describe('what somebody is told', () => {
  test('is written down if and only if what made it so is', async () => {
    const notice = { userId: aki, kind: 'connection.lost', subject: 'S', words: 'W', link: '/x' }
    const broken = bench.database.transaction(async (sql) => {
      await bench.notifications.tell(sql, notice)
      throw new Error('it was not so after all')
    })
    await expect(broken).rejects.toThrow('not so after all')
    expect(await bench.deliveries()).toEqual([])
    await bench.database.transaction((sql) => bench.notifications.tell(sql, notice))
    expect(await bench.deliveries()).toMatchObject([{ channel: 'mail' }, { channel: 'webhook' }])
  })

  test.each([
    'https://elsewhere.example/x',
    '//elsewhere.example/x',
    'javascript:alert(1)',
    'http://sekisho.example/x',
  ])('never links to %s', async (link) => {
    await expect(bench.tell(aki, { link })).rejects.toThrow('a page of ours')
  })

  test('is not told again at once, and something else is', async () => {
    await bench.tell(aki)
    await bench.tell(aki)
    await bench.tell(aki, { words: 'Access to your other Google Calendar was lost.' })
    expect(await bench.deliveries()).toHaveLength(4)
  })

  test('undoes nothing, whatever signs are in it and whoever has gone', async () => {
    await bench.tell(aki, { subject: ' a\0b\r\nBcc: x\u2028y\ud800 ', words: `\0${'\u{1f600}'.repeat(3_000)}` })
    await bench.tell(randomUUID())
    const rows = await bench.database.query<{ subject: string; length: number }>(
      'SELECT subject, length(words) FROM notifications',
    )
    expect(rows).toEqual([{ subject: 'a b Bcc: x y\ufffd', length: 2000 }])
  })

  test('is kept without a channel too, for the pages, but not for ever', async () => {
    const silent = new Notifications({ notify: { webhook: undefined, mail: undefined }, publicUrl })
    const notice = { userId: aki, kind: 'connection.lost', subject: 'S', words: 'W', link: '/x' }
    await bench.database.transaction((sql) => silent.tell(sql, notice))
    const rows = () => bench.database.query('SELECT FROM notifications')
    const collect = () =>
      bench.database.transaction((sql) => collectNotifications(sql, new Log('silent', { write: () => undefined })))
    await bench.database.query(`UPDATE notifications SET created_at = now() - interval '29 days'`)
    await collect()
    expect([(await rows()).length, await bench.deliveries()]).toEqual([1, []])
    await bench.database.query(`UPDATE notifications SET created_at = now() - interval '31 days'`)
    await collect()
    expect(await rows()).toEqual([])
  })
})

describe('by webhook, a notice', () => {
  test('comes with a signature that the receiver can check, and says whom it is for', async () => {
    await bench.tell(aki)
    await bench.run(bench.webhook)
    const [{ id, body } = { id: '', body: {} }] = bench.receiver.genuine
    expect(bench.receiver.forged).toEqual([])
    expect(id).toMatch(/^msg_[0-9a-f-]{36}$/)
    expect(body).toEqual({
      type: 'connection.lost',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      data: {
        user: { id: aki, email: expect.stringContaining('@example.com'), name: 'Aki' },
        subject: 'Reconnect your Google Calendar',
        words: 'Access to your Google Calendar was lost.',
        link: 'https://sekisho.example/connections/gcal',
      },
    })
    expect(await by('webhook')).toMatchObject({ attempts: 1, outcome: 'delivered', fault: null })
  })

  test.each([
    ['an error', { kind: 'answer', status: 503 }, 'answered 503'],
    ['a redirect, which is not followed', { kind: 'answer', status: 307, headers: { location: '/hook' } }, '307'],
    ['a cut connection', { kind: 'drop' }, 'unreachable'],
    ['taking it and cutting the connection then', { kind: 'cut' }, 'unreachable'],
  ] as const)('that met %s comes again with the same id, after a while', async (_what, how, fault) => {
    bench.receiver.misbehave('/hook', how, { times: 1 })
    await bench.tell(aki)
    await bench.run(bench.webhook)
    await bench.run(bench.webhook)
    const waiting = await by('webhook')
    expect(waiting).toMatchObject({ attempts: 1, outcome: null, fault: expect.stringContaining(fault) })
    expect(waiting.wait).toBeGreaterThan(15)
    await bench.wait()
    await bench.run(bench.webhook)
    expect(await by('webhook')).toMatchObject({ attempts: 2, outcome: 'delivered' })
    expect(new Set(bench.receiver.seen.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect(bench.receiver.seen).toHaveLength(2)
  })

  test('waits as long as the receiver says', async () => {
    bench.receiver.misbehave('/hook', { kind: 'answer', status: 429, headers: { 'retry-after': '3600' } })
    await bench.tell(aki)
    await bench.run(bench.webhook)
    expect((await by('webhook')).wait).toBeGreaterThan(3_500)
  })

  test('waits longer each time, is given up in the end, and the operator can see it', async () => {
    bench.receiver.misbehave('/hook', { kind: 'answer', status: 500 })
    await bench.tell(aki)
    const waits: number[] = []
    for (let attempt = 1; attempt < maxAttempts; attempt++) {
      await bench.wait()
      await bench.run(bench.webhook)
      waits.push((await by('webhook')).wait)
    }
    expect(waits[5]).toBeGreaterThan((waits[0] ?? 0) * 8)
    expect(Math.max(...waits)).toBeLessThan(8 * 3600)
    await bench.wait()
    await bench.run(bench.webhook)
    expect(await by('webhook')).toMatchObject({ attempts: maxAttempts, outcome: 'given-up' })
    await bench.wait()
    await bench.run(bench.webhook)
    expect(bench.receiver.seen).toHaveLength(maxAttempts)
    const errors = bench.logLines.filter(({ level }) => level === 'error' || level === 50)
    expect(errors).toMatchObject([{ channel: 'webhook', attempt: maxAttempts, fault: 'the webhook answered 500' }])
    expect(await bench.metrics.registry.metrics()).toMatch(
      /sekisho_notifications_total\{channel="webhook",outcome="given-up"\} [1-9]/,
    )
  })

  test('is given up at once when the receiver wants none any more', async () => {
    bench.receiver.misbehave('/hook', { kind: 'answer', status: 410 })
    await bench.tell(aki)
    await bench.run(bench.webhook)
    expect(await by('webhook')).toMatchObject({ attempts: 1, outcome: 'given-up' })
  })

  test('is brought by one of many replicas, and every one of many is brought', async () => {
    for (let n = 0; n < 40; n++) await bench.tell(aki, { words: `Number ${n}.` })
    await Promise.all(Array.from({ length: 8 }, () => bench.run(bench.webhook)))
    await bench.run(bench.webhook)
    const ids = bench.receiver.genuine.map(({ id }) => id)
    expect([ids.length, new Set(ids).size]).toEqual([40, 40])
  })

  test('that another replica is just taking is passed over, without waiting for it', async () => {
    await bench.tell(aki)
    await bench.database.transaction(async (other) => {
      await other.query(
        `UPDATE notification_deliveries SET attempts = attempts + 1, due_at = now() + interval '1 minute'`,
      )
      const late = new Promise((_resolve, reject) => setTimeout(() => reject(new Error('it waited')), 3_000).unref())
      await Promise.race([bench.run(bench.webhook), late])
    })
    expect(bench.receiver.seen).toEqual([])
    expect(await by('webhook')).toMatchObject({ attempts: 1, outcome: null })
  })

  test('is not brought a second time while the first attempt is under way, however slow', async () => {
    bench.receiver.misbehave('/hook', { kind: 'slow', delayMs: 500 }, { times: 1 })
    await bench.tell(aki)
    const first = bench.run(bench.webhook)
    await eventually(() => bench.receiver.seen.length === 1)
    await bench.run(bench.webhook)
    await first
    expect(bench.receiver.seen).toHaveLength(1)
    expect(await by('webhook')).toMatchObject({ attempts: 1, outcome: 'delivered' })
  })

  test('whose process died on the way is brought by another, and one that comes back late marks nothing', async () => {
    bench.receiver.misbehave('/hook', { kind: 'slow', delayMs: 800 }, { times: 1 })
    await bench.tell(aki)
    const late = bench.run(bench.webhook)
    await eventually(() => bench.receiver.seen.length === 1)
    // For the others it is as good as dead.
    await bench.wait()
    bench.receiver.misbehave('/hook', { kind: 'answer', status: 500 }, { times: 1 })
    await bench.run(bench.webhook)
    await late
    expect(await by('webhook')).toMatchObject({ attempts: 2, outcome: null, fault: 'the webhook answered 500' })
  })

  test('that ends its process each time is given up, too', async () => {
    await bench.tell(aki)
    await bench.database.query('UPDATE notification_deliveries SET attempts = $1', [maxAttempts])
    await bench.run(bench.webhook)
    expect(bench.receiver.seen).toEqual([])
    expect(await by('webhook')).toMatchObject({ outcome: 'given-up' })
  })

  test('nobody could bring for days is given up instead of told too late', async () => {
    await bench.tell(aki)
    await bench.database.query(`UPDATE notifications SET created_at = now() - interval '73 hours'`)
    await bench.run(bench.webhook)
    expect(bench.receiver.seen).toEqual([])
    expect(await by('webhook')).toMatchObject({ outcome: 'given-up' })
  })

  test.each(['suspended', 'disabled'])('is not for a person who is %s meanwhile', async (status) => {
    await bench.tell(aki)
    await bench.database.query('UPDATE users SET status = $2 WHERE id = $1', [aki, status])
    await bench.run(bench.webhook)
    await bench.run(bench.mail())
    expect([bench.receiver.seen, bench.smtp.connections]).toEqual([[], 0])
    expect(await bench.deliveries()).toMatchObject([{ outcome: 'dropped' }, { outcome: 'dropped' }])
  })
})

describe('by mail, a notice', () => {
  test('is plain text in plain words, with the link, to the address of now', async () => {
    await bench.tell(aki)
    await bench.database.query('UPDATE users SET email = $2, name = $3 WHERE id = $1', [
      aki,
      'aki.tanaka@example.com',
      '田中 亜希',
    ])
    await bench.run(bench.mail())
    const [mail] = bench.smtp.taken
    expect(mail).toMatchObject({ from: 'sekisho@example.com', to: 'aki.tanaka@example.com', login: undefined })
    expect(mail?.headers).toMatchObject({
      from: 'Sekisho <sekisho@example.com>',
      to: expect.stringMatching(/^=\?UTF-8\?.*\?= <aki\.tanaka@example\.com>$/),
      subject: 'Reconnect your Google Calendar',
      'content-type': 'text/plain; charset=utf-8',
      'auto-submitted': 'auto-generated',
      'message-id': expect.stringMatching(/^<[0-9a-f-]{36}@sekisho\.example>$/),
    })
    expect(mail?.body).toContain('Access to your Google Calendar was lost.\r\n\r\n')
    expect(mail?.body).toContain('https://sekisho.example/connections/gcal\r\n')
    expect(await by('mail')).toMatchObject({ attempts: 1, outcome: 'delivered' })
  })

  test('cannot be given another header or another recipient by a name, a subject or an address', async () => {
    await bench.tell(aki, { subject: 'Hello\r\nBcc: spy@evil.example' })
    // As no room of ours writes them.
    await bench.database.query(`UPDATE notifications SET subject = E'Hello\\r\\nBcc: spy@evil.example'`)
    await bench.database.query('UPDATE users SET name = $2 WHERE id = $1', [
      aki,
      'A" <spy@evil.example>,\r\nCc: spy@evil.example',
    ])
    await bench.run(bench.mail())
    const [mail] = bench.smtp.taken
    expect(Object.keys(mail?.headers ?? {}).filter((name) => /^b?cc$/.test(name))).toEqual([])
    expect(mail?.to).toMatch(/^aki-/)
    expect(bench.smtp.lines.filter((line) => line.startsWith('RCPT'))).toHaveLength(1)
  })

  test.each(['a@b.example,spy@evil.example', 'a@b.example>\r\nRCPT TO:<spy@evil.example', '"a b"@b.example', 'nobody'])(
    'is not sent to %j',
    async (email) => {
      await bench.tell(aki)
      await bench.database.query('UPDATE users SET email = $2 WHERE id = $1', [aki, email])
      await bench.run(bench.mail())
      expect(bench.smtp.connections).toBe(0)
      expect(await by('mail')).toMatchObject({ outcome: 'given-up' })
    },
  )

  test.each([
    ['a greeting that says "not now"', 'connect', { reply: '421 too busy' }],
    ['a server that refuses us ourselves', 'connect', { reply: '554 go away' }],
    ['a recipient for whom to come back later', 'RCPT', { reply: '450 greylisted' }],
    ['a sender who is refused', 'MAIL', { reply: '550 who are you' }],
    ['a mail for which to come back later', 'content', { reply: '451 disk full' }],
    ['a cut connection', 'DATA', 'drop'],
    ['a mail that was taken when the connection was cut', 'content', 'cut'],
  ] as const)('that met %s is sent again, with the same id', async (_what, stage, fault) => {
    bench.smtp.misbehave(stage, fault, 1)
    await bench.tell(aki)
    await bench.run(bench.mail())
    expect(await by('mail')).toMatchObject({ attempts: 1, outcome: null })
    await bench.wait()
    await bench.run(bench.mail())
    expect(await by('mail')).toMatchObject({ attempts: 2, outcome: 'delivered' })
    expect(new Set(bench.smtp.taken.map(({ headers }) => headers['message-id'])).size).toBe(1)
  })

  test.each([
    ['a recipient who is refused for good', 'RCPT', '550 5.1.1 no such user'],
    ['a text that is refused for good', 'content', '554 5.7.1 spam'],
  ] as const)('that met %s is given up at once, and the log does not say who', async (_what, stage, reply) => {
    const email = `gone-${randomUUID()}@example.com`
    const gone = await bench.person(email)
    bench.smtp.misbehave(stage, { reply: `${reply} <${email}>` })
    await bench.tell(gone)
    await bench.run(bench.mail())
    expect(await by('mail')).toMatchObject({ outcome: 'given-up', fault: expect.stringContaining(reply) })
    expect(JSON.stringify(bench.logLines)).not.toContain(email)
  })

  test.each(['connect', 'EHLO', 'RCPT', 'content'] as const)(
    'is let go when the server falls silent at %s, and its connection with it',
    async (stage) => {
      bench.smtp.misbehave(stage, 'hang', 1)
      await bench.tell(aki)
      const begun = performance.now()
      await bench.run(bench.mail(600))
      expect(performance.now() - begun).toBeLessThan(5_000)
      expect(await by('mail')).toMatchObject({
        attempts: 1,
        outcome: null,
        fault: expect.stringContaining('ETIMEDOUT'),
      })
      await bench.wait()
      await bench.run(bench.mail())
      expect(bench.smtp.taken).toHaveLength(1)
    },
  )

  test('is sent after a login where there is one, and a password never goes out in the clear', async () => {
    const login = { user: 'sekisho', pass: 'hunter2' }
    const { mail } = bench.settings
    if (!mail) throw new Error('no mail')
    await bench.tell(aki)
    // The same server by an address that may be anybody's: it offers no TLS.
    await bench.run(new Mail({ ...mail, login, host: '::ffff:127.0.0.1' }, publicUrl))
    expect(bench.smtp.connections).toBe(1)
    expect(bench.smtp.lines.filter((line) => line.startsWith('AUTH'))).toEqual([])
    expect(await by('mail')).toMatchObject({ outcome: null, fault: expect.stringContaining('ETLS') })
    await bench.wait()
    await bench.run(new Mail({ ...mail, login }, publicUrl))
    expect(bench.smtp.taken).toMatchObject([{ login: 'sekisho:hunter2' }])
  })
})

test.each(['from the start', 'offered'] as const)(
  'with TLS %s, a mail is not given to a server whose certificate nobody vouches for',
  async (tls) => {
    const smtp = await new SmtpFake(tls).listen()
    try {
      const { mail } = bench.settings
      if (!mail) throw new Error('no mail')
      await bench.tell(aki)
      const secure = tls === 'from the start'
      await bench.run(new Mail({ ...mail, host: 'localhost', port: smtp.port, secure }, publicUrl))
      expect(smtp.taken).toEqual([])
      expect(await by('mail')).toMatchObject({
        attempts: 1,
        outcome: null,
        fault: expect.stringMatching(/certificate/),
      })
    } finally {
      await smtp.close()
    }
  },
)

test('an app server with both channels brings what was told, by itself and on every replica', async () => {
  const { receiver, smtp } = bench
  const app = await startTestApp({
    env: {
      NOTIFY_WEBHOOK_URL: receiver.target,
      NOTIFY_WEBHOOK_SECRET: `whsec_${receiver.secret.toString('base64')}`,
      SMTP_URL: smtp.url,
      MAIL_FROM: 'sekisho@example.com',
      OUTBOUND_ALLOWED_HOSTS: receiver.host,
    },
  })
  const replica = await app.replica()
  try {
    await app.signedIn('Mika')
    const [mika] = await app.sql<{ id: string }>('SELECT id FROM users')
    const notice = { userId: mika?.id ?? '', kind: 'connection.lost', subject: 'S', words: 'W', link: '/connections' }
    await new Notifications(app.settings).tell({ query: (text, given = []) => app.sql(text, [...given]) }, notice)
    await eventually(() => receiver.genuine.length === 1 && smtp.taken.length === 1, 15_000)
    expect(receiver.genuine[0]?.body).toMatchObject({ data: { link: `${app.url}/connections` } })
    await eventually(async () => {
      const ended = await app.sql('SELECT FROM notification_deliveries WHERE ended_at IS NOT NULL')
      return ended.length === 2
    })
    expect([receiver.seen.length, smtp.connections]).toEqual([1, 1])
  } finally {
    await replica.close()
    await app.close()
  }
})

test('an app server that ends finishes what it is bringing, and marks it, before it leaves the database', async () => {
  const { receiver } = bench
  const testDatabase = await createTestDatabase()
  const pool = new pg.Pool({ connectionString: testDatabase.url, max: 1 })
  const settings = loadSettings({
    NODE_ENV: 'test',
    APP_PORT: '0',
    DATABASE_URL: testDatabase.url,
    SEALING_KEY: randomBytes(32).toString('base64'),
    NOTIFY_WEBHOOK_URL: receiver.target,
    NOTIFY_WEBHOOK_SECRET: `whsec_${receiver.secret.toString('base64')}`,
    OUTBOUND_ALLOWED_HOSTS: receiver.host,
  })
  const app = await startAppServer(settings, { log: new Log('silent', { write: () => undefined }) })
  receiver.misbehave('/hook', { kind: 'slow', delayMs: 1_500 })
  await pool.query(`WITH u AS (INSERT INTO users (email, name) VALUES ('a@b.example', 'A') RETURNING id),
      n AS (INSERT INTO notifications (user_id, kind, subject, words, link)
            SELECT id, 'connection.lost', 'S', 'W', 'http://localhost/' FROM u RETURNING id)
    INSERT INTO notification_deliveries (notification_id, channel) SELECT id, 'webhook' FROM n`)
  await eventually(() => receiver.seen.length === 1, 10_000)
  await app.close()
  const { rows } = await pool.query('SELECT attempts, outcome FROM notification_deliveries')
  await pool.end()
  await testDatabase.drop()
  expect(rows).toEqual([{ attempts: 1, outcome: 'delivered' }])
})
