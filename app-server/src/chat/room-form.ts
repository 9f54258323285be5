// What is typed into the forms of a room, read and held against what a room may be.
import { z } from 'zod'
import { t } from './t.js'

/** A room as its forms have it; texts as they were typed. */
export interface TypedRoom {
  readonly name: string
  readonly credential: string
  readonly providers: readonly string[]
  readonly systemPrompt: string
  readonly maxRounds: string
  readonly maxTokens: string
  /** US dollars; empty: no limit. */
  readonly maxCost: string
}

export type RoomFaults = Partial<Record<keyof TypedRoom, string>>

/** What a form says, once it fits. */
export interface ReadRoom {
  readonly name: string
  readonly credentialId: string | null
  readonly providers: readonly string[]
  readonly systemPrompt: string
  readonly maxRounds: number
  readonly maxTokens: number
  readonly maxCostMicros: number | null
}

export const maxNameLength = 120
export const maxSystemPromptLength = 20_000

export const defaultLimits = { maxRounds: '12', maxTokens: '500000', maxCost: '' } as const

const text = z.string().catch('')
const texts = z.union([z.array(z.string()), z.string().transform((one) => [one])]).catch([])

export function typedRoom(body: unknown): TypedRoom {
  const given = z.record(z.string(), z.unknown()).catch({}).parse(body)
  return {
    name: text.parse(given.name).trim(),
    credential: text.parse(given.credential),
    providers: texts.parse(given.providers).slice(0, 200),
    systemPrompt: text.parse(given.system_prompt).replaceAll('\r\n', '\n').trim(),
    maxRounds: text.parse(given.max_rounds ?? defaultLimits.maxRounds).trim(),
    maxTokens: text.parse(given.max_tokens ?? defaultLimits.maxTokens).trim(),
    maxCost: text.parse(given.max_cost ?? defaultLimits.maxCost).trim(),
  }
}

/** The room, or what is wrong with it by the name of the field. */
export function readRoom(
  typed: TypedRoom,
  may: { credential(id: string): boolean; provider(id: string): boolean },
): { room: ReadRoom } | { faults: RoomFaults } {
  const faults: RoomFaults = {}
  if (typed.name === '') faults.name = t('Give the room a name.')
  if (typed.name.length > maxNameLength)
    faults.name = t('A name has {count} characters at most.', { count: maxNameLength })
  if (/\p{Cc}/u.test(typed.name)) faults.name = t('A name is one line of text.')
  if (typed.credential !== '' && !may.credential(typed.credential)) {
    faults.credential = t('This key is not there any more. Choose another.')
  }
  if (typed.systemPrompt.length > maxSystemPromptLength) {
    faults.systemPrompt = t('Instructions have {count, number} characters at most.', { count: maxSystemPromptLength })
  }
  const maxRounds = wholeNumber(typed.maxRounds, 1, 50)
  if (maxRounds === undefined) faults.maxRounds = t('A whole number from 1 to 50.')
  const maxTokens = wholeNumber(typed.maxTokens, 1_000, 20_000_000)
  if (maxTokens === undefined) faults.maxTokens = t('A whole number from 1,000 to 20,000,000.')
  const maxCost = typed.maxCost === '' ? null : dollars(typed.maxCost)
  if (maxCost === undefined) faults.maxCost = t('US dollars from 0.001 to 1,000, e.g. 0.50; or nothing.')
  if (Object.keys(faults).length > 0 || maxRounds === undefined || maxTokens === undefined || maxCost === undefined) {
    return { faults }
  }
  return {
    room: {
      name: typed.name,
      credentialId: typed.credential === '' ? null : typed.credential,
      providers: typed.providers.filter((id) => may.provider(id)),
      systemPrompt: typed.systemPrompt,
      maxRounds,
      maxTokens,
      maxCostMicros: maxCost,
    },
  }
}

function wholeNumber(typed: string, least: number, most: number): number | undefined {
  const value = /^\d{1,9}$/.test(typed) ? Number(typed) : Number.NaN
  return value >= least && value <= most ? value : undefined
}

/** Millionths. */
function dollars(typed: string): number | undefined {
  const value = /^\d{1,4}(?:[.,]\d{1,6})?$/.test(typed)
    ? Math.round(Number(typed.replace(',', '.')) * 1_000_000)
    : Number.NaN
  return value >= 1_000 && value <= 1_000_000_000 ? value : undefined
}
