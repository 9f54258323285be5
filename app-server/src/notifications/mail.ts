// Tells by e-mail, as plain text, over one connection of its own for each mail, which is cut when its time is over.
import MailComposer from 'nodemailer/lib/mail-composer'
import SMTPConnection, { type SMTPError } from 'nodemailer/lib/smtp-connection'
import { withLanguage } from '../platform/html/language.js'
import { type Mailbox, plainAddress, type SmtpServer } from '../platform/notify-settings.js'
import { type Channel, DeliveryFault, type DueNotice } from './channel.js'
import { t } from './t.js'

/** How long the server may keep silent. */
const silenceMs = 8_000
const responseBytes = 64 * 1024

export interface MailSettings extends SmtpServer {
  readonly from: Mailbox
}

/**
 * Not by nodemailer's transports: a mail that waits in one cannot be taken back, and would then be sent beside the next
 * attempt. Not by guarded-fetch either, which speaks HTTP: the only server ever connected to is the one the operator named.
 */
export class Mail implements Channel {
  readonly id = 'mail'
  readonly atOnce = 2
  readonly deadlineMs: number

  constructor(
    private readonly settings: MailSettings,
    /** People know this site by it. */
    private readonly publicUrl: string,
    deadlineMs = 15_000,
  ) {
    this.deadlineMs = deadlineMs
  }

  async deliver(notice: DueNotice): Promise<void> {
    const { email } = notice.user
    // What sign-in lets through is wider than what is safe to put into a mail's head.
    if (!plainAddress.test(email)) {
      throw new DeliveryFault('the e-mail address of the person is not one that mail is sent to', { final: true })
    }
    const message = await this.compose(notice)
    try {
      await this.send(email, message)
    } catch (cause) {
      const error = cause as SMTPError
      // Refused for good: this recipient or this text. A server that refuses us ourselves may be set right meanwhile.
      const final = error.permanent === true && (error.code === 'EMESSAGE' || error.command === 'RCPT TO')
      const words = error.message.replaceAll(email, '<recipient>').replaceAll(/\s+/g, ' ')
      throw new DeliveryFault(`the mail server did not take it (${error.code ?? 'unknown'}): ${words}`, { final })
    }
  }

  private compose({ id, subject, words, link, createdAt, language, user }: DueNotice): Promise<Buffer> {
    const site = new URL(this.publicUrl)
    const { name, address } = this.settings.from
    const sender = withLanguage(language, () =>
      t('Sent by {site}, because you have an account there. Nobody reads answers to this mail.', { site: site.host }),
    )
    const composer = new MailComposer({
      from: { name: name ?? 'Sekisho', address },
      to: { name: headerText(user.name), address: user.email },
      subject: headerText(subject),
      text: `${words}\n\n${link}\n\n-- \n${sender}\n`,
      date: createdAt,
      messageId: `<${id}@${site.hostname}>`,
      // RFC 3834: so that no automatic reply comes back.
      headers: { 'Auto-Submitted': 'auto-generated' },
      disableFileAccess: true,
      disableUrlAccess: true,
    })
    return composer.compile().build()
  }

  private send(to: string, message: Buffer): Promise<void> {
    const { host, port, secure, login, from } = this.settings
    const connection = new SMTPConnection({
      host,
      port,
      secure,
      // A password never goes out in the clear; without one, TLS is used where the server has it.
      requireTLS: !secure && login !== undefined && !isLoopback(host),
      name: new URL(this.publicUrl).hostname,
      connectionTimeout: silenceMs,
      greetingTimeout: silenceMs,
      socketTimeout: silenceMs,
      dnsTimeout: silenceMs,
      socketCloseTimeout: 1_000,
      maxResponseSize: responseBytes,
      allowInternalNetworkInterfaces: true,
    })
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const timer = setTimeout(
      () => reject(Object.assign(new Error(`it was not done in ${this.deadlineMs} ms`), { code: 'ETIMEDOUT' })),
      this.deadlineMs,
    )
    connection.on('error', reject)
    connection.on('end', () => reject(Object.assign(new Error('the connection ended'), { code: 'ECONNECTION' })))
    const give = () =>
      connection.send({ from: from.address, to: [to], size: message.length }, message, (error) => {
        if (error) return reject(error)
        resolve()
        connection.quit()
      })
    connection.connect((error) => {
      if (error) return reject(error)
      if (!login) return give()
      connection.login({ credentials: login }, (refused) => (refused ? reject(refused) : give()))
    })
    return promise.finally(() => {
      clearTimeout(timer)
      connection.close()
    })
  }
}

/** On one line; nodemailer encodes the rest. */
function headerText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
