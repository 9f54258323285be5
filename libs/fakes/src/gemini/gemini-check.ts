// Checks a generateContent request as strictly as the Gemini API does, and reads what was asked out of it.
import type { PretendedRequest, PretendedTurn } from '../model/script.js'
import { refuse } from './gemini-errors.js'
import type { GeminiModel } from './gemini-models.js'

type Json = Record<string, unknown>

interface Part {
  text?: string
  thought?: boolean
  thoughtSignature?: string
  inlineData?: { mimeType: string; data: string }
  functionCall?: { id?: string; name: string; args?: Json }
  functionResponse?: { id?: string; name: string; response: Json }
}

interface Content {
  role?: string
  parts: Part[]
}

const fields = {
  request: [
    'contents',
    'systemInstruction',
    'tools',
    'toolConfig',
    'safetySettings',
    'generationConfig',
    'cachedContent',
  ],
  content: ['role', 'parts'],
  part: ['text', 'thought', 'thoughtSignature', 'inlineData', 'functionCall', 'functionResponse'],
  inlineData: ['mimeType', 'data'],
  functionCall: ['id', 'name', 'args'],
  functionResponse: ['id', 'name', 'response'],
  tool: ['functionDeclarations'],
  declaration: ['name', 'description', 'parameters', 'parametersJsonSchema'],
  generationConfig: [
    'maxOutputTokens',
    'temperature',
    'topP',
    'topK',
    'stopSequences',
    'candidateCount',
    'thinkingConfig',
  ],
  thinkingConfig: ['includeThoughts', 'thinkingBudget', 'thinkingLevel'],
} as const

/** Documented: image, audio and video types, PDF, and plain texts. */
const mimeTypes = /^(image\/(png|jpeg|webp|heic|heif)|application\/pdf|text\/[\w.+-]+|(audio|video)\/[\w.+-]+)$/

/** What stands for a signature where another model made the call. */
const noSignature = 'skip_thought_signature_validator'

/** Throws GeminiRefusal. @param signed signatures that this service gave out */
export function checkedRequest(body: unknown, model: GeminiModel, signed: ReadonlySet<string>): PretendedRequest {
  const request = object(body, fields.request, '')
  const contents = list(request.contents).map((content, at) => contentOf(content, `contents[${at}]`))
  if (contents.length === 0) refuse(400, '* GenerateContentRequest.contents: contents is not specified\n')
  checkConfig(request.generationConfig, model)
  checkTurns(contents)
  if (model.thinking) checkSignatures(contents, signed)
  const system =
    request.systemInstruction === undefined ? '' : textOf(contentOf(request.systemInstruction, 'system_instruction'))
  return { model: model.id, system, turns: contents.map(turnOf), tools: list(request.tools).flatMap(declarationsOf) }
}

function contentOf(value: unknown, place: string): Content {
  const content = object(value, fields.content, place)
  const { role } = content
  if (role !== undefined && role !== 'user' && role !== 'model') {
    refuse(400, 'Please use a valid role: user, model.')
  }
  const parts = list(content.parts).map((part) => partOf(part, `${place}.parts`))
  if (parts.length === 0) refuse(400, `* GenerateContentRequest.${place}.parts: contents.parts must not be empty.\n`)
  return { ...(role ? { role } : {}), parts }
}

function partOf(value: unknown, place: string): Part {
  const part = object(value, fields.part, place) as Part
  const data = ['text', 'inlineData', 'functionCall', 'functionResponse'].filter((name) => name in part)
  if (data.length !== 1) refuse(400, `* ${place}: required oneof field 'data' must have one initialized field\n`)
  if (part.inlineData) {
    const { mimeType } = object(part.inlineData, fields.inlineData, place) as { mimeType: string }
    if (!mimeTypes.test(mimeType)) refuse(400, `Unsupported MIME type: ${mimeType}`)
  }
  if (part.functionCall) object(part.functionCall, fields.functionCall, place)
  if (part.functionResponse) {
    const { name, response } = object(part.functionResponse, fields.functionResponse, place)
    if (!name) refuse(400, `* ${place}.function_response.name: Name cannot be empty.\n`)
    if (typeof response !== 'object' || response === null || Array.isArray(response)) {
      refuse(400, `Invalid value at '${place}.function_response.response' (type.googleapis.com/google.protobuf.Struct)`)
    }
  }
  return part
}

function checkConfig(value: unknown, model: GeminiModel): void {
  if (value === undefined) return
  const { maxOutputTokens, thinkingConfig } = object(value, fields.generationConfig, 'generation_config')
  if (typeof maxOutputTokens === 'number' && (maxOutputTokens < 1 || maxOutputTokens > model.outputTokenLimit)) {
    refuse(
      400,
      `Unable to submit request because it has a maxOutputTokens value of ${maxOutputTokens} but the supported range is from 1 (inclusive) to ${model.outputTokenLimit + 1} (exclusive). Update the value and try again.`,
    )
  }
  if (thinkingConfig === undefined) return
  object(thinkingConfig, fields.thinkingConfig, 'generation_config.thinking_config')
  if (!model.thinking) refuse(400, 'Thinking is not enabled for this model.')
}

