// Tests of the settings page's own promise: what it shows is on purpose, and no secret is among it.
import { expect, test } from '@jest/globals'
import { loadSettings, settingNames } from '../platform/settings.js'
import { shownSettings } from './shown-settings.js'

const key = Buffer.from(Array.from({ length: 32 }, (_, at) => (at * 37) % 256)).toString('base64')
const settings = loadSettings({
  NODE_ENV: 'test',
  DATABASE_URL: 'postgres://owner:hunter2@db.internal:5433/sekisho?options=-csecret',
  SEALING_KEY: key,
  GOOGLE_CLIENT_ID: 'google-id',
  GOOGLE_CLIENT_SECRET: 'google-secret',
  NOTIFY_WEBHOOK_URL: 'https://hooks.example/services/path-token',
  NOTIFY_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  SMTP_URL: 'smtp://mailer:hunter4@mail.example:587',
  MAIL_FROM: 'sekisho@example.com',
  OTEL_EXPORTER_OTLP_ENDPOINT: 'https://tracer:hunter3@traces.example/v1/key-in-path',
})
const shown = shownSettings(settings).flatMap(({ settings: group }) => group)

test('no secret is shown, only that it is there', () => {
  const words = JSON.stringify(shown)
  for (const secret of [
    'hunter2',
    'owner',
    'csecret',
    'google-secret',
    'google-id',
    key,
    'hunter3',
    'tracer',
    'path-token',
    'MfKQ9r8G',
    'mailer',
    'hunter4',
    'key-in-path',
  ]) {
    expect(words).not.toContain(secret)
  }
  expect(shown.find(({ variable }) => variable === 'DATABASE_URL')?.value).toBe('db.internal:5433/sekisho')
})

test('every variable it names is one of the settings', () => {
  for (const { variable } of shown) {
    for (const name of variable?.split(', ') ?? []) expect(settingNames).toContain(name)
  }
})
