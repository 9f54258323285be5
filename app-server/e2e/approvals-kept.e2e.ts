// What is kept of approvals and for how long, who is never asked, and what a part of ours may use.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { eventually } from '@sekisho/testing'
import { DataSource } from 'typeorm'
import { ApprovalAudit } from '../src/approvals/approval-audit.js'
import { collectApprovals } from '../src/approvals/approval-collection.js'
import { Approvals, approvalDecided } from '../src/approvals/approvals.js'
import { AuditLog } from '../src/audit/audit-log.js'
import { jwtService, MintedTokens } from '../src/oauth/minted-tokens.js'
import { SigningKeys } from '../src/oauth/signing-keys.js'
import { Database } from '../src/platform/database/database.js'
import { Notices } from '../src/platform/database/notices.js'
import { Log } from '../src/platform/log.js'
import { SecretBox } from '../src/platform/secret-box.js'
import { ProviderRegistry } from '../src/providers/provider-registry.js'
import { type ApprovalsBench, openApprovalsBench, type ShelfCaller } from './approvals-bench.js'
import { shelfProvider } from './shelf-provider.js'
import { callTool } from './vault-bench.js'

let bench: ApprovalsBench
let aki: ShelfCaller
let board: string
let people = 0

beforeAll(async () => {
  bench = await openApprovalsBench({ APP_METRICS_PORT: '0' })
})

afterAll(() => bench?.close())

beforeEach(async () => {
  aki = await bench.caller(`Aki ${++people}`)
  board = randomUUID()
})

const rowOf = async (id: string) =>
  (await bench.app.sql<Record<string, unknown>>('SELECT * FROM approvals WHERE id = $1', [id]))[0]

const auditOf = (kind: string) =>
  bench.app.sql('SELECT action FROM audit_entries WHERE actor_id = $1 AND kind = $2', [aki.userId, kind])

describe('what is kept', () => {
  test('has the arguments sealed while they wait, and not at all once it is over', async () => {
    const { id } = bench.asked(await bench.clear(aki, { board, pin: 'tell-nobody' }))
    const waiting = await rowOf(id)
    expect(waiting?.arguments).toBeInstanceOf(Buffer)
    expect(String(waiting?.arguments)).not.toContain(board)
    expect(waiting?.redacted).toEqual({ board, count: 1, pin: '[redacted]' })
    await bench.decide(aki.person, id, 'approve')
    await bench.clear(aki, { board, pin: 'tell-nobody' })
    expect(await rowOf(id)).toMatchObject({ arguments: null, open: false })

    const { id: unused } = bench.asked(await bench.clear(aki, { board: 'b' }))
    await bench.expire(unused)
    await collectApprovals({ query: (text, parameters = []) => bench.app.sql(text, [...parameters]) })
    expect(await rowOf(unused)).toMatchObject({ arguments: null, open: false })
  })

  test('goes after 30 days', async () => {
    const { id } = bench.asked(await bench.clear(aki, { board }))
    await bench.app.sql(
      `UPDATE approvals SET requested_at = now() - interval '31 days', expires_at = now() - interval '31 days' WHERE id = $1`,
      [id],
    )
    const { id: young } = bench.asked(await bench.clear(aki, { board: 'young' }))
    await collectApprovals({ query: (text, parameters = []) => bench.app.sql(text, [...parameters]) })
    expect(await rowOf(id)).toBeUndefined()
    expect(await rowOf(young)).toMatchObject({ open: true })
  })

  test('is at most 50 calls that wait for one person, and no other person notices', async () => {
    for (let at = 0; at < 50; at++) bench.asked(await bench.clear(aki, { board: `${board} ${at}` }))
    const { status, body } = await bench.clear(aki, { board })
    expect(status).toBe(429)
    expect(body).toMatchObject({ code: 'rate-limited', approval_url: `${bench.app.url}/approvals` })
    bench.asked(await bench.clear(aki, { board: `${board} 0` }))
    bench.asked(await bench.clear(await bench.caller(`Ben ${people}`), { board }))
    await bench.app.sql(`UPDATE approvals SET expires_at = now() - interval '1 second' WHERE user_id = $1`, [
      aki.userId,
    ])
    bench.asked(await bench.clear(aki, { board }))
  })
})

describe('nobody is asked', () => {
  test('about tools that look or add, where nobody marked them', async () => {
    expect((await callTool(bench.app.url, aki, 'shelf.look')).status).toBe(200)
    expect((await callTool(bench.app.url, aki, 'shelf.put', { thing: 'book' })).status).toBe(200)
    expect(await auditOf('approval')).toEqual([])
  })

  test('who pressed the button themselves: on the page of the tool, or with their session alone', async () => {
    const page = await aki.person.open(new URL('/api/docs/shelf.clear', bench.app.url))
    const form = page.forms.find(({ fields }) => fields.some(([name]) => name === 'arguments'))
    if (!form) throw new Error('no form')
    expect((await aki.person.submit(page, form, { arguments: JSON.stringify({ board }) })).status).toBe(200)
    const cookie = `sekisho_session=${aki.person.cookie('sekisho_session')}`
    const session = await (await fetch(`${bench.app.url}/api/session`, { headers: { cookie } })).text()
    const direct = await fetch(`${bench.app.url}/api/tools/shelf.clear`, {
      method: 'POST',
      headers: { cookie, 'x-csrf-token': JSON.parse(session).csrf_token, 'content-type': 'application/json' },
      body: JSON.stringify({ board }),
    })
    expect(direct.status).toBe(200)
    expect(bench.times(`clear ${board}`)).toBe(2)
  })

  test('by default where the operator said so, but about what people marked', async () => {
    const lenient = await bench.app.replica({ APPROVE_CALLS: 'asked' })
    try {
      expect((await bench.clear(aki, { board }, lenient.url)).status).toBe(200)
      await bench.app.sql(`INSERT INTO tool_policies (user_id, tool, policy) VALUES ($1, 'shelf.clear', 'ask')`, [
        aki.userId,
      ])
      bench.asked(await bench.clear(aki, { board }, lenient.url))
    } finally {
      await lenient.close()
    }
  })
})

