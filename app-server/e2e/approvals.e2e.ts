// Calls that need their person's word: what asks, what an approval is good for, and that it is good once.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { OAuthProgram } from '@sekisho/testing'
import { type ApprovalsBench, openApprovalsBench, type ShelfCaller } from './approvals-bench.js'

let bench: ApprovalsBench
let replica: { url: string; close(): Promise<void> }
let aki: ShelfCaller
let board: string
let people = 0

beforeAll(async () => {
  bench = await openApprovalsBench()
  replica = await bench.app.replica()
})

afterAll(async () => {
  await replica?.close()
  await bench?.close()
})

beforeEach(async () => {
  aki = await bench.caller(`Aki ${++people}`)
  board = randomUUID()
})

/** Asks for it and lets the person say yes. */
async function approved(given: Record<string, unknown>, caller = aki): Promise<string> {
  const { id } = bench.asked(await bench.clear(caller, given))
  await bench.decide(caller.person, id, 'approve')
  return id
}

const auditOf = (kind: string) =>
  bench.app.sql<{ action: string; outcome: string; reason: string | null; details: Record<string, unknown> }>(
    'SELECT action, outcome, reason, details FROM audit_entries WHERE actor_id = $1 AND kind = $2 ORDER BY at, id',
    [aki.userId, kind],
  )

describe('a call of a tool that may delete', () => {
  test('waits: nothing is done, and the answer says what to do, with the link', async () => {
    const { status, body } = await bench.clear(aki, { board })
    expect(status).toBe(403)
    expect(body).toMatchObject({
      code: 'approval-needed',
      tool: 'shelf.clear',
      approval_url: `${bench.app.url}/approvals/${body.approval_id}`,
    })
    expect(body.detail).toContain(String(body.approval_url))
    expect(Date.parse(String(body.expires_at)) - Date.now()).toBeGreaterThan(10 * 60_000)
    expect(bench.times(`clear ${board}`)).toBe(0)
  })

  test('runs once when its person allowed it, and asks again for the next', async () => {
    const id = await approved({ board })
    expect(await bench.clear(aki, { board })).toMatchObject({ status: 200 })
    const { id: next } = bench.asked(await bench.clear(aki, { board }))
    expect(next).not.toBe(id)
    expect(bench.times(`clear ${board}`)).toBe(1)
  })

  test('is one question however often it comes before the word', async () => {
    const ids = await Promise.all(
      Array.from({ length: 10 }, async (_, at) =>
        bench.asked(await bench.clear(aki, { board }, at % 2 ? bench.app.url : replica.url)),
      ),
    )
    expect(new Set(ids.map(({ id }) => id)).size).toBe(1)
    expect((await auditOf('approval')).map(({ action }) => action)).toEqual(['request'])
  })

  test('runs exactly once of 20 that come together at two replicas after one word', async () => {
    const id = await approved({ board })
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) => bench.clear(aki, { board }, at % 2 ? bench.app.url : replica.url)),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(bench.times(`clear ${board}`)).toBe(1)
    const refused = answers.filter(({ status }) => status !== 200).map((answer) => bench.asked(answer).id)
    expect(new Set(refused).size).toBe(1)
    expect(refused).not.toContain(id)
  })

  test('passes at one replica what was allowed at another', async () => {
    await approved({ board })
    expect(await bench.clear(aki, { board }, replica.url)).toMatchObject({ status: 200 })
  })

  test.each([
    ['another value', { count: 2 }],
    ['a value more', { pin: '1234' }],
    ['a value inside another', { options: { quietly: false } }],
  ])('with %s is another call', async (_what, changed) => {
    await approved({ board, options: { quietly: true } })
    bench.asked(await bench.clear(aki, { board, options: { quietly: true }, ...changed }))
    expect(bench.times(`clear ${board}`)).toBe(0)
    // The very same, in another order and with a default spelled out.
    expect((await bench.clear(aki, { options: { quietly: true }, count: 1, board })).status).toBe(200)
  })

  test('is not helped by the approval of another person or of another program', async () => {
    await approved({ board })
    const ben = await bench.caller(`Ben ${people}`)
    bench.asked(await bench.clear(ben, { board }))
    const program = await OAuthProgram.at(bench.app.url, bench.app.settings.mcpUrl)
    const { access_token: bearer } = await program.authorize(aki.person, 'shelf:use')
    bench.asked(await bench.clear({ bearer }, { board }))
    expect(bench.times(`clear ${board}`)).toBe(0)
  })

  test('keeps its approval over a refreshed token, and loses it with the authorization', async () => {
    const program = await OAuthProgram.at(bench.app.url, bench.app.settings.mcpUrl)
    const first = await program.authorize(aki.person, 'shelf:use')
    await approved({ board }, { ...aki, bearer: first.access_token })
    const { body: second } = await program.refresh(first.refresh_token ?? '')
    expect((await bench.clear({ bearer: second.access_token }, { board })).status).toBe(200)
    await approved({ board }, { ...aki, bearer: second.access_token })
    const anew = await program.authorize(aki.person, 'shelf:use')
    bench.asked(await bench.clear({ bearer: anew.access_token }, { board }))
  })

  test('that was repeated with its key gets its first result, needs no new word and does nothing twice', async () => {
    const given = { board, idempotency_key: randomUUID() }
    await approved(given)
    const first = await bench.clear(aki, given)
    expect(first.status).toBe(200)
    const again = await Promise.all([bench.clear(aki, given), bench.clear(aki, given, replica.url)])
    expect(again.map(({ body }) => body)).toEqual([first.body, first.body])
    expect(bench.times(`clear ${board}`)).toBe(1)
    // The key is no way around the word for anything else.
    bench.asked(await bench.clear(aki, { ...given, idempotency_key: randomUUID() }))
    bench.asked(await bench.clear(aki, { ...given, count: 3 }))
  })

  test('and came together with its repetitions is done once, and each gets the result', async () => {
    const given = { board, idempotency_key: randomUUID() }
    await approved(given)
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, at) => bench.clear(aki, given, at % 2 ? bench.app.url : replica.url)),
    )
    expect(new Set(answers.map(({ status, body }) => `${status} ${JSON.stringify(body)}`)).size).toBe(1)
    expect(answers[0]?.status).toBe(200)
    expect(bench.times(`clear ${board}`)).toBe(1)
  })

  test('is not asked about where the arguments do not fit or the scope is missing', async () => {
    expect(await bench.clear(aki, { board, count: 'many' })).toMatchObject({ body: { code: 'invalid-arguments' } })
    expect(await auditOf('approval')).toEqual([])
  })
})

