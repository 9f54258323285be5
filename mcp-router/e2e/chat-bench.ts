// What the whole-system tests of the chat share: both processes before a pretended Gemini, and people with rooms and messages.
import { GeminiFake, type ScriptedPiece } from '@sekisho/fakes'
import { eventually, type Page, type Person, type Stack, type StackOptions, startStack } from '@sekisho/testing'

export interface ChatStack {
  readonly stack: Stack
  readonly gemini: GeminiFake
  /** Somebody new, signed in; the key of the pretended Gemini is everybody's. */
  newcomer(name: string): Promise<ChatPerson>
  close(): Promise<void>
}

export interface PartRow {
  idx: number
  round: number
  kind: string
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into what they test
  data: any
}

export interface TurnRow {
  id: string
  status: string
  end_reason: string | null
  failure: { code: string; detail?: string; retryAt?: string } | null
  rounds: number
  lease_id: string | null
  input_tokens: string
  output_tokens: string
  cost_micros: string | null
  parts: PartRow[]
  /** All text of the answer, without thinking. */
  text: string
  calls: PartRow[]
  /** Codes of the notes. */
  notes: string[]
}

/** The hosts of other services that the settings name may be reached beside the model's. */
export async function startChatStack({ appEnv = {}, ...options }: StackOptions = {}): Promise<ChatStack> {
  const gemini = await new GeminiFake().listen()
  const stack = await startStack({
    appEnv: {
      ...gemini.env,
      ...appEnv,
      OUTBOUND_ALLOWED_HOSTS: [gemini.host, appEnv.OUTBOUND_ALLOWED_HOSTS ?? []].flat().join(','),
    },
    ...options,
  })
  return {
    stack,
    gemini,
    async newcomer(name) {
      const browser = await stack.signedIn(name)
      const [row] = await stack.sql<{ id: string }>('SELECT id FROM users WHERE name = $1', [name])
      if (!row) throw new Error('nobody signed in')
      return new ChatPerson(stack, browser, row.id)
    },
    async close() {
      await stack.close()
      await gemini.close()
    },
  }
}

export class ChatPerson {
  constructor(
    private readonly stack: Stack,
    readonly browser: Person,
    readonly id: string,
  ) {}

  /** Makes a room through its page, with the first key there is and the tools of these providers. */
  async room(providers: readonly string[] = [], settings?: Record<string, string>): Promise<string> {
    const page = await this.browser.open('/chat/new')
    const form = page.forms.find(({ action }) => action === '/chat')
    if (!form) throw new Error(`the page makes no room: ${page.status}`)
    const kept = form.fields.filter(([name]) => name !== 'providers')
    const chosen = providers.map((id): [string, string] => ['providers', id])
    const body = new URLSearchParams([...kept, ...chosen])
    const made = await this.browser.request('POST', new URL('/chat', page.url), body, page.url.origin)
    const id = /\/chat\/([0-9a-f-]{36})$/.exec(made.headers.get('location') ?? '')?.[1]
    if (!id) throw new Error(`no room was made: ${made.status} ${await made.text()}`)
    if (settings) await this.set(id, settings)
    return id
  }

  /** Changes fields on the page of a room's settings. */
  async set(roomId: string, fields: Record<string, string>): Promise<void> {
    const path = `/chat/${roomId}/settings`
    const page = await this.browser.open(path)
    const form = page.forms.find(({ action }) => action === path)
    if (!form) throw new Error(`the page sets nothing: ${page.status}`)
    const kept = form.fields.filter(([name]) => !(name in fields))
    const body = new URLSearchParams([...kept, ...Object.entries(fields)])
    const answer = await this.browser.request('POST', new URL(path, page.url), body, page.url.origin)
    if (answer.status >= 400) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  }

