// A room as a file: written turn by turn as it is read, so that a room of any length takes the same memory.
import type { CallPart, Part, TurnSnapshot } from './turn.js'

export type ExportFormat = 'md' | 'json'

export const exportTypes: Readonly<Record<ExportFormat, string>> = {
  md: 'text/markdown; charset=utf-8',
  json: 'application/json; charset=utf-8',
}

/** Whether turns that were replaced are in it: to be read, a room is as its page shows it. */
export const hasReplaced: Readonly<Record<ExportFormat, boolean>> = { md: false, json: true }

export interface ExportedRoom {
  readonly id: string
  readonly name: string
  readonly systemPrompt: string
  readonly providers: readonly string[]
  readonly createdAt: Date
}

/** The file in pieces. */
export function exportText(
  format: ExportFormat,
  room: ExportedRoom,
  turns: AsyncIterable<TurnSnapshot>,
): AsyncGenerator<string> {
  return format === 'md' ? asMarkdown(room, turns) : asJson(room, turns)
}

async function* asJson(room: ExportedRoom, turns: AsyncIterable<TurnSnapshot>): AsyncGenerator<string> {
  const { id, name, systemPrompt, providers, createdAt } = room
  const head = {
    format: 'sekisho-room',
    version: 1,
    id,
    name,
    system_prompt: systemPrompt,
    providers,
    created_at: createdAt,
  }
  yield `${JSON.stringify(head).slice(0, -1)},"turns":[`
  let first = true
  for await (const snapshot of turns) {
    yield `${first ? '\n' : ',\n'}${JSON.stringify(turnOf(snapshot))}`
    first = false
  }
  yield '\n]}\n'
}

function turnOf({ turn, attachments, parts }: TurnSnapshot) {
  return {
    id: turn.id,
    number: turn.seq,
    version: turn.version,
    replaced_at: turn.replacedAt,
    replaced_by: turn.replacedBy,
    author: turn.authorName,
    at: turn.createdAt,
    ended_at: turn.endedAt,
    prompt: turn.prompt,
    attachments: attachments.map(({ id, name, mediaType, size }) => ({ id, name, media_type: mediaType, size })),
    status: turn.status,
    end_reason: turn.endReason,
    failure: turn.failure,
    model: turn.model,
    tokens: {
      input: turn.inputTokens,
      output: turn.outputTokens,
      thinking: turn.thinkingTokens,
      cached: turn.cachedTokens,
    },
    cost_usd: turn.costMicros === null ? null : turn.costMicros / 1_000_000,
    answer: parts.map(partOf),
  }
}

function partOf(part: Part) {
  switch (part.kind) {
    case 'text':
    case 'thinking':
      return { kind: part.kind, text: part.text }
    case 'call': {
      const { tool, title, arguments: given, state, result, resultLength, problem, startedAt, durationMs } = part.data
      return {
        kind: 'call',
        tool,
        title,
        arguments: given,
        state,
        result,
        result_length: resultLength,
        problem,
        started_at: startedAt,
        duration_ms: durationMs,
      }
    }
    case 'note':
      return { kind: 'note', ...part.data }
  }
}

async function* asMarkdown(room: ExportedRoom, turns: AsyncIterable<TurnSnapshot>): AsyncGenerator<string> {
  yield `# ${oneLine(room.name)}\n`
  if (room.systemPrompt !== '') yield `\n${fenced(room.systemPrompt)}\n`
  for await (const { turn, attachments, parts } of turns) {
    yield `\n---\n\n## ${oneLine(turn.authorName)} · ${timeOf(turn.createdAt)}\n\n${turn.prompt}\n`
    if (attachments.length > 0) {
      yield `\n${attachments.map(({ name, mediaType, size }) => `- ${oneLine(name)} (${mediaType}, ${size} bytes)`).join('\n')}\n`
    }
    yield `\n### ${oneLine(turn.model ?? 'Answer')}\n`
    for (const part of parts) {
      const written = partAsMarkdown(part)
      if (written !== '') yield `\n${written}\n`
    }
    if (turn.endReason !== 'answered') yield `\n*${turn.failure?.code ?? turn.endReason ?? turn.status}*\n`
  }
}

function partAsMarkdown(part: Part): string {
  switch (part.kind) {
    case 'text':
      return part.text.trim()
    case 'thinking':
      return part.text.trim() === '' ? '' : part.text.trim().replaceAll(/^/gm, '> ')
    case 'call':
      return callAsMarkdown(part)
    case 'note':
      return `*${oneLine(part.data.code)}*`
  }
}

function callAsMarkdown({ data }: CallPart): string {
  const { tool, title, arguments: given, state, result, resultLength } = data
  const cut =
    result !== null && resultLength > result.length ? `\n\n*${result.length} of ${resultLength} characters*` : ''
  const came = result === null ? '' : `\n\n${fenced(result)}${cut}`
  return `**${oneLine(title)}** (\`${tool}\`): ${state}\n\n${fenced(JSON.stringify(given, undefined, 2), 'json')}${came}`
}

/** Between fences longer than any in the text, so that nothing in it counts as Markdown. */
function fenced(text: string, language = ''): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text}\n${fence}`
}

function oneLine(text: string): string {
  return text
    .replaceAll(/[\\`*_[\]<>#|]/g, '\\$&')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

function timeOf(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
