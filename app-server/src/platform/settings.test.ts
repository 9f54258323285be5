// What the operator can get wrong in the settings, and what they are told.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { FaultySettings } from '@sekisho/contracts'
import { loadSettings } from './settings.js'

const sealingKey = Buffer.from(Array.from({ length: 32 }, (_, i) => i * 7)).toString('base64')
const good = { DATABASE_URL: 'postgres://u:p@127.0.0.1/db', SEALING_KEY: sealingKey }
const goodProduction = {
  ...good,
  DATABASE_URL: 'postgres://sekisho:5d0bf4a6c3ae@127.0.0.1/db',
  NODE_ENV: 'production',
  PUBLIC_URL: 'https://sekisho.example',
  MCP_URL: 'https://mcp.sekisho.example/mcp',
  GOOGLE_CLIENT_ID: 'id',
  GOOGLE_CLIENT_SECRET: 'GOCSPX-0123456789abcdef',
}

const webhook = {
  NOTIFY_WEBHOOK_URL: 'https://hooks.example/sekisho/?a=b',
  NOTIFY_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
}
const mail = { SMTP_URL: 'smtps://user%40example.com:p%3Aw@mail.example', MAIL_FROM: 'Sekisho <sekisho@example.com>' }

function faultsOf(env: NodeJS.ProcessEnv): readonly string[] {
  try {
    loadSettings(env)
  } catch (error) {
    if (error instanceof FaultySettings) return error.faults
    throw error
  }
  return []
}

