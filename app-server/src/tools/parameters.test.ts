// How a person reads a tool's parameters, and what stands in the form before they have written anything.
import { describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { providers } from '../providers/index.js'
import { firstArguments, parametersOf } from './parameters.js'

const schemaOf = (input: z.ZodObject) => z.toJSONSchema(input, { io: 'input' }) as Record<string, unknown>

const input = schemaOf(
  z.object({
    name: z.string().describe('Who it is.'),
    count: z.number().int().min(1).max(9),
    price: z.number().min(0),
    size: z.enum(['small', 'large']),
    sure: z.boolean(),
    lines: z.array(z.object({ id: z.uuid(), note: z.string().optional() })).min(1),
    where: z.union([z.string(), z.number().max(3)]).optional(),
    any: z.unknown().optional(),
    note: z.string().default('none'),
  }),
)

test('each parameter is named with its kind in words, and whether it is needed', () => {
  expect(parametersOf(input).map(({ name, kind, required }) => [name, kind, required])).toEqual([
    ['name', 'text', true],
    ['count', 'whole number, 1 to 9', true],
    ['price', 'number, 0 or more', true],
    ['size', 'one of small, large', true],
    ['sure', 'true or false', true],
    ['lines', 'list of object', true],
    ['where', 'text or number, 3 or less', false],
    ['any', 'any value', false],
    ['note', 'text', false],
  ])
  expect(parametersOf(input)[0]?.description).toBe('Who it is.')
})

test('the form begins with what is needed, each a value of its kind', () => {
  expect(firstArguments(input)).toEqual({
    name: '',
    count: 1,
    price: 0,
    size: 'small',
    sure: false,
    lines: [{ id: '' }],
  })
})

test('a tool without parameters has none', () => {
  expect(parametersOf(schemaOf(z.strictObject({})))).toEqual([])
  expect(firstArguments({})).toEqual({})
})

describe('every parameter of every tool', () => {
  const all = providers.flatMap(({ tools }) =>
    tools.flatMap((tool) => parametersOf(schemaOf(tool.input)).map((parameter) => [tool.name, parameter] as const)),
  )

  test.each(all)('%s has words for %o', (_tool, { kind, description }) => {
    expect(kind).not.toBe('any value')
    expect(description).not.toBe('')
  })
})