describe('a part of ours, such as the chat', () => {
  let dataSource: DataSource

  beforeAll(async () => {
    dataSource = await new DataSource({ type: 'postgres', url: bench.app.settings.databaseUrl }).initialize()
  })

  afterAll(() => dataSource?.destroy())

  /** A token minted for the newest session of the person. */
  async function mintFor({ userId }: ShelfCaller, part: string): Promise<string> {
    const [session] = await bench.app.sql<{ id: string }>(
      'SELECT id FROM sessions WHERE user_id = $1 ORDER BY created_at DESC LIMIT 1',
      [userId],
    )
    const keys = await SigningKeys.load(new Database(dataSource), new SecretBox(bench.app.settings))
    const registry = new ProviderRegistry([shelfProvider])
    const viewer = { id: userId, name: 'Aki', email: 'aki@example.test', administrator: false }
    return new MintedTokens(jwtService(), keys, registry, bench.app.settings).mint({
      part,
      holder: { session: { id: session?.id ?? '', viewer } },
      scopes: ['shelf:use'],
      seconds: 60,
    })
  }

  test('is asked about, and keeps the word of its person over their sessions; another part does not have it', async () => {
    const chat = { ...aki, bearer: await mintFor(aki, 'chat') }
    const { id } = bench.asked(await bench.clear(chat, { board }))
    const page = await aki.person.open(new URL(`/approvals/${id}`, bench.app.url))
    expect(page.body).toContain('The chat here')
    await bench.decide(aki.person, id, 'approve')
    const again = await bench.app.signedIn(`Aki ${people}`)
    expect(again.cookie('sekisho_session')).not.toBe(aki.person.cookie('sekisho_session'))
    bench.asked(await bench.clear({ bearer: await mintFor(aki, 'other') }, { board }))
    bench.asked(await bench.clear(aki, { board }))
    const ben = await bench.caller(`Ben ${people}`)
    bench.asked(await bench.clear({ bearer: await mintFor(ben, 'chat') }, { board }))
    expect(bench.times(`clear ${board}`)).toBe(0)
    expect((await bench.clear({ bearer: await mintFor(aki, 'chat') }, { board })).status).toBe(200)
    expect(bench.times(`clear ${board}`)).toBe(1)
  })

  test('takes the word of the person themselves and of nobody else, and all of us hear of it', async () => {
    const database = new Database(dataSource)
    const log = new Log('silent')
    const { settings } = bench.app
    const approvals = new Approvals(
      database,
      new SecretBox(settings),
      new ApprovalAudit(new AuditLog(database, log)),
      settings,
    )
    const notices = new Notices(database, log, settings)
    const heard: string[] = []
    notices.on(approvalDecided, (id) => heard.push(id))
    await notices.onApplicationBootstrap()
    const viewerOf = ({ userId }: ShelfCaller) => ({
      viewer: { id: userId, name: 'A', email: 'a@example.test', administrator: true },
    })
    try {
      const { id } = bench.asked(await bench.clear(aki, { board }))
      const ben = await bench.caller(`Ben ${people}`)
      expect(await approvals.find(id, ben.userId)).toBeUndefined()
      expect(await approvals.listPending(ben.userId)).toEqual([])
      await expect(approvals.decide(id, viewerOf(ben), 'approved', { remember: true })).rejects.toThrow('not-found')
      expect(await approvals.find(id, aki.userId)).toMatchObject({ state: 'pending', arguments: { board, count: 1 } })
      expect(await approvals.listPending(aki.userId)).toMatchObject([{ id }])
      expect(await approvals.decide(id, viewerOf(aki), 'approved')).toMatchObject({ id, state: 'approved' })
      await eventually(() => heard.length > 0)
      expect(heard).toEqual([id])
      expect((await bench.clear(aki, { board })).status).toBe(200)
      await expect(approvals.decide(id, viewerOf(aki), 'denied')).rejects.toThrow('conflict')
    } finally {
      await notices.onApplicationShutdown()
      await database.close()
    }
  })
})

test('a call that waits counts as refused in the figures, for its reason, and not as a failure', async () => {
  const figures = async () => (await fetch(bench.app.metricsUrl ?? '')).text()
  const waited = async () =>
    Number(/sekisho_refusals_total\{reason="approval-needed"\} (\d+)/.exec(await figures())?.[1] ?? 0)
  const before = await waited()
  bench.asked(await bench.clear(aki, { board }))
  expect(await waited()).toBe(before + 1)
  expect(await figures()).toMatch(/tool_call_duration_seconds_count\{tool="shelf.clear",outcome="refused"\}/)
  expect(await figures()).not.toMatch(/tool="shelf.clear",outcome="failed"/)
})
