// The overview counts what happened, keeps itself fresh, and says what it cannot know; the settings tell no secret.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { DOOR_PATH } from '@sekisho/contracts'
import { OAuthProgram } from '@sekisho/testing'
import { type SignedIn, signedInAs, wordsOf } from './admin-bench.js'
import { startTestApp, type TestApp } from './app.js'

let app: TestApp
let boss: SignedIn

beforeAll(async () => {
  app = await startTestApp({
    env: {
      GOOGLE_CLIENT_ID: 'google-id',
      GOOGLE_CLIENT_SECRET: 'google-very-secret',
      ADMIN_EMAILS: 'boss@example.test',
    },
  })
  boss = await signedInAs(app, 'Boss')
})

afterAll(() => app.close())

interface Entry {
  minutesAgo: number
  outcome?: 'ok' | 'refused' | 'failed'
  reason?: string
  kind?: string
  tool?: string | null
  ms?: number | null
  times?: number
  details?: object
}

async function happened({ minutesAgo, outcome = 'ok', reason, kind = 'call', tool = 'product.get', ...more }: Entry) {
  await app.sql(
    `INSERT INTO audit_entries (at, kind, action, outcome, reason, actor_id, client_id, tool, details, duration_ms)
     SELECT now() - $1 * interval '1 minute', $2, $2, $3, $4, $5, 'c' || n % 2, $6, $7, $8 FROM generate_series(1, $9) n`,
    [
      minutesAgo,
      kind,
      outcome,
      reason ?? null,
      boss.id,
      tool,
      more.details ?? {},
      more.ms === undefined ? 10 : more.ms,
      more.times ?? 1,
    ],
  )
}

/** What the page shows, figure by figure. Each call looks anew: counts are kept for a moment by span. */
async function tiles(path: string): Promise<Record<string, string>> {
  const { body } = await boss.person.open(path)
  return Object.fromEntries(
    [...body.matchAll(/<dt>(?:<a[^>]*>)?([^<]*)(?:<\/a>)?<\/dt><dd class="tile-value">([^<]*)<\/dd>/g)].map(
      ([, term = '', value = '']) => [term, value],
    ),
  )
}

const counted = () => new Promise((resolve) => setTimeout(resolve, 4_100))

