// Tells in Markdown what tools found, in the language of the question: a table of what is a list, facts of what is not.

type Json = Record<string, unknown>

export type Language = 'en' | 'ja'

export interface Told {
  readonly tool: string
  readonly text: string
}

const maxRows = 8
const maxColumns = 4
const maxCell = 60

/** Members that say most, in this order. */
const telling = [
  'key',
  'number',
  'title',
  'summary',
  'name',
  'label',
  'start',
  'end',
  'status',
  'state',
  'price',
  'total',
  'places_left',
  'url',
]

export const words = {
  en: {
    pretended: 'I am a **pretended model**: nothing here is sent anywhere, and I only know a few turns of phrase.',
    here: (tool: string) => `Here is what \`${tool}\` found:`,
    none: (tool: string) => `\`${tool}\` found nothing.`,
    failed: (tool: string) => `\`${tool}\` could not do it:`,
    done: (tool: string) => `\`${tool}\` has done it:`,
    more: (count: number) => `… and ${count} more.`,
    can: 'Try one of these:',
    noTools: 'No tool is switched on in this room, so there is nothing I could look up.',
    files: (count: number) => `I see ${count} ${count === 1 ? 'file' : 'files'}, but I only pretend to read.`,
  },
  ja: {
    pretended: 'わたしは**見せかけのモデル**です。どこにも送信されず、決まった言い回ししか分かりません。',
    here: (tool: string) => `\`${tool}\` の結果です。`,
    none: (tool: string) => `\`${tool}\` では何も見つかりませんでした。`,
    failed: (tool: string) => `\`${tool}\` は実行できませんでした。`,
    done: (tool: string) => `\`${tool}\` を実行しました。`,
    more: (count: number) => `… ほか ${count} 件。`,
    can: '例えば、次のように聞いてみてください。',
    noTools: 'この部屋ではツールが有効になっていないため、調べることができません。',
    files: (count: number) => `ファイルが ${count} 件ありますが、読むふりしかできません。`,
  },
} as const

export function languageOf(text: string): Language {
  return /[\u3040-\u30ff\u4e00-\u9fff]/.test(text) ? 'ja' : 'en'
}

export function tell({ tool, text }: Told, language: Language): string {
  const said = words[language]
  const result = jsonOf(text)
  if (result === undefined) return `${said.failed(tool)}\n\n> ${oneLine(text, 400)}`
  const list = Object.entries(result).find(([, value]) => Array.isArray(value))
  if (!list) return `${said.done(tool)}\n\n${factsOf(result)}`
  const items = (list[1] as unknown[]).filter((item) => typeof item === 'object' && item !== null) as Json[]
  return items.length === 0 ? said.none(tool) : `${said.here(tool)}\n\n${tableOf(items, language)}`
}

function tableOf(items: readonly Json[], language: Language): string {
  const [first = {}] = items
  const known = telling.filter((name) => isPlain(first[name]))
  const columns = (known.length > 0 ? known : Object.keys(first).filter((name) => isPlain(first[name]))).slice(
    0,
    maxColumns,
  )
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const rows = items.slice(0, maxRows).map((item) => row(columns.map((name) => cellOf(item[name]))))
  const more = items.length > maxRows ? `\n\n${words[language].more(items.length - maxRows)}` : ''
  return `${[row(columns), row(columns.map(() => '---')), ...rows].join('\n')}${more}`
}

function factsOf(result: Json): string {
  const nested = Object.values(result).find((value) => typeof value === 'object' && value !== null) as Json | undefined
  const facts = Object.entries({ ...nested, ...result }).filter(([, value]) => isPlain(value))
  return facts
    .slice(0, maxRows)
    .map(([name, value]) => `- **${name}**: ${cellOf(value)}`)
    .join('\n')
}

function isPlain(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value) && value !== ''
}

function cellOf(value: unknown): string {
  return value === undefined || value === null ? '' : oneLine(String(value), maxCell).replaceAll('|', '\\|')
}

function oneLine(text: string, max: number): string {
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > max ? `${line.slice(0, max - 1)}…` : line
}

function jsonOf(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined
  } catch {
    return undefined
  }
}
