// What the tests of the chat share: rooms, turns that are written as the engine writes them, and a page's stream as text.
import { randomBytes, randomUUID } from 'node:crypto'
import type { Page, Person } from '@sekisho/testing'
import type { CallData, Part, Turn, TurnSnapshot } from '../src/chat/turn.js'
import { startTestApp, type TestApp } from './app.js'

export async function idOf(app: TestApp, email: string): Promise<string> {
  const [row] = await app.sql<{ id: string }>('SELECT id FROM users WHERE email = $1', [email])
  if (!row) throw new Error(`nobody signs in as ${email}`)
  return row.id
}

export interface ChatBench {
  readonly app: TestApp
  /** Writes the answers. */
  readonly scribe: Scribe
  readonly mika: Person
  readonly ken: Person
  readonly mikaId: string
  readonly kenId: string
}

/** An app whose answers are the test's to write, and two people in it. */
export async function openChatBench(): Promise<ChatBench> {
  const app = await startTestApp()
  await holdTurns(app)
  return {
    app,
    scribe: new Scribe(app),
    mika: await app.signedIn('Mika'),
    ken: await app.signedIn('Ken'),
    mikaId: await idOf(app, 'mika@example.test'),
    kenId: await idOf(app, 'ken@example.test'),
  }
}

/** Keeps every turn from the engine, as if another replica worked on it: then it is the test that writes the answers. */
export async function holdTurns(app: TestApp): Promise<void> {
  await app.sql(`CREATE FUNCTION hold_turn() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN NEW.lease_id = gen_random_uuid(); NEW.lease_until = now() + interval '1 hour'; RETURN NEW; END $$`)
  await app.sql(`CREATE TRIGGER hold_turn BEFORE INSERT OR UPDATE ON chat_turns FOR EACH ROW
    WHEN (NEW.status IN ('running', 'waiting') AND NEW.lease_id IS NULL) EXECUTE FUNCTION hold_turn()`)
}

/** What a call waits for, as the gate of approvals keeps it. */
export async function newApproval(app: TestApp, userId: string, tool = 'order.cancel'): Promise<string> {
  const id = randomUUID()
  await app.sql(
    `INSERT INTO approvals (id, user_id, client_id, owner, tool, arguments_digest, redacted, expires_at)
     VALUES ($1, $2, 'urn:sekisho:chat', 'urn:sekisho:chat', $3, $4, '{}', now() + interval '15 minutes')`,
    [id, userId, tool, randomBytes(32)],
  )
  return id
}

/** A call that waits for it. */
export function waitingCall(
  idx: number,
  approvalId: string,
  given: Record<string, unknown> = { order_id: '4711' },
): Part {
  return call(idx, {
    tool: 'order.cancel',
    title: 'Cancel an order',
    state: 'approval',
    arguments: given,
    result: null,
    durationMs: null,
    approvalId,
    approvalUntil: '2026-11-26T10:15:00.000Z',
  })
}

/** A room of one's own, made through its page. */
export async function newRoom(person: Person, name = 'Plans', fields: Record<string, string> = {}): Promise<string> {
  const page = await person.open('/chat/new')
  const form = page.forms.find(({ action }) => action === '/chat')
  if (!form) throw new Error('the page makes no room')
  const room = await person.submit(page, form, { name, ...fields })
  const id = /^\/chat\/([0-9a-f-]{36})$/.exec(room.url.pathname)?.[1]
  if (!id) throw new Error(`no room was made, but ${room.url} with ${room.status}`)
  return id
}

export function tokenOn(page: Page): string {
  const token = page.forms.flatMap(({ fields }) => fields).find(([name]) => name === '_csrf')?.[1]
  if (!token) throw new Error('the page has no form token')
  return token
}

export async function tokenOf(person: Person): Promise<string> {
  return tokenOn(await person.open('/account/sessions'))
}

export interface Answer {
  status: number
  body: Record<string, unknown>
}

