// Holds answers against a form's definition and finds every fault at once.
import { z } from 'zod'
import { isDate, isStorable } from '../inputs.js'
import { type Field, maxEmailLength, textLengths } from './fields.js'

/** What an answer can be on the wire; the definition decides which of these a field takes. */
export const answerValue = z.union(
  [
    z.string().max(10_000).refine(isStorable),
    z.number(),
    z.boolean(),
    z.array(z.string().max(200).refine(isStorable)).max(100),
    z.null(),
  ],
  { error: 'must be a text, a number, true or false, a list of texts, or null for no answer' },
)

export type Answer = z.output<typeof answerValue>

/** An answer that does not fit, and what would. */
export interface Fault {
  readonly field: string
  readonly message: string
}

/**
 * Checks answers by the fields of a form.
 * Gives the answers to keep, trimmed and without empty ones, and all faults: of the fields in their order, then
 * answers to fields that the form does not have.
 */
export function checkAnswers(
  fields: readonly Field[],
  answers: Readonly<Record<string, Answer>>,
): { accepted: Record<string, Answer>; faults: Fault[] } {
  const accepted: Record<string, Answer> = {}
  const faults: Fault[] = []
  for (const field of fields) {
    const given = Object.hasOwn(answers, field.name) ? (answers[field.name] ?? null) : null
    const answer = typeof given === 'string' ? given.trim() : given
    const empty = answer === null || answer === '' || (Array.isArray(answer) && answer.length === 0)
    if (empty) {
      if (field.required) faults.push({ field: field.name, message: `is required; it ${expectationOf(field)}` })
    } else if (fits(field, answer)) {
      accepted[field.name] = answer
    } else {
      faults.push({ field: field.name, message: expectationOf(field) })
    }
  }
  const names = new Set(fields.map(({ name }) => name))
  for (const name of Object.keys(answers)) {
    if (!names.has(name)) {
      faults.push({ field: name, message: `is not a field of this form; its fields are ${[...names].join(', ')}` })
    }
  }
  return { accepted, faults }
}

/** What a right answer to a field looks like, continuing "<field> …". */
export function expectationOf(field: Field): string {
  switch (field.type) {
    case 'short_text':
    case 'long_text':
      return `must be ${field.type === 'short_text' ? 'one line' : 'a text'} of ${lengthsOf(field).min} to ${lengthsOf(field).max} characters`
    case 'number':
      return `must be a number${range(field.min, field.max)}`
    case 'integer':
      return `must be a whole number${range(field.min, field.max)}`
    case 'boolean':
      return 'must be true or false'
    case 'date':
      return `must be a date as YYYY-MM-DD${range(field.min_date, field.max_date)}`
    case 'email':
      return 'must be an e-mail address such as hana@example.com'
    case 'choice':
      return `must be one of: ${quoted(field.choices)}`
    case 'multi_choice': {
      const { min, max } = countsOf(field)
      return `must be a list of ${min} to ${max} different ones of: ${quoted(field.choices)}`
    }
  }
}

function fits(field: Field, answer: NonNullable<Answer>): boolean {
  switch (field.type) {
    case 'short_text':
    case 'long_text': {
      if (typeof answer !== 'string') return false
      const { min, max } = lengthsOf(field)
      // Characters are code points here, as a person counts them and as Postgres does.
      const length = [...answer].length
      return length >= min && length <= max && (field.type === 'long_text' || !/[\r\n]/.test(answer))
    }
    case 'number':
      return typeof answer === 'number' && within(answer, field.min, field.max)
    case 'integer':
      return Number.isSafeInteger(answer) && within(answer, field.min, field.max)
    case 'boolean':
      return typeof answer === 'boolean'
    case 'date':
      return typeof answer === 'string' && isDate(answer) && within(answer, field.min_date, field.max_date)
    case 'email':
      return typeof answer === 'string' && answer.length <= maxEmailLength && z.email().safeParse(answer).success
    case 'choice':
      return typeof answer === 'string' && field.choices.includes(answer)
    case 'multi_choice': {
      if (!Array.isArray(answer) || new Set(answer).size !== answer.length) return false
      const { min, max } = countsOf(field)
      return answer.length >= min && answer.length <= max && answer.every((one) => field.choices.includes(one))
    }
  }
}

function lengthsOf(field: Extract<Field, { type: keyof typeof textLengths }>): { min: number; max: number } {
  return { min: Math.max(1, field.min_length ?? 1), max: field.max_length ?? textLengths[field.type].usual }
}

function countsOf(field: Extract<Field, { type: 'multi_choice' }>): { min: number; max: number } {
  return {
    min: Math.max(1, field.min_choices ?? 1),
    max: Math.min(field.choices.length, field.max_choices ?? field.choices.length),
  }
}

function within<Value extends number | string>(
  value: unknown,
  min: Value | undefined,
  max: Value | undefined,
): boolean {
  return (min === undefined || (value as Value) >= min) && (max === undefined || (value as Value) <= max)
}

function range(min: number | string | undefined, max: number | string | undefined): string {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`
  if (min !== undefined) return ` of ${min} or ${typeof min === 'number' ? 'more' : 'later'}`
  if (max !== undefined) return ` of ${max} or ${typeof max === 'number' ? 'less' : 'earlier'}`
  return ''
}

function quoted(choices: readonly string[]): string {
  return choices.map((choice) => JSON.stringify(choice)).join(', ')
}