  /** Sends the form of a page that goes to `action`. */
  async press(address: string, action: string, fields: Record<string, string> = {}): Promise<Page> {
    const page = await this.browser.open(address)
    const form = page.forms.find((one) => one.action === action)
    if (!form) throw new Error(`${address} has no form for ${action}: ${page.status}`)
    const next = await this.browser.submit(page, form, fields)
    if (next.status >= 400) throw new Error(`${action}: ${next.status} ${next.body.slice(0, 2_000)}`)
    return next
  }

  /** Writes a message on the room's page; gives the id of its turn. */
  async send(roomId: string, prompt: string, attachments: readonly string[] = []): Promise<string> {
    const { turn } = await this.act(`/chat/${roomId}/turns`, { prompt, attachments })
    return String(turn)
  }

  /** Sends a file ahead of its message; gives its id. */
  async upload(roomId: string, name: string, mediaType: string, body: Buffer): Promise<string> {
    const query = new URLSearchParams({ name, type: mediaType })
    const { id } = await this.write(`/chat/${roomId}/attachments?${query}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: new Uint8Array(body),
    })
    return String(id)
  }

  stop(roomId: string, turnId: string) {
    return this.act(`/chat/${roomId}/turns/${turnId}/stop`)
  }

  goOn(roomId: string, turnId: string) {
    return this.act(`/chat/${roomId}/turns/${turnId}/go-on`)
  }

  /** Sends a write as the page's script does. Throws what was refused. */
  act(path: string, fields: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
    return this.write(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    })
  }

  private async write(path: string, { headers, ...init }: RequestInit): Promise<Record<string, unknown>> {
    const page = await this.browser.open('/account/sessions')
    const response = await fetch(new URL(path, page.url), {
      ...init,
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        cookie: `sekisho_session=${this.browser.cookie('sekisho_session')}`,
        'x-csrf-token': formTokenOf(page),
        ...(headers as Record<string, string>),
      },
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`)
    return text.startsWith('{') ? JSON.parse(text) : {}
  }

  /** Opens the approval that a call waits for, and presses a button on its page. */
  async decide(approvalId: string, decision: 'approve' | 'deny'): Promise<Page> {
    const page = await this.browser.open(`/approvals/${approvalId}`)
    const form = page.forms.find(({ action }) => action.startsWith(`/approvals/${approvalId}`))
    if (!form) throw new Error(`there is nothing to decide at ${page.url}: ${page.status}`)
    return this.browser.submit(page, form, {}, decision)
  }

  async turn(id: string): Promise<TurnRow> {
    const [turn] = await this.stack.sql<TurnRow>('SELECT * FROM chat_turns WHERE id = $1', [id])
    if (!turn) throw new Error('there is no such turn')
    const parts = await this.stack.sql<PartRow>('SELECT * FROM chat_parts WHERE turn_id = $1 ORDER BY idx', [id])
    return {
      ...turn,
      parts,
      text: parts.flatMap(({ kind, text }) => (kind === 'text' ? [text] : [])).join(''),
      calls: parts.filter(({ kind }) => kind === 'call'),
      notes: parts.flatMap(({ kind, data }) => (kind === 'note' ? [data.code] : [])),
    }
  }

  /** The turn as soon as it is like this. */
  turnWhen(id: string, check: (turn: TurnRow) => boolean, withinMs = 20_000): Promise<TurnRow> {
    return eventually(async () => {
      const turn = await this.turn(id)
      return check(turn) ? turn : undefined
    }, withinMs)
  }

  /** The turn when nobody works on it any more: ended, or waiting. */
  ended(id: string, withinMs?: number): Promise<TurnRow> {
    return this.turnWhen(id, ({ status }) => status !== 'running', withinMs)
  }
}

function formTokenOf(page: Page): string {
  const token = page.forms.flatMap(({ fields }) => fields).find(([name]) => name === '_csrf')?.[1]
  if (!token) throw new Error('the page has no form token')
  return token
}

/** Words as a model streams them. */
export function words(text: string): ScriptedPiece[] {
  return (text.match(/\s*\S+/g) ?? []).map((piece) => ({ text: piece }))
}
