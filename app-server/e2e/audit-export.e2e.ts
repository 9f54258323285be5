// Entries taken along as files: whole, harmless, and without holding more than a few at a time.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { eventually, type Person } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'
import { addCalls, entriesOf, getAs } from './audit-bench.js'

let app: TestApp
let boss: Person

beforeAll(async () => {
  app = await startTestApp()
  boss = await app.signedIn('Boss')
  await app.sql(
    `INSERT INTO audit_entries (kind, action, outcome, reason, tool, details)
     VALUES ('call', 'call', 'refused', 'insufficient-scope', 'fixtures.echo', '{"role": "member"}')`,
  )
})

afterAll(() => app.close())

const audit = '/admin/audit'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** What is in memory and still needed. Buffers that one collection finds dead are only gone when the next begins. */
function liveBytes(): number {
  collectGarbage()
  collectGarbage()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}
const get = (path: string) => getAs(app, boss, path)

describe('an export', () => {
  test('holds what the filter shows, as CSV and as JSON, and is itself written down', async () => {
    const csv = await get(`${audit}/export.csv?reason=insufficient-scope`)
    expect(csv.headers.get('content-type')).toContain('text/csv')
    expect(csv.headers.get('content-disposition')).toMatch(/attachment; filename="sekisho-audit-.*\.csv"/)
    const lines = (await csv.text()).trim().split('\r\n')
    expect(lines).toHaveLength(2)
    expect(lines[1]).toContain('insufficient-scope')
    const json = (await (await get(`${audit}/export.json?reason=insufficient-scope`)).json()) as Record<
      string,
      unknown
    >[]
    expect(json).toMatchObject([{ tool: 'fixtures.echo', outcome: 'refused', details: { role: 'member' } }])
    const written = (await entriesOf(app, 'administration')).filter(({ action }) => action === 'export-audit')
    expect(written.at(-1)).toMatchObject({ outcome: 'ok', details: { format: 'json', reason: 'insufficient-scope' } })
  })

  test('that would run in a spreadsheet does not', async () => {
    await app.sql(
      `INSERT INTO audit_entries (kind, action, outcome, tool, details) VALUES ('call', 'call', 'ok', '=HYPERLINK("http://evil")', '{}')`,
    )
    const text = await (await get(`${audit}/export.csv?tool=${encodeURIComponent('=HYPERLINK("http://evil")')}`)).text()
    expect(text).toContain(`"'=HYPERLINK(""http://evil"")"`)
  })

  test.each(['export.csv?from=yesterday', 'export.csv?person=nobody%40example.test', 'export.xml'])(
    'that is asked for wrongly is refused: %s',
    async (path) => {
      expect([400, 404]).toContain((await get(`${audit}/${path}`)).status)
    },
  )

  test('of 50,000 entries is whole and takes no more memory than one of a few', async () => {
    await addCalls(app, 50_000, 'export.many')
    const before = liveBytes()
    let highest = before
    const response = await get(`${audit}/export.json?tool=export.many`)
    let bytes = 0
    let tail = ''
    let separators = 0
    const reader = response.body?.getReader()
    for (let at = 0; ; at++) {
      const read = await reader?.read()
      if (!read || read.done) break
      bytes += read.value.length
      const text = Buffer.from(read.value).toString('latin1')
      separators += text.split('"export.many"').length - 1
      tail = text.slice(-10)
      if (at % 200 === 100) highest = Math.max(highest, liveBytes())
    }
    expect(bytes).toBeGreaterThan(20_000_000)
    // A name may be cut in two by the borders of chunks.
    expect(separators).toBeGreaterThan(49_000)
    expect(tail).toMatch(/\n\]\n$/)
    // Less than a third of what went through, although it is all made and read in this one process.
    expect(highest - before).toBeLessThan(8_000_000)
    const csv = await (await get(`${audit}/export.csv?tool=export.many`)).text()
    expect(csv.trim().split('\r\n')).toHaveLength(50_001)
  }, 120_000)

  test('is one of two at once, and a reader that leaves makes room', async () => {
    const leave = new AbortController()
    const cookie = `sekisho_session=${boss.cookie('sekisho_session')}`
    const begin = () =>
      fetch(`${app.url}${audit}/export.json?tool=export.many`, { headers: { cookie }, signal: leave.signal })
    // Nobody reads these, so they stay unfinished.
    const [one, two] = await Promise.all([begin(), begin()])
    expect([one.status, two.status]).toEqual([200, 200])
    const third = await get(`${audit}/export.json?tool=fixtures.echo`)
    expect(third.status).toBe(429)
    leave.abort()
    await eventually(async () => (await get(`${audit}/export.json?tool=fixtures.echo`)).status === 200)
  })
})