describe('the overview', () => {
  test('of a house where nothing was called says so', async () => {
    const words = wordsOf(await boss.person.open('/admin'))
    expect(words).toContain('No calls in the last hour')
    expect(await tiles('/admin')).toMatchObject({ People: '1', Sessions: '1', 'Clients with access': '0' })
  })

  test('counts calls, refusals, failures and latency of its span alone, and why', async () => {
    await happened({ minutesAgo: 5, times: 90, ms: 12 })
    await happened({ minutesAgo: 5, times: 6, ms: 850 })
    await happened({ minutesAgo: 6, outcome: 'failed', reason: 'timeout', times: 4, ms: 60_000 })
    await happened({ minutesAgo: 7, outcome: 'refused', reason: 'insufficient-scope', tool: 'order.create', times: 3 })
    // Refused at the door: no tool, no duration, and those that came too often are one entry with a number.
    await happened({ minutesAgo: 8, kind: 'access', outcome: 'refused', reason: 'token-expired', tool: null, ms: null })
    await happened({
      minutesAgo: 8,
      kind: 'access',
      outcome: 'refused',
      reason: 'token-expired',
      tool: null,
      ms: null,
      details: { further_times: 6 },
    })
    await happened({ minutesAgo: 50, times: 7, ms: 12 })
    await happened({ minutesAgo: 3 * 24 * 60, times: 1000 })
    // Not calls.
    await happened({ minutesAgo: 5, kind: 'sign-in', tool: null, outcome: 'refused', reason: 'forbidden' })

    expect(await tiles('/admin?span=15m')).toMatchObject({
      Calls: '111',
      Refused: '11',
      Failed: '4',
      'Latency, median': '12 ms',
      'Latency, p95': '850 ms',
    })
    const page = await boss.person.open('/admin?span=15m')
    const words = wordsOf(page)
    expect(words).toContain('by 1 person through 2 clients')
    expect(words).toContain('111 calls in the last 15 minutes: 96 done, 11 refused, 4 failed')
    expect(words).toMatch(/product\.get 100 0 4/)
    expect(words).toMatch(/order\.create 3 3 0/)
    expect(words).toMatch(/token-expired refused 8.*timeout failed 4.*insufficient-scope refused 3/)
    expect(await tiles('/admin?span=24h')).toMatchObject({ Calls: '118' })
    expect(await tiles('/admin?span=7d')).toMatchObject({ Calls: '1,118' })
    // A span nobody offers is the usual one.
    expect(wordsOf(await boss.person.open('/admin?span=9y'))).toContain('the last hour')
  })

  test('shows a call that was just made when it is refreshed', async () => {
    const program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
    const { access_token: token } = await program.authorize(boss.person, 'product:read')
    const before = Number((await tiles('/admin/figures?span=15m')).Calls)
    const answer = await fetch(`${app.url}${DOOR_PATH}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'product.search', arguments: {} },
      }),
    })
    expect(answer.status).toBe(200)
    await answer.text()
    await counted()
    expect(Number((await tiles('/admin/figures?span=15m')).Calls)).toBe(before + 1)
    expect(await tiles('/admin')).toMatchObject({ 'Clients with access': '1', Authorizations: '1' })
  })

  test('is drawn without scripts or styles in the page, and its charts say in words what they show', async () => {
    const { body } = await boss.person.open('/admin?span=15m')
    expect(body).not.toMatch(/\sstyle="|<style|<script(?![^>]*\ssrc=)|\son\w+="/)
    const svgs = [...body.matchAll(/<svg class="chart-drawing"[^>]*aria-labelledby="([^"]*)"/g)].map(([, id]) => id)
    expect(svgs).toEqual(['calls-summary', 'latency-summary'])
    for (const id of svgs) expect(body).toMatch(new RegExp(`<title id="${id}">[^<]{30,}</title>`))
  })

  test('tells of the database, the version and the app servers that run', async () => {
    const replica = await app.replica()
    try {
      const words = wordsOf(await boss.person.open('/admin'))
      expect(words).toMatch(/answers in \d+ ms\. PostgreSQL 18\.\d+/)
      expect(words).toContain('2 are connected')
      expect(words).toMatch(/Sekisho \d+\.\d+\.\d+ on Node 24/)
    } finally {
      await replica.close()
    }
  })
})

describe('when the calls cannot be counted', () => {
  afterEach(() => app.sql('ALTER TABLE audit_entries_away RENAME TO audit_entries'))

  test('the page says so and shows the rest', async () => {
    await counted()
    await app.sql('ALTER TABLE audit_entries RENAME TO audit_entries_away')
    const page = await boss.person.open('/admin?span=15m')
    expect(page.status).toBe(200)
    expect(wordsOf(page)).toContain('The calls could not be counted')
    expect(wordsOf(page)).toContain('PostgreSQL 18')
    expect(wordsOf(page)).not.toContain('audit_entries')
  })
})

test('the settings show what counts and no secret', async () => {
  const page = await boss.person.open('/admin/settings')
  const words = wordsOf(page)
  for (const part of [app.url, app.settings.mcpUrl, 'boss@example.test', '365 days', 'offered']) {
    expect(words).toContain(part)
  }
  const { password, username } = new URL(app.settings.databaseUrl)
  const key = app.settings.sealingKey
  const secrets = [
    'google-very-secret',
    'google-id',
    key.toString('base64'),
    key.toString('base64url'),
    key.toString('hex'),
  ]
  for (const secret of [...secrets, `${username}:${password}`, `${username}@`, ...(password ? [password] : [])]) {
    expect(page.body).not.toContain(secret)
  }
})