describe('the word', () => {
  test('that is no is told to every further call, until the person thinks better of it', async () => {
    const { id } = bench.asked(await bench.clear(aki, { board }))
    await bench.decide(aki.person, id, 'deny')
    const { status, body } = await bench.clear(aki, { board })
    expect(status).toBe(403)
    expect(body).toMatchObject({ code: 'approval-denied', reason: 'denied', approval_id: id })
    expect(body.detail).toContain('Do not try again unless they ask for it')
    await bench.decide(aki.person, id, 'approve')
    expect((await bench.clear(aki, { board })).status).toBe(200)
  })

  test('can be taken back until it is used', async () => {
    const id = await approved({ board })
    await bench.decide(aki.person, id, 'deny')
    expect((await bench.clear(aki, { board })).body).toMatchObject({ code: 'approval-denied' })
    expect(bench.times(`clear ${board}`)).toBe(0)
  })

  test('is good for a while and no longer, and the next call says so and asks anew', async () => {
    const id = await approved({ board })
    await bench.expire(id)
    const answer = await bench.clear(aki, { board })
    expect(bench.asked(answer).id).not.toBe(id)
    expect(answer.body).toMatchObject({ expired_approval_id: id })
    expect(answer.body.detail).toContain('not called again in time')
    expect(bench.times(`clear ${board}`)).toBe(0)
  })

  test('comes too late when the time to give it is over', async () => {
    const { id } = bench.asked(await bench.clear(aki, { board }))
    const page = await aki.person.open(new URL(`/approvals/${id}`, bench.app.url))
    await bench.expire(id)
    const [form] = page.forms.filter(({ buttons }) => buttons.some(([, value]) => value === 'approve'))
    if (!form) throw new Error('no form')
    for (const decision of ['approve', 'deny', 'always']) {
      const answer = await aki.person.submit(page, form, {}, decision)
      expect(answer.status).toBe(409)
      expect(answer.body).toContain('The time to decide was over')
    }
    expect(await bench.app.sql('SELECT decision FROM approvals WHERE id = $1', [id])).toEqual([{ decision: null }])
    expect((await bench.clear(aki, { board })).status).toBe(403)
  })

  test('for all calls of the tool lets what waits through, and what comes', async () => {
    const other = randomUUID()
    bench.asked(await bench.clear(aki, { board: other }))
    const { id } = bench.asked(await bench.clear(aki, { board }))
    await bench.decide(aki.person, id, 'always')
    for (const given of [{ board }, { board: other }, { board: randomUUID() }]) {
      expect((await bench.clear(aki, given, replica.url)).status).toBe(200)
    }
    const waiting = await bench.app.sql('SELECT FROM approvals WHERE user_id = $1 AND decision IS NULL', [aki.userId])
    expect(waiting).toEqual([])
  })

  test('stands in the log, with who asked, what came of it, and the call that used it', async () => {
    const id = await approved({ board, pin: '1234' })
    await bench.clear(aki, { board, pin: '1234' })
    await bench.decide(aki.person, bench.asked(await bench.clear(aki, { board })).id, 'deny')
    await bench.clear(aki, { board })
    expect(await auditOf('approval')).toMatchObject([
      { action: 'request', outcome: 'ok', reason: null },
      { action: 'approve', outcome: 'ok', details: { remembered: false } },
      { action: 'request', outcome: 'ok' },
      { action: 'deny', outcome: 'refused', reason: 'denied-by-person' },
    ])
    expect(await auditOf('call')).toMatchObject([
      { outcome: 'refused', reason: 'approval-needed', details: { approval: id } },
      { outcome: 'ok', reason: null, details: { approval: id } },
      { outcome: 'refused', reason: 'approval-needed' },
      { outcome: 'refused', reason: 'approval-denied', details: { not_approved: 'denied' } },
    ])
    const entries = await bench.app.sql('SELECT arguments FROM audit_entries WHERE actor_id = $1', [aki.userId])
    expect(JSON.stringify(entries)).not.toContain('1234')
  })
})