/** Sends a write as the page's script does. */
export async function act(
  app: TestApp,
  person: Person,
  path: string,
  body: unknown = {},
  method = 'POST',
): Promise<Answer> {
  const response = await fetch(`${app.url}${path}`, {
    method,
    redirect: 'manual',
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      cookie: `sekisho_session=${person.cookie('sekisho_session')}`,
      'x-csrf-token': await tokenOf(person),
    },
    body: method === 'GET' ? undefined : JSON.stringify(body),
  } as RequestInit)
  const text = await response.text()
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : {} }
}

/** Writes turns and parts into the tables, and tells of them as the engine does. */
export class Scribe {
  constructor(private readonly app: TestApp) {}

  /** @returns the id of a turn whose answer is complete, with one text unless told */
  async turn(roomId: string, userId: string, given: Partial<Turn> & { parts?: readonly Part[] } = {}): Promise<string> {
    const id = randomUUID()
    const { prompt = 'Hello?', status = 'done', endReason = 'answered', parts = [text(0, 'Hello.')], ...rest } = given
    await this.app.sql(
      `INSERT INTO chat_turns (id, room_id, seq, author_id, author_name, acts_for, prompt, status, end_reason, failure, model,
                               input_tokens, output_tokens, cost_micros, rounds_allowed, tokens_allowed, lease_until)
       SELECT $1, $2, coalesce(max(t.seq), 0) + 1, $3, (SELECT name FROM users WHERE id = $3), $4, $5, $6, $7, $8,
              $9, $10, $11, $12, 12, 500000, now() + interval '1 hour'
         FROM chat_turns t WHERE t.room_id = $2`,
      [
        id,
        roomId,
        userId,
        rest.actsFor === undefined ? userId : rest.actsFor,
        prompt,
        status,
        status === 'running' || status === 'waiting' ? null : endReason,
        rest.failure ? JSON.stringify(rest.failure) : null,
        rest.model === undefined ? 'gemini-test' : rest.model,
        rest.inputTokens ?? 100,
        rest.outputTokens ?? 20,
        rest.costMicros === undefined ? 1_500 : rest.costMicros,
      ],
    )
    for (const part of parts) await this.put(id, part)
    await this.tell(roomId, id)
    return id
  }

  /** Writes a part of an answer, or what it is now, and tells of it. */
  async part(roomId: string, turnId: string, part: Part): Promise<void> {
    await this.put(turnId, part)
    await this.tell(roomId, turnId)
  }

  async end(roomId: string, turnId: string, change: Partial<Pick<Turn, 'status' | 'endReason' | 'failure'>> = {}) {
    const { status = 'done', endReason = 'answered', failure } = change
    await this.app.sql(
      'UPDATE chat_turns SET status = $2, end_reason = $3, failure = $4, ended_at = now() WHERE id = $1',
      [turnId, status, endReason, failure ? JSON.stringify(failure) : null],
    )
    await this.tell(roomId, turnId)
  }

  async tell(roomId: string, turnId: string): Promise<void> {
    const notice = { topic: 'chat-turn', body: JSON.stringify({ roomId, turnId }) }
    await this.app.sql(`SELECT pg_notify('sekisho_notices', $1)`, [JSON.stringify(notice)])
  }

  private async put(turnId: string, part: Part): Promise<void> {
    await this.app.sql(
      `INSERT INTO chat_parts (turn_id, idx, round, kind, text, signature, data) VALUES ($1, $2, $3, $4, $5, NULL, $6)
       ON CONFLICT (turn_id, idx) DO UPDATE SET text = excluded.text, data = excluded.data`,
      [
        turnId,
        part.idx,
        part.round,
        part.kind,
        'text' in part ? part.text : '',
        'data' in part ? JSON.stringify(part.data) : null,
      ],
    )
  }
}

export function text(idx: number, words: string, kind: 'text' | 'thinking' = 'text'): Part {
  return { idx, round: 1, kind, text: words, signature: null }
}

export function call(
  idx: number,
  data: Partial<CallData> = {},
  { round = 1, signature = null }: { round?: number; signature?: string | null } = {},
): Part {
  return {
    idx,
    round,
    kind: 'call',
    signature,
    data: {
      callId: `c${idx}`,
      tool: 'product.search',
      title: 'Search products',
      arguments: { text: 'tea' },
      state: 'done',
      result: '{"items":[]}',
      resultLength: 12,
      problem: null,
      approvalId: null,
      approvalUntil: null,
      startedAt: '2026-11-26T10:00:00.000Z',
      durationMs: 120,
      ...data,
    },
  }
}

