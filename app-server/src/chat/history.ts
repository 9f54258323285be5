// What a room's turns are to the model: messages in its order, with results cut to size and marked as somebody else's words.
import type { AssistantPart, ModelMessage, ModelToolResult } from '../models/model.js'
import { attachmentLimits } from './attachments.js'
import type { CallPart, Part, TurnSnapshot } from './turn.js'

/** Characters of one result that the model is shown, in the turn it belongs to and in earlier ones. */
export const resultLimits = { now: 24_000, earlier: 4_000 } as const
/** Bytes of files that go with a request, which makes them a third larger; those of older messages are named only. */
export const maxFileBytes = attachmentLimits.turnBytes

export interface HistoryOptions {
  readonly turns: readonly TurnSnapshot[]
  /** The turn that is being answered; it is one of `turns`, or comes after them. */
  readonly currentId: string
  /** Bytes of the files that are sent along, by the file's id; the others are named. */
  readonly files: ReadonlyMap<string, Buffer>
  /** Instead of all that came before these turns. */
  readonly summary: string | undefined
  /** Several people write here, so each message says who. */
  readonly shared: boolean
}

/** Throws nothing: a turn that broke off is told as far as it went. */
export function messagesOf({ turns, currentId, files, summary, shared }: HistoryOptions): ModelMessage[] {
  const messages: ModelMessage[] = []
  if (summary !== undefined) {
    messages.push(
      { role: 'user', text: `Summary of the conversation so far, made by you earlier:\n\n${summary}`, files: [] },
      { role: 'assistant', parts: [{ kind: 'text', text: 'Understood. I go on from there.' }] },
    )
  }
  for (const snapshot of turns) {
    const { turn, attachments } = snapshot
    const left = attachments.filter(({ id }) => !files.has(id))
    const notes = left.map(({ name }) => `[The file ${name} was sent with this message and is no longer shown.]`)
    const text = [shared ? `${turn.authorName}: ${turn.prompt}` : turn.prompt, ...notes].join('\n\n')
    messages.push({
      role: 'user',
      text,
      files: attachments.flatMap(({ id, name, mediaType }) => {
        const data = files.get(id)
        return data ? [{ name, mediaType, data }] : []
      }),
    })
    messages.push(...answerOf(snapshot.parts, turn.id === currentId))
    // A model takes no two messages of one side in a row.
    if (turn.id !== currentId && messages.at(-1)?.role !== 'assistant') {
      messages.push({ role: 'assistant', parts: [{ kind: 'text', text: '[This answer was not given.]' }] })
    }
  }
  return messages
}

/** Round by round: what the model wrote, then what came of its calls. */
function answerOf(parts: readonly Part[], current: boolean): ModelMessage[] {
  const rounds = Map.groupBy(
    parts.filter(({ kind }) => kind !== 'note'),
    ({ round }) => round,
  )
  return [...rounds.values()].flatMap((ofRound): ModelMessage[] => {
    const calls = ofRound.filter((part) => part.kind === 'call')
    // Thinking of earlier turns is of no use any more; that of this turn carries signatures.
    const written = ofRound.flatMap((part): AssistantPart[] => {
      if (part.kind === 'note' || (part.kind === 'thinking' && !current)) return []
      return [toAssistantPart(part)]
    })
    if (written.length === 0) return []
    const answer: ModelMessage = { role: 'assistant', parts: written }
    if (calls.length === 0) return [answer]
    return [answer, { role: 'tool', results: calls.map((call) => resultOf(call, current)) }]
  })
}

function toAssistantPart(part: Exclude<Part, { kind: 'note' }>): AssistantPart {
  const signature = part.signature === null ? {} : { signature: part.signature }
  if (part.kind !== 'call') return { kind: part.kind, text: part.text, ...signature }
  const { callId, tool, arguments: given } = part.data
  return { kind: 'call', id: callId, name: tool, arguments: given, ...signature }
}

/** The mark stands around what a tool gave, so that nothing in it passes for words of the person or of ours. */
function resultOf({ data }: CallPart, current: boolean): ModelToolResult {
  const { callId, tool, state, result, resultLength } = data
  const limit = current ? resultLimits.now : resultLimits.earlier
  const text = result ?? wordsFor[state] ?? 'There is no result.'
  const shown = text.slice(0, limit)
  const rest =
    resultLength > shown.length && result !== null
      ? `\n[Characters 0 to ${shown.length} of ${resultLength}. ${current ? `Call ${readMore.name} with call_id "${callId}" and from ${shown.length} for more.` : 'The rest is left out.'}]`
      : ''
  return {
    callId,
    name: tool,
    text: `<untrusted_data source="${plain(tool)}">\n${withoutMarks(shown)}\n</untrusted_data>${rest}`,
    isError: state !== 'done',
  }
}

