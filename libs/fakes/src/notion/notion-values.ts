// How the pretended Notion writes things: errors, ids, rich text, lists; and how it refuses what the real one refuses.
import { randomUUID } from 'node:crypto'
import type { FakeAnswer } from '../fake-service.js'

export type Json = Record<string, unknown>

const statuses = {
  invalid_json: 400,
  invalid_request_url: 400,
  invalid_request: 400,
  validation_error: 400,
  missing_version: 400,
  unauthorized: 401,
  restricted_resource: 403,
  object_not_found: 404,
  conflict_error: 409,
  rate_limited: 429,
  internal_server_error: 500,
  bad_gateway: 502,
  service_unavailable: 503,
  gateway_timeout: 504,
} as const

export type NotionErrorCode = keyof typeof statuses

/** An error as Notion writes it; also what `misbehave` answers with. */
export function notionError(code: NotionErrorCode, message = code.replaceAll('_', ' ')) {
  const status = statuses[code]
  return { status, body: { object: 'error', status, code, message, request_id: randomUUID() } }
}

/** A refusal, thrown by what handles a request. */
export class NotionRefusal extends Error {
  readonly answer: FakeAnswer

  constructor(code: NotionErrorCode, message: string) {
    super(message)
    this.name = 'NotionRefusal'
    this.answer = notionError(code, message)
  }
}

export function invalid(message: string): NotionRefusal {
  return new NotionRefusal('validation_error', message)
}

/** An id with dashes, of one with or without them. Throws validation_error for anything else. */
export function idOf(given: unknown, path: string): string {
  const plain = String(given).replaceAll('-', '').toLowerCase()
  if (!/^[0-9a-f]{32}$/.test(plain))
    throw invalid(`${path} should be a valid uuid, instead was \`"${String(given)}"\`.`)
  return plain.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

export function asObject(value: unknown, path: string): Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid(`body failed validation: ${path} should be an object, instead was \`${JSON.stringify(value)}\`.`)
  }
  return value as Json
}

export function asList(value: unknown, path: string, most = 100): unknown[] {
  if (!Array.isArray(value)) throw invalid(`body failed validation: ${path} should be an array.`)
  if (value.length > most) {
    throw invalid(`body failed validation: ${path}.length should be ≤ \`${most}\`, instead was \`${value.length}\`.`)
  }
  return value
}

/** Members a request may have; Notion refuses the rest. */
export function onlyMembers(given: Json, allowed: readonly string[], path = 'body'): void {
  for (const name of Object.keys(given)) {
    if (!allowed.includes(name)) {
      throw invalid(
        `body failed validation: ${path}.${name} should be not present, instead was \`${JSON.stringify(given[name])}\`.`,
      )
    }
  }
}

const plainAnnotations = {
  bold: false,
  italic: false,
  strikethrough: false,
  underline: false,
  code: false,
  color: 'default',
}

/** Rich text of a request as an answer has it. */
export function richText(given: unknown, path: string): Json[] {
  return asList(given, path).map((item, index) =>
    richTextItem(asObject(item, `${path}[${index}]`), `${path}[${index}]`),
  )
}

function richTextItem(given: Json, path: string): Json {
  onlyMembers(given, ['type', 'text', 'mention', 'equation', 'annotations', 'plain_text', 'href'], path)
  const annotations = { ...plainAnnotations, ...(given.annotations as Json | undefined) }
  if (given.equation !== undefined) {
    const expression = String(asObject(given.equation, `${path}.equation`).expression)
    bounded(expression, 1000, `${path}.equation.expression`)
    return { type: 'equation', equation: { expression }, annotations, plain_text: expression, href: null }
  }
  if (given.mention !== undefined) {
    return {
      type: 'mention',
      mention: given.mention,
      annotations,
      plain_text: String(given.plain_text ?? 'mention'),
      href: given.href ?? null,
    }
  }
  const text = asObject(given.text, `${path}.text`)
  if (typeof text.content !== 'string')
    throw invalid(`body failed validation: ${path}.text.content should be a string.`)
  bounded(text.content, 2000, `${path}.text.content`)
  const link = text.link ? { url: webUrl(asObject(text.link, `${path}.text.link`).url, `${path}.text.link.url`) } : null
  return {
    type: 'text',
    text: { content: text.content, link },
    annotations,
    plain_text: text.content,
    href: link?.url ?? null,
  }
}

export function bounded(text: string, most: number, path: string): void {
  if (text.length > most) {
    throw invalid(`body failed validation: ${path}.length should be ≤ \`${most}\`, instead was \`${text.length}\`.`)
  }
}

export function webUrl(url: unknown, path: string): string {
  if (typeof url !== 'string' || !/^(https?:|mailto:|\/)/.test(url)) throw invalid(`${path}: Invalid URL for link.`)
  bounded(url, 2000, path)
  return url
}

/** Rich text of plain words. */
export function words(text: string): Json[] {
  return text === '' ? [] : richText([{ text: { content: text } }], 'seed')
}

export function plainOf(rich: unknown): string {
  return Array.isArray(rich) ? rich.map((item: Json) => String(item.plain_text ?? '')).join('') : ''
}

/** A page of a list, by start_cursor (the id of its first thing) and page_size. */
export function listOf(
  type: string,
  things: readonly Json[],
  given: { start_cursor?: unknown; page_size?: unknown },
): Json {
  const size = given.page_size === undefined || given.page_size === null ? 100 : Number(given.page_size)
  if (!Number.isInteger(size) || size < 1 || size > 100) {
    throw invalid(`body failed validation: body.page_size should be ≤ \`100\`, instead was \`${given.page_size}\`.`)
  }
  const cursor = given.start_cursor ?? undefined
  const start = cursor === undefined ? 0 : things.findIndex(({ id }) => id === cursor)
  if (start < 0) throw invalid(`The start_cursor provided is invalid: ${String(cursor)}`)
  const results = things.slice(start, start + size)
  const next = things[start + size]
  return {
    object: 'list',
    results,
    next_cursor: next?.id ?? null,
    has_more: next !== undefined,
    type,
    [type]: {},
    request_id: randomUUID(),
  }
}
