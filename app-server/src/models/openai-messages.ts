// A conversation and its tools in OpenAI's shapes (chat/completions), and the names its functions may have.
import { fileText, unreadableFile } from './file-text.js'
import { type AssistantPart, type ModelFile, type ModelMessage, type ModelRequest, type ModelTool } from './model.js'

const maxNameLength = 64

/** Our names have dots, which its functions may not: each gets a name of its own there, and comes back as ours. */
export class ToolNames {
  private readonly theirs = new Map<string, string>()
  private readonly ours = new Map<string, string>()

  constructor({ tools, messages }: Pick<ModelRequest, 'tools' | 'messages'>) {
    for (const { name } of tools) this.add(name)
    for (const message of messages) {
      if (message.role !== 'assistant') continue
      for (const part of message.parts) if (part.kind === 'call') this.add(part.name)
    }
  }

  /** As it is sent. */
  theirsOf(name: string): string {
    return this.theirs.get(name) ?? plain(name)
  }

  /** As we know it; what is not known stays what it is. */
  oursOf(name: string): string {
    return this.ours.get(name) ?? name
  }

  private add(name: string): void {
    if (this.theirs.has(name)) return
    const base = plain(name)
    let free = base
    for (let count = 2; this.ours.has(free); count++) {
      free = `${base.slice(0, maxNameLength - `_${count}`.length)}_${count}`
    }
    this.theirs.set(name, free)
    this.ours.set(free, name)
  }
}

function plain(name: string): string {
  return name.replaceAll(/[^a-zA-Z0-9_-]/g, '_').slice(0, maxNameLength) || '_'
}

export function toolsOf(tools: readonly ModelTool[], names: ToolNames): object[] {
  return tools.map(({ name, description, parameters: { $schema: _dialect, ...parameters } }) => ({
    type: 'function',
    // An object without properties is refused.
    function: {
      name: names.theirsOf(name),
      description,
      parameters: { type: 'object', properties: {}, ...parameters },
    },
  }))
}

export function messagesOf(messages: readonly ModelMessage[], names: ToolNames): object[] {
  return messages.flatMap((message) => theirMessages(message, names))
}

function theirMessages(message: ModelMessage, names: ToolNames): object[] {
  switch (message.role) {
    case 'user':
      return [{ role: 'user', content: contentOf(message.text, message.files) }]
    case 'assistant':
      return assistantMessage(message.parts, names)
    case 'tool':
      return message.results.map(({ callId, text, isError }) => ({
        role: 'tool',
        tool_call_id: callId,
        content: isError ? `Error: ${text}` : text,
      }))
  }
}

function contentOf(text: string, files: readonly ModelFile[]): unknown {
  if (files.length === 0) return text
  return [...files.map(partOfFile), ...(text === '' ? [] : [{ type: 'text', text }])]
}

function partOfFile(file: ModelFile): object {
  const text = fileText(file)
  if (text !== undefined) return { type: 'text', text }
  if (!/^image\/[\w.+-]+$/.test(file.mediaType)) return { type: 'text', text: unreadableFile(file) }
  return { type: 'image_url', image_url: { url: `data:${file.mediaType};base64,${file.data.toString('base64')}` } }
}

/** What it thought is not sent back: most refuse it or do not read it. */
function assistantMessage(parts: readonly AssistantPart[], names: ToolNames): object[] {
  const text = parts.map((part) => (part.kind === 'text' ? part.text : '')).join('')
  const calls = parts.flatMap((part) => {
    if (part.kind !== 'call') return []
    const called = { name: names.theirsOf(part.name), arguments: JSON.stringify(part.arguments) }
    return [{ id: part.id, type: 'function', function: called }]
  })
  if (text === '' && calls.length === 0) return []
  return [{ role: 'assistant', content: text, ...(calls.length > 0 ? { tool_calls: calls } : {}) }]
}