describe('the settings', () => {
  test('need only a database and a sealing key in development', () => {
    const settings = loadSettings(good)
    expect(settings).toMatchObject({
      production: false,
      devSignIn: true,
      sampleData: true,
      publicUrl: 'http://localhost:3000',
      mcpUrl: 'http://localhost:8080/mcp',
      secure: false,
      google: undefined,
    })
    expect(settings.sealingKey).toHaveLength(32)
  })

  test('name every fault at once', () => {
    const faults = faultsOf({
      APP_PORT: 'eighty',
      LOG_LEVEL: 'loud',
      SESSION_MAX_DAYS: '0',
      DEV_SIGN_IN: 'maybe',
      GOOGLE_CLIENT_ID: 'half',
    })
    for (const name of [
      'APP_PORT',
      'LOG_LEVEL',
      'SESSION_MAX_DAYS',
      'DEV_SIGN_IN',
      'DATABASE_URL',
      'SEALING_KEY',
      'GOOGLE_CLIENT_SECRET',
    ]) {
      expect(faults.some((fault) => fault.startsWith(`${name}: `))).toBe(true)
    }
  })

  test.each([
    ['half a Google client', { GOOGLE_CLIENT_ID: 'id' }, 'GOOGLE_CLIENT_SECRET'],
    ['the other half', { GOOGLE_CLIENT_SECRET: 'secret' }, 'GOOGLE_CLIENT_ID'],
    ['a short sealing key', { SEALING_KEY: 'c2hvcnQ=' }, 'SEALING_KEY'],
    [
      'a sealing key of words',
      { SEALING_KEY: Buffer.from('change-me-before-you-deploy-this').toString('base64') },
      'SEALING_KEY',
    ],
    ['a sealing key of zeros', { SEALING_KEY: Buffer.alloc(32).toString('base64') }, 'SEALING_KEY'],
    ['an issuer with a path', { PUBLIC_URL: 'http://localhost:3000/app' }, 'PUBLIC_URL'],
    ['a database that is no Postgres', { DATABASE_URL: 'mysql://x' }, 'DATABASE_URL'],
    ['a webhook without its secret', { NOTIFY_WEBHOOK_URL: 'https://a.example/b' }, 'NOTIFY_WEBHOOK_SECRET'],
    ['a secret without its webhook', { NOTIFY_WEBHOOK_SECRET: 'whsec_c2VjcmV0' }, 'NOTIFY_WEBHOOK_URL'],
    ['a webhook that is no web address', { ...webhook, NOTIFY_WEBHOOK_URL: 'ftp://a.example' }, 'NOTIFY_WEBHOOK_URL'],
    ['a webhook with a password', { ...webhook, NOTIFY_WEBHOOK_URL: 'https://u:p@a.example' }, 'NOTIFY_WEBHOOK_URL'],
    ['a webhook secret of words', { ...webhook, NOTIFY_WEBHOOK_SECRET: 'secret' }, 'NOTIFY_WEBHOOK_SECRET'],
    ['a mail server without a sender', { SMTP_URL: 'smtp://mail.example:587' }, 'MAIL_FROM'],
    ['a sender without a mail server', { MAIL_FROM: 'a@b.example' }, 'SMTP_URL'],
    ['a mail server that is none', { ...mail, SMTP_URL: 'https://mail.example' }, 'SMTP_URL'],
    ['half a login at the mail server', { ...mail, SMTP_URL: 'smtp://user@mail.example' }, 'SMTP_URL'],
    [
      'options for the mail server',
      { ...mail, SMTP_URL: 'smtp://mail.example/?tls.rejectUnauthorized=no' },
      'SMTP_URL',
    ],
    ['a broken password of the mail server', { ...mail, SMTP_URL: 'smtp://u:%zz@mail.example' }, 'SMTP_URL'],
    ['a sender that is two', { ...mail, MAIL_FROM: 'a@b.example, c@d.example' }, 'MAIL_FROM'],
    ['a sender with another header', { ...mail, MAIL_FROM: 'A\r\nBcc: c@d.example <a@b.example>' }, 'MAIL_FROM'],
    ['a fraction of a port', { APP_PORT: '80.5' }, 'APP_PORT'],
  ])('refuse %s', (_what, env, name) => {
    expect(faultsOf({ ...good, ...env }).map((fault) => fault.split(':')[0])).toContain(name)
  })

  test('take a complete production set-up', () => {
    expect(loadSettings(goodProduction)).toMatchObject({
      production: true,
      devSignIn: false,
      sampleData: false,
      secure: true,
    })
  })

  test.each([
    ['development sign-in', { DEV_SIGN_IN: 'true' }, 'DEV_SIGN_IN'],
    ['sample data', { SAMPLE_DATA: 'true' }, 'SAMPLE_DATA'],
    ['no way to sign in', { GOOGLE_CLIENT_ID: '', GOOGLE_CLIENT_SECRET: '' }, 'GOOGLE_CLIENT_ID'],
    ['plain http', { PUBLIC_URL: 'http://sekisho.example' }, 'PUBLIC_URL'],
    ['no public URL', { PUBLIC_URL: '' }, 'PUBLIC_URL'],
    ['a short webhook secret', { ...webhook, NOTIFY_WEBHOOK_SECRET: 'whsec_c2hvcnQ=' }, 'NOTIFY_WEBHOOK_SECRET'],
    ['a webhook in the clear', { ...webhook, NOTIFY_WEBHOOK_URL: 'http://hooks.example' }, 'NOTIFY_WEBHOOK_URL'],
    ['an empty sealing key', { SEALING_KEY: '' }, 'SEALING_KEY'],
    ['a short Google secret', { GOOGLE_CLIENT_SECRET: 'secret' }, 'GOOGLE_CLIENT_SECRET'],
    ['a short database password', { DATABASE_URL: 'postgres://u:p@db/sekisho' }, 'DATABASE_URL'],
    [
      'the database password everybody tries',
      { DATABASE_URL: 'postgres://u:postgres-postgres@db/sekisho' },
      'DATABASE_URL',
    ],
    [
      'the name of the role for a password',
      { DATABASE_URL: 'postgres://sekisho-role:sekisho-role@db/sekisho' },
      'DATABASE_URL',
    ],
  ])('do not start production with %s', (_what, env, name) => {
    expect(faultsOf({ ...goodProduction, ...env }).map((fault) => fault.split(':')[0])).toContain(name)
  })

  test('say how people are told, with the webhook and the mail server as they were given', () => {
    expect(loadSettings(good).notify).toEqual({ webhook: undefined, mail: undefined })
    expect(loadSettings({ ...goodProduction, ...webhook, ...mail }).notify).toEqual({
      webhook: { url: 'https://hooks.example/sekisho/?a=b', secret: expect.any(Buffer) },
      mail: {
        host: 'mail.example',
        port: 465,
        secure: true,
        login: { user: 'user@example.com', pass: 'p:w' },
        from: { name: 'Sekisho', address: 'sekisho@example.com' },
      },
    })
    const inside = { ...webhook, NOTIFY_WEBHOOK_URL: 'http://hooks:8000/', OUTBOUND_ALLOWED_HOSTS: 'hooks:8000' }
    expect(loadSettings({ ...goodProduction, ...inside }).notify.webhook?.url).toBe('http://hooks:8000/')
  })

  test('can be read from files, but not from both places', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'sekisho-settings-')), 'key')
    writeFileSync(path, `${sealingKey}\n`)
    const { SEALING_KEY: _, ...rest } = good
    expect(loadSettings({ ...rest, SEALING_KEY_FILE: path }).sealingKey).toHaveLength(32)
    expect(faultsOf({ ...good, SEALING_KEY_FILE: path })[0]).toContain('SEALING_KEY_FILE')
    expect(faultsOf({ ...rest, SEALING_KEY_FILE: '/nowhere/key' })[0]).toContain('ENOENT')
  })
})
