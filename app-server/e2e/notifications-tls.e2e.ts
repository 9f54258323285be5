// The app server as shipped tells by mail over TLS, to a server whose certificate its operator vouches for.
import { expect, test } from '@jest/globals'
import { eventually, startStack } from '@sekisho/testing'
import { SmtpFake } from './smtp-fake.js'

test.each([
  ['smtps', 'from the start'],
  ['smtp', 'offered'],
] as const)(
  'by %s, TLS being %s, a mail is sent after a login, and the login after TLS',
  async (scheme, tls) => {
    const smtp = await new SmtpFake(tls).listen()
    const stack = await startStack({
      appEnv: {
        SMTP_URL: `${scheme}://mailer:p%40ss@localhost:${smtp.port}`,
        MAIL_FROM: 'Sekisho <sekisho@example.com>',
      },
    })
    try {
      await stack.signedIn('Mika', 'mika@example.test')
      await stack.sql(`WITH n AS (INSERT INTO notifications (user_id, kind, subject, words, link)
          SELECT id, 'connection.lost', 'S', 'W', '${stack.appServer.url}/' FROM users RETURNING id)
        INSERT INTO notification_deliveries (notification_id, channel) SELECT id, 'mail' FROM n`)
      const mail = await eventually(() => smtp.taken[0], 15_000)
      expect(mail).toMatchObject({ to: 'mika@example.test', login: 'mailer:p@ss', encrypted: true })
    } finally {
      await stack.close()
      await smtp.close()
    }
  },
  60_000,
)