/** A turn that nothing keeps, being answered unless told. */
export function turnOf(parts: readonly Part[] = [], change: Partial<Turn> = {}): TurnSnapshot {
  const turn: Turn = {
    id: '00000000-0000-7000-8000-000000000001',
    roomId: 'room',
    seq: 1,
    authorId: 'ada',
    authorName: 'Ada',
    actsFor: 'ada',
    prompt: 'Hello?',
    language: 'en',
    timeZone: 'UTC',
    status: 'running',
    endReason: null,
    failure: null,
    model: null,
    rounds: 1,
    createdAt: new Date(0),
    endedAt: null,
    version: 1,
    replacedAt: null,
    replacedBy: null,
    inputTokens: 0,
    outputTokens: 0,
    thinkingTokens: 0,
    cachedTokens: 0,
    costMicros: null,
    ...change,
  }
  return { turn, attachments: [], parts }
}

export interface Told {
  event: string
  data: Record<string, unknown>
}

/** A room's stream as a page gets it. */
export class Stream {
  text = ''
  status = 0
  private readonly control = new AbortController()
  ended: Promise<void> = Promise.resolve()

  static async open(app: Pick<TestApp, 'url'>, person: Person, roomId: string, seq = 0): Promise<Stream> {
    const stream = new Stream()
    const response = await fetch(`${app.url}/chat/${roomId}/events?seq=${seq}`, {
      signal: stream.control.signal,
      headers: { accept: 'text/event-stream', cookie: `sekisho_session=${person.cookie('sekisho_session')}` },
    })
    stream.status = response.status
    stream.ended = stream.read(response).catch(() => undefined)
    return stream
  }

  private async read(response: Response): Promise<void> {
    const decoder = new TextDecoder()
    for await (const part of response.body ?? []) this.text += decoder.decode(part as Uint8Array, { stream: true })
  }

  /** What was told so far, whole events only. */
  get events(): Told[] {
    return this.text
      .split('\n\n')
      .slice(0, -1)
      .flatMap((block) => {
        const event = /^event: (.*)$/m.exec(block)?.[1]
        const data = /^data: (.*)$/m.exec(block)?.[1]
        return event && data ? [{ event, data: JSON.parse(data) as Record<string, unknown> }] : []
      })
  }

  of(event: string): Record<string, unknown>[] {
    return this.events.filter((one) => one.event === event).map(({ data }) => data)
  }

  leave(): void {
    this.control.abort()
  }
}

/** Puts together what a page would show of a text, from whole turns and their changes; as assets/chat.js does. */
export function blocksShown(events: readonly Told[], id: string): string[] {
  let blocks: string[] = []
  let last = ''
  const blocksIn = (html: string) => {
    const inner = new RegExp(`id="${id}-blocks">(.*?)</div></div>`, 's').exec(html)?.[1] ?? ''
    return [
      ...`${inner}</div>`.matchAll(/<div class="block" dir="auto">(.*?)<\/div>(?=<div class="block" dir="auto">|$)/gs),
    ].map(([, html = '']) => html)
  }
  for (const { event, data } of events) {
    if (event === 'turn' && String(data.html).includes(`id="${id}"`)) {
      blocks = blocksIn(String(data.html))
      last = String((data.last as Record<string, string>)[id] ?? '')
    } else if (event === 'part' && data.id === id) {
      blocks = blocksIn(`${data.html}</div>`)
      last = String(data.last ?? '')
    } else if (event === 'text' && data.id === id) {
      const { count, blocks: changes } = data as {
        count: number
        blocks: { index: number; from: number; html: string }[]
      }
      for (const { index, from, html } of changes) {
        const whole = from === 0 ? html : last.slice(0, from) + html
        blocks[index] = whole
        if (index === count - 1) last = whole
      }
      blocks = blocks.slice(0, count)
    }
  }
  return blocks
}
