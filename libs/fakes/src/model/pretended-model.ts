// A model that only pretends: it picks tools by the words of the question, and tells what they found. The same always says the same.
import type {
  PretendedRequest,
  PretendedTool,
  PretendedTurn,
  ScriptedAnswer,
  ScriptedCall,
  ScriptedPiece,
} from './script.js'
import { type Question, type Skill, skills } from './skills.js'
import { type Language, languageOf, type Told, tell, words } from './telling.js'

/** Tools called at once for one question. */
const maxAtOnce = 2
/** A pause between two words, so that one sees it stream. */
const pauseMs = 12

/** A question of each kind, shown where nothing fits. */
const examples: readonly { tool: string; en: string; ja: string }[] = [
  { tool: 'gcal.list_events', en: 'Which events do I have next week?', ja: '来週の予定を教えて' },
  {
    tool: 'gcal.create_event',
    en: 'Add lunch with Ken to my calendar tomorrow at noon',
    ja: '明日の正午に「ランチ」の予定を追加して',
  },
  { tool: 'jira.search_issues', en: 'My open Jira tickets', ja: '自分の Jira のチケットは？' },
  { tool: 'github.search_issues', en: 'Open issues on GitHub', ja: 'GitHub の課題を見せて' },
  { tool: 'booking.find_slots', en: 'Free haircut times this week', ja: '今週のヘアカットの空きは？' },
  { tool: 'product.search', en: 'Which tea do you sell?', ja: 'お茶の商品はある？' },
]

/** @param now when the question is asked */
export function pretendedAnswer(request: PretendedRequest, now = new Date()): ScriptedAnswer {
  const asked = request.turns.findLastIndex(({ role }) => role === 'user')
  const turn = request.turns[asked]
  const question: Question = { text: turn?.role === 'user' ? turn.text : '', now }
  const language = languageOf(question.text)
  const since = request.turns.slice(asked + 1)
  const found = resultsIn(since)
  const calls = nextCalls(request.tools, question, found)
  if (calls.length > 0) {
    const thought = `The words of the question call for ${calls.map(({ name }) => name).join(' and ')}.`
    return { pieces: [{ thinking: thought }, ...calls.map((call): ScriptedPiece => ({ call }))] }
  }
  const files = turn?.role === 'user' ? turn.files : 0
  const answer = found.length > 0 ? told(found, language) : help(request.tools, language, files)
  return { pieces: spoken(answer), pauseMs }
}

/** What the skills that fit still want to know; nothing when all of it is there. */
function nextCalls(tools: readonly PretendedTool[], question: Question, found: readonly Told[]): ScriptedCall[] {
  const fitting = fittingSkills(tools, question.text)
  const calls = fitting.flatMap((skill): ScriptedCall[] => {
    if (find(found, skill.tool)) return []
    const before = skill.after === undefined ? undefined : find(found, skill.after)
    if (skill.after !== undefined && !before) return callOf(tools, skill.after, {})
    const given = skill.give(question, before && jsonOf(before.text))
    return given === undefined ? [] : callOf(tools, skill.tool, given)
  })
  return calls.filter(({ name }, at) => calls.findIndex((other) => other.name === name) === at)
}

function fittingSkills(tools: readonly PretendedTool[], text: string): Skill[] {
  const offered = skills.filter(({ tool, after }) => toolOf(tools, tool) && (!after || toolOf(tools, after)))
  const meant = offered.filter(({ words: called }) => called.test(text))
  const replaced = new Set(meant.flatMap(({ instead = [] }) => instead))
  const left = meant.filter(({ tool }) => !replaced.has(tool))
  // Who names one of two services that have such a thing means that one.
  const named = left.filter(({ tool }) => text.toLowerCase().includes(tool.split('.')[0] ?? tool))
  return (named.length > 0 ? named : left).slice(0, maxAtOnce)
}

/** Under the name by which it is offered, with what it requires; not again what has just been called. */
function callOf(tools: readonly PretendedTool[], name: string, given: Record<string, unknown>): ScriptedCall[] {
  const tool = toolOf(tools, name)
  if (!tool) return []
  const { properties = {}, required = [] } = tool.parameters as { properties?: object; required?: string[] }
  const known = Object.entries(given).filter(([member]) => Object.hasOwn(properties, member))
  const call = { ...Object.fromEntries(known) }
  for (const member of required) {
    if (!(member in call)) call[member] = exampleOf((properties as Record<string, Record<string, unknown>>)[member])
  }
  return [{ name: tool.name, arguments: call }]
}

/** Something that a schema takes. */
function exampleOf(schema: Record<string, unknown> = {}): unknown {
  if ('default' in schema) return schema.default
  if (Array.isArray(schema.enum)) return schema.enum[0]
  switch (schema.type) {
    case 'integer':
    case 'number':
      return schema.minimum ?? 1
    case 'boolean':
      return false
    case 'array':
      return []
    case 'object':
      return {}
    default:
      return 'example'
  }
}

/** Services that allow no dots in names are offered them in another form. */
function toolOf(tools: readonly PretendedTool[], name: string): PretendedTool | undefined {
  return tools.find((tool) => sameName(tool.name, name))
}

function sameName(one: string, other: string): boolean {
  const plain = (name: string) => name.replaceAll(/[^a-z0-9]+/gi, '_').toLowerCase()
  return plain(one) === plain(other)
}

function find(found: readonly Told[], name: string): Told | undefined {
  return found.find(({ tool }) => sameName(tool, name))
}

function resultsIn(turns: readonly PretendedTurn[]): Told[] {
  return turns.flatMap((turn) =>
    turn.role === 'results' ? turn.results.map(({ name, text }) => ({ tool: name, text: withoutMarks(text) })) : [],
  )
}

/** A result as its tool gave it, without the marks by which whoever asks tells a model that it is data. */
function withoutMarks(text: string): string {
  return /^<untrusted_data\b[^>]*>\n([\s\S]*)\n<\/untrusted_data>/.exec(text)?.[1] ?? text
}

/** What only led to the next call is not told again. */
function told(found: readonly Told[], language: Language): string {
  const steps = new Set(skills.flatMap(({ after }) => after ?? []))
  const last = found.filter(
    ({ tool }, at) => at === found.length - 1 || ![...steps].some((step) => sameName(step, tool)),
  )
  return [...last.map((one) => tell(one, language)), `*${plainPretended(language)}*`].join('\n\n')
}

function plainPretended(language: Language): string {
  return words[language].pretended.replaceAll('*', '')
}

function help(tools: readonly PretendedTool[], language: Language, files: number): string {
  const said = words[language]
  const fitting = examples.filter(({ tool }) => toolOf(tools, tool))
  const seen = files > 0 ? [said.files(files)] : []
  if (fitting.length === 0) return [said.pretended, ...seen, said.noTools].join('\n\n')
  return [said.pretended, ...seen, said.can, fitting.map((one) => `- ${one[language]}`).join('\n')].join('\n\n')
}

/** Word by word; a line of a table is no word of its own, but Japanese has no spaces and comes by signs. */
function spoken(text: string): ScriptedPiece[] {
  return (text.match(/\s*[\u3040-\u30ff\u4e00-\u9fff]{1,4}|\s*[^\s\u3040-\u30ff\u4e00-\u9fff]+/gu) ?? []).map(
    (piece) => ({
      text: piece,
    }),
  )
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
