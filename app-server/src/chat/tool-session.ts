// The tools of one turn: asked for at the router as an MCP client like any other, with a short-lived token for the person.
import {
  Client,
  type DiscoverResult,
  InsufficientScopeError,
  ProtocolError,
  SdkError,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client'
import { isProblemCode, type ProblemDetails, problems } from '@sekisho/contracts'

/** A tool as the router lists it. */
export interface OfferedTool {
  readonly name: string
  readonly title: string
  readonly description: string
  readonly parameters: Readonly<Record<string, unknown>>
  /** Calling it twice does what calling it once does. */
  readonly repeatable: boolean
  /** Its input takes an idempotency key, which we fill in. */
  readonly keyed: boolean
}

/** What came of a call: text for the model, and our own problem when it was one. */
export interface ToolAnswer {
  readonly text: string
  readonly problem: ProblemDetails | null
  readonly isError: boolean
}

export interface ToolSessionOptions {
  /** Where the router is reached from here. */
  readonly url: string
  /** A token that is good for a while yet; `anew` when the one before was refused. Throws when there can be none. */
  token(anew: boolean): Promise<string>
}

const protocolVersion = '2026-07-28'
/** The input member by which a write is done once, however often it is asked for. */
const keyMember = 'idempotency_key'
/** Longer than the router lets a call run. */
const callTimeoutMs = 75_000

/** What the router said of itself, by its address: it says the same to everybody, so it is asked once. */
const discovered = new Map<string, DiscoverResult>()

/** The app server holds outputs to their schemas already; compiling these anew for each turn would cost more than the call. */
const unchecked = {
  getValidator: () => (input: unknown) => ({ valid: true, data: input as never, errorMessage: undefined }),
}

export class ToolSession {
  private readonly client = new Client(
    { name: 'Sekisho chat', version: '1.0.0' },
    { versionNegotiation: { mode: { pin: protocolVersion } }, jsonSchemaValidator: unchecked as never },
  )
  private connected: Promise<void> | undefined
  private noToken: unknown

  constructor(private readonly options: ToolSessionOptions) {}

  /** Gets ready for a call that is about to come. Where that fails, the call will say so. */
  prepare(): void {
    void this.connect().catch(() => undefined)
    void this.token(false).catch(() => undefined)
  }

  /** All tools that the token's scopes and the person's services give. */
  async list(signal: AbortSignal): Promise<OfferedTool[]> {
    try {
      await this.connect()
      const { tools } = await this.client.listTools({}, { signal, timeout: callTimeoutMs })
      return tools.map(toOffered)
    } catch (error) {
      throw this.noToken ?? error
    }
  }

  /**
   * Calls a tool. Whatever the tool or the router has to say is an answer; throws when the router cannot be reached, and the
   * signal's reason when that was aborted.
   */
  async call(
    name: string,
    given: Readonly<Record<string, unknown>>,
    key: string | undefined,
    signal: AbortSignal,
  ): Promise<ToolAnswer> {
    const args = key === undefined ? given : { ...given, [keyMember]: key }
    try {
      await this.connect()
      const result = await this.client.callTool({ name, arguments: args }, { signal, timeout: callTimeoutMs })
      const { content, structuredContent, isError = false } = result as Result
      return {
        text: textOf(content, structuredContent),
        problem: isError && isProblem(structuredContent) ? structuredContent : null,
        isError,
      }
    } catch (error) {
      signal.throwIfAborted()
      if (this.noToken) throw this.noToken
      if (error instanceof InsufficientScopeError) return notCovered
      if (error instanceof ProtocolError) return { text: error.message, problem: problemIn(error.data), isError: true }
      throw error
    }
  }

  async close(): Promise<void> {
    await this.client.close()
  }

  /** The client has words of its own for whatever goes wrong on its way; why there is no token must not be lost in them. */
  private async token(anew: boolean): Promise<string> {
    try {
      const token = await this.options.token(anew)
      this.noToken = undefined
      return token
    } catch (error) {
      this.noToken = error
      throw error
    }
  }

  private connect(): Promise<void> {
    this.connected ??= this.open()
    return this.connected
  }

  private async open(): Promise<void> {
    const { url } = this.options
    const transport = new StreamableHTTPClientTransport(new URL(url), {
      fetch: async (address, init) => {
        const ask = async (anew: boolean) => {
          const headers = new Headers(init?.headers)
          headers.set('authorization', `Bearer ${await this.token(anew)}`)
          return fetch(address, { ...init, headers })
        }
        const response = await ask(false)
        if (response.status !== 401) return response
        // Nothing was done. Where there can be no token any more, the reason comes up now.
        await response.body?.cancel()
        return ask(true)
      },
    })
    const known = discovered.get(url)
    try {
      await this.client.connect(transport, known ? { prior: { kind: 'modern', discover: known } } : {})
    } catch (error) {
      this.connected = undefined
      throw error
    }
    const discover = this.client.getDiscoverResult()
    if (discover) discovered.set(url, discover)
  }
}

/** Only of accounts that a member lent before the tool came into the room: all others are covered as the room is. */
const notCovered: ToolAnswer = {
  text: 'The accounts that tools act with in this room were lent without this. Say so: the member who lends them can lend them anew.',
  problem: {
    ...problems['insufficient-scope'],
    type: 'urn:sekisho:problem:insufficient-scope',
    detail: 'These accounts were lent without this.',
    code: 'insufficient-scope',
  },
  isError: true,
}

interface Result {
  content?: readonly Block[]
  structuredContent?: unknown
  isError?: boolean
}

interface Block {
  type: string
  text?: string
  mimeType?: string
  uri?: string
  resource?: { uri?: string; text?: string; mimeType?: string }
}

type ListedTool = Awaited<ReturnType<Client['listTools']>>['tools'][number]

function toOffered({ name, title, description = '', inputSchema, annotations }: ListedTool): OfferedTool {
  const { properties = {}, ...schema } = inputSchema as { properties?: Record<string, unknown>; required?: string[] }
  const { [keyMember]: key, ...rest } = properties
  return {
    name,
    title: title ?? annotations?.title ?? name,
    description,
    // The key is ours to make: a model that made it would make the same one twice.
    parameters: {
      ...schema,
      properties: rest,
      ...(schema.required ? { required: schema.required.filter((member) => member !== keyMember) } : {}),
    },
    repeatable: annotations?.readOnlyHint === true || annotations?.idempotentHint === true,
    keyed: key !== undefined,
  }
}

/** Output as text: the structured one as JSON, and a word for what is no text. */
function textOf(content: readonly Block[] = [], structured: unknown): string {
  const blocks = structured === undefined ? content : content.slice(1)
  const words = blocks.map((block) => {
    if (block.type === 'text') return block.text ?? ''
    if (block.type === 'resource' && block.resource?.text !== undefined) return block.resource.text
    const kind = block.mimeType ?? block.resource?.mimeType ?? block.type
    return `[${kind}${block.uri ? ` at ${block.uri}` : ''}: not text, so it is not shown here]`
  })
  const first = structured === undefined ? [] : [JSON.stringify(structured)]
  return [...first, ...words].join('\n\n')
}

function isProblem(value: unknown): value is ProblemDetails {
  return typeof value === 'object' && value !== null && isProblemCode((value as { code?: unknown }).code)
}

/** A JSON-RPC error of the router carries the problem of the app server as its data. */
function problemIn(data: unknown): ProblemDetails | null {
  if (isProblem(data)) return data
  const code = (data as { code?: unknown } | undefined)?.code
  return isProblemCode(code) ? ({ ...problems[code], code } as ProblemDetails) : null
}

/** Whether the router could not be reached at all, so that nothing was done. */
export function isRouterAway(error: unknown): boolean {
  return error instanceof SdkError || error instanceof TypeError
}
