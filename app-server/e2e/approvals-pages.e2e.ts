// The pages of approvals: the inbox, one call with its exact arguments, who may decide it, and when to ask.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type ApprovalsBench, openApprovalsBench, type ShelfCaller } from './approvals-bench.js'
import { callTool } from './vault-bench.js'

let bench: ApprovalsBench
let aki: ShelfCaller
let board: string
let people = 0

beforeAll(async () => {
  bench = await openApprovalsBench()
})

afterAll(() => bench?.close())

beforeEach(async () => {
  aki = await bench.caller(`Aki ${++people}`)
  board = randomUUID()
})

const open = (path: string, caller = aki) => caller.person.open(new URL(path, bench.app.url))
const ask = async (given: Record<string, unknown> = { board }, caller = aki) =>
  bench.asked(await bench.clear(caller, given))

/** What stands on a page, without markup. */
const textOf = (html: string) =>
  html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll(/\s+/g, ' ')

describe('the inbox', () => {
  test('says that nothing waits where nothing does, and leads to the choices', async () => {
    const { status, body } = await open('/approvals')
    expect(status).toBe(200)
    expect(textOf(body)).toContain('Nothing waits for you')
    expect(body).toContain('href="/approvals/tools"')
    expect(body).toMatch(/<a href="\/approvals" aria-current="page">\s*Approvals/)
  })

  test('shows who asks, which tool, the exact arguments and until when, the oldest first', async () => {
    const first = await ask({ board: 'first', options: { quietly: true } })
    const second = await ask({ board: 'second' })
    const { body } = await open('/approvals')
    expect(textOf(body)).toContain('2 calls wait for you.')
    for (const words of ['“Test program”', 'Clear the shelf', 'shelf.clear', 'first', '"quietly": true', 'Until']) {
      expect(textOf(body)).toContain(words)
    }
    expect(body.indexOf(first.id)).toBeLessThan(body.indexOf(second.id))
  })

  test('decides one and shows what became of it below', async () => {
    const { id } = await ask()
    const page = await open('/approvals')
    const form = page.forms.find(({ action }) => action === `/approvals/${id}/decide`)
    if (!form) throw new Error('no form')
    const after = await aki.person.submit(page, form, {}, 'deny')
    expect(after.url.pathname).toBe('/approvals')
    expect(textOf(after.body)).toContain('“Clear the shelf” is not done')
    expect(textOf(after.body)).toContain('Nothing waits for you')
    expect(after.body).toContain(`href="/approvals/${id}"`)
    expect((await bench.clear(aki, { board })).body).toMatchObject({ code: 'approval-denied' })
  })

  test('has a part that is renewed by itself, for its own person alone', async () => {
    const { id } = await ask()
    const page = await open('/approvals')
    expect(page.body).toContain('data-live="/approvals/waiting"')
    const part = await open('/approvals/waiting')
    expect(part.headers.get('cache-control')).toBe('no-store')
    expect(part.body).toContain(id)
    const ben = await bench.caller(`Ben ${people}`)
    expect((await open('/approvals/waiting', ben)).body).not.toContain(id)
    const nobody = await fetch(`${bench.app.url}/approvals/waiting`, { redirect: 'manual' })
    expect([302, 401]).toContain(nobody.status)
  })

  test('leads to a page of its own for arguments that are too long for a list', async () => {
    const { id } = await ask({ board: 'x'.repeat(50_000) })
    const { body, forms } = await open('/approvals')
    expect(textOf(body)).toContain('too long for this list')
    expect(forms.filter(({ action }) => action.includes(id))).toEqual([])
    const one = await open(`/approvals/${id}`)
    expect(one.body).toContain('x'.repeat(50_000))
  })
})

