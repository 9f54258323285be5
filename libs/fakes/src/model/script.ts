// What a pretended model says to one request, piece by piece, and how that ends; whoever serves it puts it on the wire.

export type SpokenPiece = { readonly thinking: string } | { readonly text: string } | { readonly call: ScriptedCall }

export type ScriptedPiece =
  | SpokenPiece
  /** Sent as one event exactly as it stands, e.g. one that cannot be read. */
  | { readonly raw: string }
  | { readonly waitMs: number }

export interface ScriptedCall {
  readonly name: string
  readonly arguments?: Readonly<Record<string, unknown>>
  /** One is made unless told; null leaves it out where the service may. */
  readonly id?: string | null
}

export interface ScriptedUsage {
  readonly input: number
  readonly output: number
  readonly thinking?: number
  readonly cached?: number
}

export interface ScriptedAnswer {
  readonly pieces: readonly ScriptedPiece[]
  /** In the service's own words; as the pieces would have it unless told. */
  readonly finish?: string
  readonly usage?: ScriptedUsage
  /** Between two pieces. */
  readonly pauseMs?: number
  /**
   * - whole: as it should (unless told)
   * - cut: the connection breaks after the pieces; hang: nothing comes any more
   * - unfinished: it ends in order, but without saying why
   */
  readonly end?: 'whole' | 'cut' | 'hang' | 'unfinished'
  /** Refused before it begins: the service's word for why. */
  readonly blocked?: string
}

/** A conversation as a pretended model is asked it, whatever the wire looks like. */
export interface PretendedRequest {
  readonly model: string
  readonly system: string
  readonly turns: readonly PretendedTurn[]
  readonly tools: readonly PretendedTool[]
}

export interface PretendedTool {
  readonly name: string
  readonly description: string
  readonly parameters: Readonly<Record<string, unknown>>
}

export type PretendedTurn =
  | { readonly role: 'user'; readonly text: string; readonly files: number }
  | { readonly role: 'model'; readonly text: string; readonly calls: readonly ScriptedCall[] }
  | { readonly role: 'results'; readonly results: readonly { readonly name: string; readonly text: string }[] }

export type Script = ScriptedAnswer | ((request: PretendedRequest) => ScriptedAnswer)

/** The answers of the next requests, in order; when there are none left, whoever stands behind says what is said. */
export class Scripts {
  private next: Script[] = []

  constructor(private readonly otherwise: (request: PretendedRequest) => ScriptedAnswer) {}

  add(...scripts: Script[]): void {
    this.next.push(...scripts)
  }

  clear(): void {
    this.next = []
  }

  answerTo(request: PretendedRequest): ScriptedAnswer {
    const script = this.next.shift() ?? this.otherwise
    return typeof script === 'function' ? script(request) : script
  }
}

/** What it cost, where the script does not say: four characters are about a token. */
export function usageOf({ usage, pieces }: ScriptedAnswer, request: PretendedRequest): Required<ScriptedUsage> {
  const count = (kind: 'thinking' | 'text' | 'call') =>
    tokens(
      pieces
        .filter((piece) => kind in piece)
        .map((piece) => JSON.stringify(piece))
        .join(''),
    )
  const input = tokens(JSON.stringify([request.system, request.turns, request.tools]))
  return { input, output: count('text') + count('call'), thinking: count('thinking'), cached: 0, ...usage }
}

function tokens(text: string): number {
  return Math.ceil(text.length / 4)
}