/** A call is answered by the very next turn, each one of it; and nothing is answered that was not called. */
function checkTurns(contents: readonly Content[]): void {
  for (const [at, { parts }] of contents.entries()) {
    const answers = parts.filter(({ functionResponse }) => functionResponse)
    const before = contents[at - 1]
    const calls = before?.parts.filter(({ functionCall }) => functionCall) ?? []
    if (answers.length > 0 && calls.length === 0) {
      refuse(400, 'Please ensure that function response turn comes immediately after a function call turn.')
    }
    if (answers.length !== calls.length) {
      refuse(
        400,
        'Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.',
      )
    }
    for (const [index, { functionResponse }] of answers.entries()) {
      const called = functionResponse?.id
        ? calls.find(({ functionCall }) => functionCall?.id === functionResponse.id)
        : calls[index]
      if (called?.functionCall?.name !== functionResponse?.name) {
        refuse(
          400,
          `* GenerateContentRequest.contents[${at}]: function_response.name does not match its function call.\n`,
        )
      }
    }
    if (parts.some(({ functionCall }) => functionCall) && at === 0) {
      refuse(
        400,
        'Please ensure that function call turn comes immediately after a user turn or after a function response turn.',
      )
    }
  }
}

/** In the current turn, which began with the last words of the user, the first call of each step must be signed. */
function checkSignatures(contents: readonly Content[], signed: ReadonlySet<string>): void {
  const current = contents.findLastIndex(
    ({ role, parts }) => role !== 'model' && parts.some(({ text }) => text !== undefined),
  )
  for (const [at, { parts }] of contents.entries()) {
    const first = parts.find(({ functionCall }) => functionCall)
    if (first && at > current && !first.thoughtSignature) {
      refuse(
        400,
        `Function call is missing a thought_signature in functionCall parts. This is required for tools to work correctly, and missing thought_signature may lead to degraded model performance. Additional data, function call \`default_api:${first.functionCall?.name}\` , position ${at}.`,
      )
    }
    for (const { thoughtSignature } of parts) {
      if (thoughtSignature && thoughtSignature !== noSignature && !signed.has(thoughtSignature)) {
        refuse(400, 'Thought signature is not valid.')
      }
    }
  }
}

function declarationsOf(value: unknown, at: number) {
  const tool = object(value, fields.tool, `tools[${at}]`)
  const seen = new Set<unknown>()
  return list(tool.functionDeclarations).map((one, index) => {
    const place = `tools[${at}].function_declarations[${index}]`
    const { name, description = '', parameters, parametersJsonSchema } = object(one, fields.declaration, place)
    if (typeof name !== 'string' || !/^[a-zA-Z_][\w.:-]{0,127}$/.test(name)) {
      refuse(
        400,
        `* GenerateContentRequest.${place}.name: Invalid function name. Must start with a letter or an underscore. Must be alphanumeric (a-z, A-Z, 0-9), underscores (_), dots (.), colons (:), or dashes (-), with a maximum length of 128.\n`,
      )
    }
    if (seen.has(name)) refuse(400, `Duplicate function declaration found: ${name}`)
    seen.add(name)
    if (parameters !== undefined && parametersJsonSchema !== undefined) {
      refuse(400, `${place}: parameters and parameters_json_schema cannot both be set.`)
    }
    const schema = (parametersJsonSchema ?? parameters ?? { type: 'object' }) as Json
    if (String(schema.type).toLowerCase() !== 'object') {
      refuse(400, `* GenerateContentRequest.${place}.parameters_json_schema: should be of type object\n`)
    }
    return { name, description: String(description), parameters: schema }
  })
}

function turnOf({ role, parts }: Content): PretendedTurn {
  const results = parts.flatMap(({ functionResponse }) => functionResponse ?? [])
  if (results.length > 0) {
    return { role: 'results', results: results.map(({ name, response }) => ({ name, text: resultText(response) })) }
  }
  const text = textOf({ parts: parts.filter(({ thought }) => !thought) })
  if (role !== 'model') return { role: 'user', text, files: parts.filter(({ inlineData }) => inlineData).length }
  const calls = parts.flatMap(({ functionCall }) => functionCall ?? [])
  return { role: 'model', text, calls: calls.map(({ name, args = {} }) => ({ name, arguments: args })) }
}

function resultText(response: Json): string {
  const said = response.output ?? response.error ?? response
  return typeof said === 'string' ? said : JSON.stringify(said)
}

function textOf({ parts }: Content): string {
  return parts.map(({ text = '' }) => text).join('')
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value]
}

function object(value: unknown, known: readonly string[], place: string): Json {
  if (typeof value !== 'object' || value === null) {
    refuse(400, `Invalid JSON payload received. Unexpected value${place ? ` at '${place}'` : ''}.`)
  }
  const unknown = Object.keys(value).find((name) => !known.includes(name))
  if (unknown !== undefined) {
    const where = place ? ` at '${place}'` : ''
    refuse(400, `Invalid JSON payload received. Unknown name "${unknown}"${where}: Cannot find field.`)
  }
  return value as Json
}
