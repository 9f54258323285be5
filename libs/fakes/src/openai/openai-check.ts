// Checks a chat/completions request as strictly as OpenAI does, and reads what was asked out of it.
import type { PretendedRequest, PretendedTurn } from '../model/script.js'
import { refuse } from './openai-errors.js'

type Json = Record<string, unknown>

interface ToolCall {
  id?: unknown
  type?: unknown
  function?: { name?: unknown; arguments?: unknown }
}

interface Message {
  role?: unknown
  content?: unknown
  tool_calls?: ToolCall[]
  tool_call_id?: unknown
}

const known = [
  'model',
  'messages',
  'tools',
  'tool_choice',
  'stream',
  'stream_options',
  'max_tokens',
  'max_completion_tokens',
  'temperature',
]

const functionName = /^[a-zA-Z0-9_-]{1,64}$/

/** Throws OpenAiRefusal. */
export function checkedRequest(body: unknown): PretendedRequest & { stream: boolean; usageWanted: boolean } {
  if (typeof body !== 'object' || body === null) refuse('We could not parse the JSON body of your request.')
  const request = body as Json
  const unknown = Object.keys(request).find((name) => !known.includes(name))
  if (unknown) refuse(`Unrecognized request argument supplied: ${unknown}`)
  const messages = Array.isArray(request.messages) ? (request.messages as Message[]) : []
  if (messages.length === 0) refuse("[] is too short - 'messages'")
  checkOrder(messages)
  const system = messages
    .filter(({ role }) => role === 'system')
    .map(({ content }) => textOf(content))
    .join('\n')
  const names = new Map(
    messages.flatMap(({ tool_calls = [] }) => tool_calls.map((call) => [call.id, String(call.function?.name)])),
  )
  return {
    model: String(request.model),
    system,
    turns: turnsOf(messages, names),
    tools: (Array.isArray(request.tools) ? request.tools : []).map(toolOf),
    stream: request.stream === true,
    usageWanted: (request.stream_options as { include_usage?: boolean } | undefined)?.include_usage === true,
  }
}

/** A call is answered at once, each by a message of its own, and nothing is answered that was not called. */
function checkOrder(messages: readonly Message[]): void {
  let open: unknown[] = []
  for (const [at, { role, content, tool_calls, tool_call_id }] of messages.entries()) {
    if (role === 'tool') {
      if (!open.includes(tool_call_id)) {
        refuse(
          "Invalid parameter: messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.",
        )
      }
      open = open.filter((id) => id !== tool_call_id)
      continue
    }
    if (open.length > 0) {
      refuse(
        `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${open.join(', ')}`,
      )
    }
    if (role !== 'system' && role !== 'user' && role !== 'assistant') refuse(`Invalid value: '${role}'.`)
    if (role !== 'assistant' && content === undefined) refuse(`Missing required parameter: 'messages[${at}].content'.`)
    if (role === 'assistant' && content === undefined && !tool_calls) refuse(`Invalid value for 'content'.`)
    for (const call of tool_calls ?? []) checkCall(call)
    open = (tool_calls ?? []).map(({ id }) => id)
  }
}

function checkCall({ id, type, function: called }: ToolCall): void {
  if (typeof id !== 'string' || type !== 'function') refuse("Missing required parameter: 'tool_calls[0].id'.")
  if (!functionName.test(String(called?.name)))
    refuse(`Invalid 'tool_calls[0].function.name': string does not match pattern.`)
  if (typeof called?.arguments !== 'string')
    refuse("Invalid type for 'tool_calls[0].function.arguments': expected a string.")
}

function toolOf(value: unknown, at: number) {
  const { type, function: declared } = value as { type?: unknown; function?: Json }
  const name = String(declared?.name)
  if (type !== 'function') refuse(`Invalid value: '${type}'. Supported values are: 'function'.`)
  if (!functionName.test(name)) {
    refuse(
      `Invalid 'tools[${at}].function.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`,
    )
  }
  const parameters = (declared?.parameters ?? {}) as Json
  if (parameters.type !== 'object' || typeof parameters.properties !== 'object') {
    refuse(`Invalid schema for function '${name}': In context=(), object schema missing properties.`)
  }
  return { name, description: String(declared?.description ?? ''), parameters }
}

function turnsOf(messages: readonly Message[], names: ReadonlyMap<unknown, string>): PretendedTurn[] {
  return messages.flatMap((message): PretendedTurn[] => {
    const { role, content, tool_calls = [], tool_call_id } = message
    const text = textOf(content)
    if (role === 'user') return [{ role, text, files: filesIn(content) }]
    if (role === 'tool') return [{ role: 'results', results: [{ name: names.get(tool_call_id) ?? '', text }] }]
    if (role !== 'assistant') return []
    const calls = tool_calls.map(({ function: called }) => ({
      name: String(called?.name),
      arguments: JSON.parse(String(called?.arguments)) as Json,
    }))
    return [{ role: 'model', text, calls }]
  })
}

function textOf(content: unknown): string {
  if (!Array.isArray(content)) return typeof content === 'string' ? content : ''
  return content.map(({ text = '' }: { text?: string }) => text).join('')
}

function filesIn(content: unknown): number {
  return Array.isArray(content) ? content.filter(({ type }: { type?: string }) => type !== 'text').length : 0
}