describe('the page of one call', () => {
  test('shows every value as it is, and takes none of it for markup', async () => {
    const sly = '<b onclick="x">**bold**</b> [a](javascript:x) \u202egnp.exe\u202c zero\u200bwidth\u0007\nsecond line'
    const { id } = await ask({ board: sly })
    const { body } = await open(`/approvals/${id}`)
    expect(body).not.toContain('<b onclick')
    expect(body).toContain('&lt;b onclick=&quot;x&quot;&gt;**bold**&lt;/b&gt; [a](javascript:x)')
    for (const sign of ['202E', '202C', '200B', '0007']) expect(body).toContain(`<span class="unseen">U+${sign}</span>`)
    for (const sign of ['\u202e', '\u202c', '\u200b', '\u0007']) expect(body).not.toContain(sign)
    expect(body).toContain('\nsecond line')
  })

  test('stays a page where a value is made of signs that one would not see', async () => {
    const { id } = await ask({ board: '\u200b\u202e'.repeat(50_000) })
    const { body } = await open(`/approvals/${id}`)
    expect(body).toContain('&lt;U+200B&gt;&lt;U+202E&gt;')
    expect(body).not.toContain('\u202e')
    expect(body.length).toBeLessThan(3_000_000)
  })

  test('takes the ends of lines of any system for what they are', async () => {
    const { id } = await ask({ board: 'one\r\ntwo\n\tthree\rfour' })
    const { body } = await open(`/approvals/${id}`)
    expect(body.match(/class="unseen"/g)).toHaveLength(1)
    expect(body).toContain('three<span class="unseen">U+000D</span>four')
  })

  test('tells a text from a number, and nothing from a text without signs', async () => {
    const { id } = await ask({ board: '7', pin: '' })
    const { body } = await open(`/approvals/${id}`)
    expect(body).toContain('<pre class="exact">&quot;7&quot;</pre>')
    expect(body).toContain('<pre class="exact">1</pre>')
    expect(textOf(body)).toContain('(an empty text)')
  })

  test('folds what is long and has all of it', async () => {
    const long = Array.from({ length: 200 }, (_, at) => `line ${at}`).join('\n')
    const { id } = await ask({ board: long })
    const { body } = await open(`/approvals/${id}`)
    expect(body).toMatch(/<details class="more" id="[^"]+"><summary>/)
    expect(body).toContain(`<pre class="exact">${long}</pre>`)
    expect(textOf(body)).toContain(`(${long.length.toLocaleString('en')} characters)`)
  })

  test('says what became of it, and offers only what can still be said', async () => {
    const states: [string, (id: string) => Promise<unknown>, string, string[]][] = [
      ['allowed', (id) => bench.decide(aki.person, id, 'approve'), 'may be done once', ['deny']],
      ['denied', (id) => bench.decide(aki.person, id, 'deny'), 'you can still change your mind', ['approve']],
      ['expired', (id) => bench.expire(id), 'The time for it is over', []],
    ]
    for (const [state, act, words, offered] of states) {
      const { id } = await ask({ board: `${board} ${state}` })
      await act(id)
      const page = await open(`/approvals/${id}`)
      expect(textOf(page.body)).toContain(words)
      const buttons = page.forms.filter(({ action }) => action.includes(id)).flatMap((form) => form.buttons)
      expect([state, buttons.map(([, value]) => value)]).toEqual([state, offered])
    }
    const { id } = await ask({ board, pin: 'tell-nobody' })
    const waiting = await open(`/approvals/${id}`)
    expect(waiting.body).toContain('tell-nobody')
    await bench.decide(aki.person, id, 'approve')
    await bench.clear(aki, { board, pin: 'tell-nobody' })
    const used = await open(`/approvals/${id}`)
    expect(textOf(used.body)).toContain('The call has been made')
    expect(used.body).not.toContain('tell-nobody')
    const [form] = waiting.forms.filter(({ action }) => action.includes(id))
    if (!form) throw new Error('no form')
    const late = await aki.person.submit(waiting, form, {}, 'deny')
    expect([late.status, textOf(late.body).includes('allowed and done already')]).toEqual([409, true])
  })

  test('is led to by way of signing in', async () => {
    const { id } = await ask()
    const answer = await fetch(`${bench.app.url}/approvals/${id}`, {
      redirect: 'manual',
      headers: { accept: 'text/html' },
    })
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toBe(`/auth/login?returnTo=${encodeURIComponent(`/approvals/${id}`)}`)
  })

  test('speaks Japanese to whoever reads it', async () => {
    const { id } = await ask()
    const page = await fetch(`${bench.app.url}/approvals/${id}`, {
      headers: {
        cookie: `sekisho_session=${aki.person.cookie('sekisho_session')}`,
        accept: 'text/html',
        'accept-language': 'ja',
      },
    })
    const body = await page.text()
    expect(body).toContain('一回だけ許可する')
    expect(body).toContain('<html lang="ja"')
  })
})

