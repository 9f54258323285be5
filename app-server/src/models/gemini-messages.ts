// A conversation and its tools in Google's shapes (Gemini API, generateContent).
import { fileText, unreadableFile } from './file-text.js'
import type { AssistantPart, ModelCall, ModelFile, ModelMessage, ModelTool, ModelToolResult } from './model.js'

export interface GeminiPart {
  text?: string
  thought?: boolean
  thoughtSignature?: string
  inlineData?: { mimeType: string; data: string }
  functionCall?: { id: string; name: string; args: Record<string, unknown> }
  functionResponse?: { id: string; name: string; response: Record<string, unknown> }
}

export interface GeminiContent {
  role: 'user' | 'model'
  parts: GeminiPart[]
}

/** What Google tells to send for calls that another model made, which have no signature of theirs. */
const unsigned = 'skip_thought_signature_validator'

/** What it takes as it is; a request with anything else is refused as a whole. */
const takenTypes =
  /^(image\/(png|jpeg|webp|heic|heif)|application\/pdf|audio\/(wav|mp3|mpeg|aiff|aac|ogg|flac)|video\/(mp4|mpeg|quicktime|webm))$/

export function contentsOf(messages: readonly ModelMessage[]): GeminiContent[] {
  return (
    messages
      .map((message) => contentOf(message))
      // An empty content is refused.
      .filter(({ parts }) => parts.length > 0)
  )
}

function contentOf(message: ModelMessage): GeminiContent {
  switch (message.role) {
    case 'user':
      return { role: 'user', parts: [...message.files.map(partOfFile), ...textPart(message.text)] }
    case 'assistant':
      return { role: 'model', parts: partsOf(message.parts) }
    case 'tool':
      return { role: 'user', parts: message.results.map(partOfResult) }
  }
}

/** Thoughts go back only where a signature hangs on them. The first call of a step must have one. */
function partsOf(parts: readonly AssistantPart[]): GeminiPart[] {
  const first = parts.find(({ kind }) => kind === 'call')
  return parts.flatMap((part): GeminiPart[] => {
    const signature = part.signature === undefined ? {} : { thoughtSignature: part.signature }
    if (part.kind === 'call') {
      return [{ functionCall: callOf(part), ...(part === first ? { thoughtSignature: unsigned } : {}), ...signature }]
    }
    if (part.kind === 'thinking') {
      return part.signature === undefined ? [] : [{ text: part.text, thought: true, ...signature }]
    }
    return part.text === '' && part.signature === undefined ? [] : [{ text: part.text, ...signature }]
  })
}

function callOf({ id, name, arguments: args }: ModelCall) {
  return { id, name, args: { ...args } }
}

function partOfResult({ callId, name, text, isError }: ModelToolResult): GeminiPart {
  // A text and not the object it may be: Google takes `$ref` within an object for a reference of its own.
  return { functionResponse: { id: callId, name, response: isError ? { error: text } : { output: text } } }
}

function partOfFile(file: ModelFile): GeminiPart {
  const text = fileText(file) ?? (takenTypes.test(file.mediaType) ? undefined : unreadableFile(file))
  return text === undefined
    ? { inlineData: { mimeType: file.mediaType, data: file.data.toString('base64') } }
    : { text }
}

function textPart(text: string): GeminiPart[] {
  return text === '' ? [] : [{ text }]
}

export function toolsOf(tools: readonly ModelTool[]) {
  const functionDeclarations = tools.map(({ name, description, parameters }) => {
    const { $schema: _dialect, ...parametersJsonSchema } = parameters
    return { name, description, parametersJsonSchema }
  })
  return [{ functionDeclarations }]
}