/** However it is written, a mark within what a tool gave is none. */
function withoutMarks(text: string): string {
  return text.replaceAll(/<(?=\s*\/?\s*untrusted_data)/gi, '<\\')
}

/** A model can call a tool by any name; one of ours is told as it is. */
function plain(tool: string): string {
  return tool.replaceAll(/[^\w.:-]/g, '_').slice(0, 128)
}

const wordsFor: Partial<Record<CallPart['data']['state'], string>> = {
  stopped: 'The call was stopped before it ended. It may or may not have been done.',
  denied: 'The person did not allow this call. It was not done.',
}

/** Our own tool by which the model reads the rest of a result; nothing outside this room knows it. */
export const readMore = {
  name: 'chat.read_more',
  description: 'Reads the rest of a tool result that was cut. Use it only for results that say they were cut.',
  parameters: {
    type: 'object',
    properties: {
      call_id: { type: 'string', description: 'The call_id that the cut result names.' },
      from: { type: 'integer', minimum: 0, description: 'The character to begin with.' },
    },
    required: ['call_id', 'from'],
  },
} as const

export function isCut({ data }: CallPart): boolean {
  return data.result !== null && data.resultLength > resultLimits.now
}

/** A further piece of a result in this turn. */
export function pieceOf(
  parts: readonly Part[],
  given: Readonly<Record<string, unknown>>,
): { text: string; isError: boolean } {
  const { call_id: callId, from } = given
  const start = Number.isInteger(from) && Number(from) >= 0 ? Number(from) : 0
  const call = parts.find((part): part is CallPart => part.kind === 'call' && part.data.callId === callId)
  const result = call?.data.result
  if (!call || result == null) return { text: 'There is no result of that call_id in this turn.', isError: true }
  if (start >= result.length) {
    return {
      text: `The result ends before that: it has ${result.length} characters${call.data.resultLength > result.length ? ', and the rest was too much to keep' : ''}.`,
      isError: true,
    }
  }
  // With the line below it must not be cut itself.
  const piece = result.slice(start, start + resultLimits.now - 200)
  const end = start + piece.length
  return { text: `${piece}\n[Characters ${start} to ${end} of ${result.length}.]`, isError: false }
}

/** Ids of the newest files that fit into one request. */
export function filesToSend(turns: readonly TurnSnapshot[]): string[] {
  let room = maxFileBytes
  return turns.toReversed().flatMap(({ attachments }) =>
    attachments.flatMap(({ id, size }) => {
      if (size > room) return []
      room -= size
      return [id]
    }),
  )
}

/** About how many tokens messages are: a bound to plan by, not a bill. */
export function estimateTokens(messages: readonly ModelMessage[]): number {
  return messages.reduce((sum, message) => sum + 8 + tokensOf(message), 0)
}

function tokensOf(message: ModelMessage): number {
  switch (message.role) {
    case 'user':
      return (
        textTokens(message.text) +
        message.files.reduce((sum, file) => sum + fileTokens(file.mediaType, file.data.length), 0)
      )
    case 'assistant':
      return message.parts.reduce(
        (sum, part) => sum + textTokens(part.kind === 'call' ? JSON.stringify(part.arguments) : part.text) + 16,
        0,
      )
    case 'tool':
      return message.results.reduce((sum, { text }) => sum + textTokens(text) + 16, 0)
  }
}

/** Four letters of Latin are a token, one sign of Chinese or Japanese is about one. */
export function textTokens(text: string): number {
  let wide = 0
  for (let at = 0; at < text.length; at++) if (text.charCodeAt(at) > 0x2e80) wide++
  return Math.ceil((text.length - wide) / 4 + wide)
}

function fileTokens(mediaType: string, bytes: number): number {
  if (mediaType.startsWith('image/')) return 1_300
  if (mediaType.startsWith('text/') || mediaType === 'application/json') return Math.ceil(bytes / 4)
  return Math.ceil(bytes / 60)
}