describe('an approval of somebody else', () => {
  test('is not there: it is neither shown nor decided', async () => {
    const { id } = await ask()
    const ben = await bench.caller(`Ben ${people}`)
    const own = await ask({ board }, ben)
    const shown = await open(`/approvals/${id}`, ben)
    const missing = await open(`/approvals/${randomUUID()}`, ben)
    expect([shown.status, missing.status]).toEqual([404, 404])
    expect(shown.body).not.toContain(board)
    expect((await open('/approvals/not-an-id', ben)).status).toBe(404)
    const page = await open(`/approvals/${own.id}`, ben)
    const [form] = page.forms.filter(({ action }) => action.includes(own.id))
    if (!form) throw new Error('no form')
    for (const decision of ['approve', 'deny', 'always']) {
      const answer = await ben.person.submit(page, { ...form, action: `/approvals/${id}/decide` }, {}, decision)
      expect(answer.status).toBe(404)
    }
    expect(await bench.app.sql('SELECT decision FROM approvals WHERE id = $1', [id])).toEqual([{ decision: null }])
    expect(await bench.app.sql('SELECT FROM tool_policies')).toEqual([])
  })
})

describe('the word on a call', () => {
  test.each([
    ['without the token of the session', { _csrf: undefined }, 403],
    ['with a token that is none', { _csrf: 'x' }, 403],
    ['with a decision that is none', { decision: 'maybe' }, 400],
    ['without a decision', { decision: undefined }, 400],
  ])('is not taken %s', async (_what, changes, status) => {
    const { id } = await ask()
    const page = await open(`/approvals/${id}`)
    const [form] = page.forms.filter(({ action }) => action.includes(id))
    if (!form) throw new Error('no form')
    const changed: Record<string, string | undefined> = { decision: 'approve', ...changes }
    expect((await aki.person.submit(page, form, changed)).status).toBe(status)
    expect(await bench.app.sql('SELECT decision FROM approvals WHERE id = $1', [id])).toEqual([{ decision: null }])
    expect((await bench.clear(aki, { board })).status).toBe(403)
  })
})

describe('when to ask', () => {
  async function choose(choices: Record<string, string>, caller = aki) {
    const page = await open('/approvals/tools', caller)
    const form = page.forms.find(({ action }) => action === '/approvals/tools')
    if (!form) throw new Error('no form')
    return caller.person.submit(page, form, choices)
  }

  test('is shown for every tool with its default', async () => {
    const { body, forms } = await open('/approvals/tools')
    const form = forms.find(({ action }) => action === '/approvals/tools')
    expect(form?.fields.filter(([name]) => name.startsWith('shelf.'))).toEqual([
      ['shelf.look', 'default'],
      ['shelf.put', 'default'],
      ['shelf.clear', 'default'],
    ])
    expect(textOf(body)).toContain('Default: ask')
    expect(textOf(body)).toContain('Never ask: programs may change and delete without your word')
  })

  test('counts from the next call on, also for tools that only look, and can be taken back', async () => {
    const page = await choose({ 'shelf.look': 'ask', 'shelf.clear': 'allow' })
    expect(textOf(page.body)).toContain('Your choices count from the next call on')
    const look = () => callTool(bench.app.url, aki, 'shelf.look')
    bench.asked(await look())
    expect((await bench.clear(aki, { board })).status).toBe(200)
    const ben = await bench.caller(`Ben ${people}`)
    expect((await callTool(bench.app.url, ben, 'shelf.look')).status).toBe(200)
    await choose({ 'shelf.look': 'default', 'shelf.clear': 'default' })
    expect((await look()).status).toBe(200)
    bench.asked(await bench.clear(aki, { board }))
    const entries = await bench.app.sql(
      `SELECT tool, details->>'policy' AS policy FROM audit_entries
        WHERE actor_id = $1 AND action = 'set-policy' ORDER BY at, id`,
      [aki.userId],
    )
    expect(entries).toEqual([
      { tool: 'shelf.look', policy: 'ask' },
      { tool: 'shelf.clear', policy: 'allow' },
      { tool: 'shelf.look', policy: 'default' },
      { tool: 'shelf.clear', policy: 'default' },
    ])
  })

  test.each([
    ['another choice', { 'shelf.clear': 'sometimes' }],
    ['a provider that is none', { provider: 'nobody' }],
  ])('does not take %s', async (_what, choices) => {
    expect((await choose(choices)).status).toBe(400)
    expect(await bench.app.sql('SELECT FROM tool_policies WHERE user_id = $1', [aki.userId])).toEqual([])
  })

  test('keeps nothing of tools that are not there', async () => {
    await choose({ 'other.tool': 'allow' })
    expect(await bench.app.sql('SELECT FROM tool_policies WHERE user_id = $1', [aki.userId])).toEqual([])
  })
})
