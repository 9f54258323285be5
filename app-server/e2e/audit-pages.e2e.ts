// The audit log as administrators read it; nobody else gets any of it.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { OAuthProgram, type Page, type Person } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'
import { addCalls, callTool, getAs } from './audit-bench.js'
import { fixturesProvider } from './fixtures-provider.js'

let app: TestApp
let boss: Person
let mika: Person
let mikaId: string
let program: OAuthProgram

beforeAll(async () => {
  app = await startTestApp({ providers: [fixturesProvider] })
  boss = await app.signedIn('Boss')
  mika = await app.signedIn('Mika')
  const [row] = await app.sql<{ id: string }>(`SELECT id FROM users WHERE email = 'mika@example.test'`)
  mikaId = row?.id ?? ''
  program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
  const tokens = await program.authorize(mika, 'fixtures:use')
  await callTool(app.url, tokens.access_token, 'fixtures.echo', { text: 'hello', secret_token: 'hunter2' })
  await callTool(app.url, tokens.access_token, 'fixtures.refuse')
  const narrow = await program.authorize(mika, 'fixtures:other')
  await callTool(app.url, narrow.access_token, 'fixtures.echo', { text: '<script>alert(1)</script>' })
})

afterAll(() => app.close())

const audit = '/admin/audit'

/** The texts of the list's rows. */
function rowsOf(page: Page): string[] {
  const body = /<tbody.*?<\/tbody>/s.exec(page.body)?.[0] ?? ''
  return [...body.matchAll(/<tr.*?<\/tr>/gs)].map(([row]) =>
    row
      .replaceAll(/<[^>]*>/g, ' ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  )
}

function linkOf(page: Page, words: string): string {
  const found = [...page.body.matchAll(/<a[^>]*href="([^"]*)"[^>]*>([^<]*)<\/a>/g)].find(([, , text]) =>
    text?.includes(words),
  )
  if (!found?.[1]) throw new Error(`no link "${words}" at ${page.url}`)
  return found[1].replaceAll('&amp;', '&')
}

const get = (person: Person, path: string) => getAs(app, person, path)

describe('whoever is no administrator', () => {
  const paths = [
    audit,
    `${audit}/export.csv`,
    `${audit}/export.json`,
    `${audit}/follow`,
    `${audit}/019a1fa4-6b2f-775f-8c88-fb05f9696f00`,
  ]

  test.each(paths)('is refused %s', async (path) => {
    const member = await get(mika, path)
    expect(member.status).toBe(403)
    expect(await member.text()).not.toContain('fixtures.echo')
    const nobody = await fetch(`${app.url}${path}`, { headers: { accept: 'application/json' }, redirect: 'manual' })
    expect(nobody.status).toBe(401)
    const stream = await fetch(`${app.url}${path}`, { headers: { accept: 'text/event-stream' }, redirect: 'manual' })
    expect([302, 401]).toContain(stream.status)
  })

  test('does not find the pages in the navigation', async () => {
    expect((await mika.open('/')).body).not.toContain('href="/admin')
    expect((await boss.open('/')).body).toContain('href="/admin')
  })

  test('is refused from the very moment the role is taken away', async () => {
    const former = await app.signedIn('Former')
    await app.sql(`UPDATE users SET role = 'administrator' WHERE email = 'former@example.test'`)
    expect((await get(former, audit)).status).toBe(200)
    await app.sql(`UPDATE users SET role = 'member' WHERE email = 'former@example.test'`)
    expect((await get(former, audit)).status).toBe(403)
  })
})

describe('the list', () => {
  test('tells who did what through which program, how it ended and why, the newest first', async () => {
    const page = await boss.open(audit)
    expect(page.status).toBe(200)
    const rows = rowsOf(page)
    const refused = rows.findIndex((row) => row.includes('called fixtures.echo Refused'))
    expect(rows[refused]).toMatch(/UTC Mika “Test program” .* Refused the program was not given the scope$/)
    expect(refused).toBeLessThan(rows.findIndex((row) => row.includes('called fixtures.echo Done')))
    expect(rows.join('\n')).toMatch(/Mika “Test program” called fixtures\.refuse Refused/)
    expect(rows.join('\n')).toMatch(/Mika “Test program” let a program act Done/)
    expect(rows.at(-1)).toMatch(/Boss signed in Done/)
  })

  test.each([
    ['person=mika%40example.test', /Mika/, /Boss/],
    ['tool=fixtures.refuse', /fixtures\.refuse/, /fixtures\.echo/],
    ['kind=sign-in', /signed in/, /called/],
    ['outcome=refused', /Refused/, /Done/],
    ['outcome=ok', /Done/, /Refused/],
    ['reason=insufficient-scope', /not given the scope/, /signed in/],
    ['kind=call&outcome=ok&person=mika%40example.test', /fixtures\.echo Done/, /Refused/],
    ['client=Test+program', /Test program/, /signed in/],
  ])('with %s shows what fits and nothing else', async (query, shown, hidden) => {
    const rows = rowsOf(await boss.open(`${audit}?${query}`))
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) expect(row).toMatch(shown)
    expect(rows.join('\n')).not.toMatch(hidden)
  })

  test('is filtered by a form whose address can be shared', async () => {
    const page = await boss.open(audit)
    const form = page.forms.find(({ action }) => action === audit)
    if (!form) throw new Error('no form')
    const found = await boss.submit(page, form, { tool: 'fixtures.refuse', person: mikaId })
    expect(found.url.search).toContain('tool=fixtures.refuse')
    expect(rowsOf(found)).toHaveLength(1)
    expect(found.body).toContain('value="fixtures.refuse"')
    expect(found.body).toContain(`person ${mikaId}, tool fixtures.refuse`)
  })

  test('shows what administrators did to a person among that person’s entries', async () => {
    await app.signedIn('Yuki')
    const [yuki] = await app.sql<{ id: string }>(`SELECT id FROM users WHERE email = 'yuki@example.test'`)
    const question = await boss.open(`/admin/people/${yuki?.id}/suspend`)
    const form = question.forms.find(({ action }) => action.endsWith('/suspend'))
    if (!form) throw new Error(`no question (${question.status})`)
    await boss.submit(question, form)
    const rows = rowsOf(await boss.open(`${audit}?person=${yuki?.id}`))
    expect(rows[0]).toMatch(/Boss suspended Yuki Done/)
    expect(rows.at(-1)).toMatch(/Yuki signed in Done/)
  })

  test('within a time shows that time only', async () => {
    await addCalls(app, 3, 'time.test')
    await app.sql(
      `INSERT INTO audit_entries (at, kind, action, outcome, tool, details)
       VALUES ('2026-01-02T10:00:00Z', 'call', 'call', 'ok', 'time.test', '{}')`,
    )
    expect(rowsOf(await boss.open(`${audit}?tool=time.test`))).toHaveLength(4)
    expect(rowsOf(await boss.open(`${audit}?tool=time.test&from=2026-01-02&to=2026-01-02`))).toHaveLength(1)
    expect(rowsOf(await boss.open(`${audit}?tool=time.test&from=2026-01-03`))).toHaveLength(3)
    expect(rowsOf(await boss.open(`${audit}?tool=time.test&to=2026-01-02T10:00:00Z`))).toHaveLength(0)
    expect(rowsOf(await boss.open(`${audit}?tool=time.test&to=2026-01-02T10:00:00.001Z`))).toHaveLength(1)
  })

  test('goes on page by page, without repeating or leaving out, also for equal times', async () => {
    await app.sql(
      `INSERT INTO audit_entries (at, kind, action, outcome, tool, details)
       SELECT date_trunc('second', now()), 'call', 'call', 'ok', 'page.test', '{}' FROM generate_series(1, 120)`,
    )
    const seen: string[] = []
    let page = await boss.open(`${audit}?tool=page.test`)
    for (let number = 1; ; number++) {
      seen.push(...[...page.body.matchAll(/\/admin\/audit\/([0-9a-f-]{36})"/g)].map(([, id]) => String(id)))
      if (!page.body.includes('Older entries')) break
      expect(number).toBeLessThan(5)
      // The newest that arrive meanwhile change nothing about the pages that follow.
      await addCalls(app, 1, 'page.test')
      page = await boss.open(linkOf(page, 'Older entries'))
      expect(page.body).toContain('Newest entries')
      expect(page.body).not.toContain('data-follow')
    }
    expect(seen).toHaveLength(120)
    expect(new Set(seen).size).toBe(120)
  })

  test.each([
    ['person=nobody%40example.test', 'Nobody here has this e-mail address'],
    ['client=no+such+program', 'No program has this name'],
    ['from=yesterday', 'Write a day, like'],
    ['from=2026-02-01&to=2026-01-01', 'before the beginning'],
    ['kind=everything', 'Nothing was looked up'],
  ])('says what is wrong with %s, and keeps what was typed', async (query, words) => {
    const page = await boss.open(`${audit}?${query}`)
    expect(page.status).toBe(400)
    expect(page.body).toContain(words)
    expect(page.body).toContain('Nothing was looked up')
    expect(rowsOf(page)).toEqual([])
  })

  test('that is empty says why, and how to see more', async () => {
    const page = await boss.open(`${audit}?tool=no.such`)
    expect(page.status).toBe(200)
    expect(page.body).toContain('No entry fits')
    expect(page.body).toContain('Show every entry')
  })

  test.each(['%27%20OR%20true--', '%00', '%F0%9F%98%80', 'x'.repeat(9_000)])(
    'finds nothing for crafted words: %s',
    async (words) => {
      for (const field of ['tool', 'reason', 'client']) {
        const page = await boss.open(`${audit}?${field}=${words}`)
        expect([200, 400]).toContain(page.status)
        if (words !== '%00') expect(rowsOf(page)).toEqual([])
      }
    },
  )

  test('that cannot be found in time says so instead of making everybody wait', async () => {
    await app.sql(`ALTER TABLE audit_entries RENAME TO audit_entries_away`)
    await app.sql(`CREATE VIEW audit_entries AS SELECT e.* FROM audit_entries_away e, pg_sleep(60)`)
    try {
      const startedAt = performance.now()
      const page = await boss.open(audit)
      expect(performance.now() - startedAt).toBeLessThan(9_000)
      expect(page.status).toBe(503)
      expect(page.body).toContain('Choose a shorter time')
      expect(page.forms.some(({ action }) => action === audit)).toBe(true)
    } finally {
      await app.sql('DROP VIEW audit_entries')
      await app.sql('ALTER TABLE audit_entries_away RENAME TO audit_entries')
    }
  })
})

describe('one entry', () => {
  async function entryPage(reason: string | null, tool: string): Promise<Page> {
    const [entry] = await app.sql<{ id: string }>(
      'SELECT id FROM audit_entries WHERE reason IS NOT DISTINCT FROM $1 AND tool = $2 LIMIT 1',
      [reason, tool],
    )
    return boss.open(`${audit}/${entry?.id}`)
  }

  test('reads as the reason why it was allowed', async () => {
    const page = await entryPage(null, 'fixtures.echo')
    expect(page.body).toContain('Mika called fixtures.echo')
    expect(page.body).toContain(
      'It was allowed because the access token held “fixtures:use”, which fixtures.echo needs.',
    )
    expect(page.body).toContain('neither withdrawn nor expired')
    expect(page.body).not.toContain('hunter2')
    expect(page.body).toContain('[redacted]')
  })

  test('reads as the reason why it was refused, and shows what was sent as inert text', async () => {
    const page = await entryPage('insufficient-scope', 'fixtures.echo')
    expect(page.body).toContain('fixtures.echo needs “fixtures:use”, and the access token held only “fixtures:other”')
    expect(page.body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(page.body).not.toContain('<script>alert')
    expect(linkOf(page, 'Of this person')).toBe(`${audit}?person=${mikaId}`)
    expect(rowsOf(await boss.open(linkOf(page, 'For this reason')))).toHaveLength(1)
  })

  test.each(['019a1fa4-6b2f-775f-8c88-fb05f9696f00', 'nonsense', '019a1fa4-6b2f-475f-8c88-fb05f9696f00'])(
    'that does not exist is not found: %s',
    async (id) => {
      expect((await get(boss, `${audit}/${id}`)).status).toBe(404)
    },
  )

  test('is still told when its person is gone', async () => {
    const gone = await app.signedIn('Gone')
    expect(gone.cookie('sekisho_session')).toBeTruthy()
    const [user] = await app.sql<{ id: string }>(`DELETE FROM users WHERE email = 'gone@example.test' RETURNING id`)
    const rows = rowsOf(await boss.open(`${audit}?person=${user?.id}`))
    expect(rows[0]).toMatch(/A person who is gone signed in Done/)
  })
})
