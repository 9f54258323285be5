// Answers held against the fields of a form.
import { describe, expect, test } from '@jest/globals'
import { type Answer, checkAnswers } from './answers.js'
import { readFields } from './fields.js'

/** Whether a field of these rules takes an answer; when not, what it says. */
function check(rules: Record<string, unknown>, answer: Answer): string {
  const fields = readFields([{ name: 'it', label: 'It', ...rules }])
  const { accepted, faults } = checkAnswers(fields, { it: answer })
  return faults[0]?.message ?? `takes ${JSON.stringify(accepted.it)}`
}

test.each([
  [{ type: 'short_text' }, ' Hana ', 'takes "Hana"'],
  [{ type: 'short_text', max_length: 3 }, '😀😀😀', 'takes "😀😀😀"'],
  [{ type: 'short_text', max_length: 3 }, 'four', 'must be one line of 1 to 3 characters'],
  [{ type: 'short_text', min_length: 3 }, 'ab', 'must be one line of 3 to 200 characters'],
  [{ type: 'short_text' }, 'two\nlines', 'must be one line of 1 to 200 characters'],
  [{ type: 'short_text' }, 7, 'must be one line of 1 to 200 characters'],
  [{ type: 'long_text' }, 'two\nlines', 'takes "two\\nlines"'],
  [{ type: 'long_text' }, 'x'.repeat(5001), 'must be a text of 1 to 5000 characters'],
  [{ type: 'long_text' }, ['x'], 'must be a text of 1 to 5000 characters'],
  [{ type: 'number' }, 1.5, 'takes 1.5'],
  [{ type: 'number', min: 1, max: 2 }, 2.5, 'must be a number from 1 to 2'],
  [{ type: 'number', min: 1 }, 0, 'must be a number of 1 or more'],
  [{ type: 'number', max: 1 }, 2, 'must be a number of 1 or less'],
  [{ type: 'number' }, '1', 'must be a number'],
  [{ type: 'integer', min: 0 }, 0, 'takes 0'],
  [{ type: 'integer' }, 1.5, 'must be a whole number'],
  [{ type: 'integer' }, 2 ** 53, 'must be a whole number'],
  [{ type: 'integer', min: 4, max: 40 }, 3, 'must be a whole number from 4 to 40'],
  [{ type: 'boolean' }, false, 'takes false'],
  [{ type: 'boolean' }, 'true', 'must be true or false'],
  [{ type: 'date' }, '2028-02-29', 'takes "2028-02-29"'],
  [{ type: 'date' }, '2027-02-29', 'must be a date as YYYY-MM-DD'],
  [{ type: 'date' }, '2027-02-28T00:00:00Z', 'must be a date as YYYY-MM-DD'],
  [{ type: 'date', min_date: '2027-01-01' }, '2026-12-31', 'must be a date as YYYY-MM-DD of 2027-01-01 or later'],
  [{ type: 'date', max_date: '2027-01-01' }, '2027-01-02', 'must be a date as YYYY-MM-DD of 2027-01-01 or earlier'],
  [{ type: 'email' }, 'hana@example.com', 'takes "hana@example.com"'],
  [{ type: 'email' }, 'hana@', 'must be an e-mail address such as hana@example.com'],
  [{ type: 'email' }, `${'a'.repeat(250)}@example.com`, 'must be an e-mail address such as hana@example.com'],
  [{ type: 'choice', choices: ['a', 'b'] }, 'b', 'takes "b"'],
  [{ type: 'choice', choices: ['a', 'b'] }, 'A', 'must be one of: "a", "b"'],
  [{ type: 'choice', choices: ['a', 'b'] }, ['a'], 'must be one of: "a", "b"'],
  [{ type: 'multi_choice', choices: ['a', 'b', 'c'] }, ['c', 'a'], 'takes ["c","a"]'],
  [{ type: 'multi_choice', choices: ['a', 'b'] }, ['a', 'a'], 'must be a list of 1 to 2 different ones of: "a", "b"'],
  [{ type: 'multi_choice', choices: ['a', 'b'] }, 'a', 'must be a list of 1 to 2 different ones of: "a", "b"'],
  [
    { type: 'multi_choice', choices: ['a', 'b', 'c'], min_choices: 2, max_choices: 2 },
    ['a'],
    'must be a list of 2 to 2 different ones of: "a", "b", "c"',
  ],
])('a field %j and the answer %j: %s', (rules, answer, outcome) => {
  expect(check(rules, answer as Answer)).toBe(outcome)
})

describe('an answer that is not given', () => {
  test.each([null, '', '   ', []])('is a fault of a required field, and nothing otherwise (%j)', (answer) => {
    const rules = { type: 'multi_choice', choices: ['a'] }
    expect(check({ ...rules, required: true }, answer)).toContain('is required; it must be a list')
    expect(check(rules, answer)).toBe('takes undefined')
  })

  test('is not made up from what every object has', () => {
    const fields = readFields([{ name: 'constructor', label: 'Builder', type: 'short_text', required: true }])
    expect(checkAnswers(fields, {}).faults[0]?.message).toContain('is required')
  })
})

test('all faults are found at once, fields first and then what the form does not have', () => {
  const fields = readFields([
    { name: 'name', label: 'Name', type: 'short_text', required: true },
    { name: 'guests', label: 'Guests', type: 'integer', min: 1, max: 4 },
  ])
  expect(checkAnswers(fields, { extra: 1, guests: 9 }).faults).toEqual([
    { field: 'name', message: 'is required; it must be one line of 1 to 200 characters' },
    { field: 'guests', message: 'must be a whole number from 1 to 4' },
    { field: 'extra', message: 'is not a field of this form; its fields are name, guests' },
  ])
})

test.each([
  ['no fields', []],
  ['an unknown type', [{ name: 'a', label: 'A', type: 'colour' }]],
  ['a name twice', Array.from({ length: 2 }, () => ({ name: 'a', label: 'A', type: 'boolean' }))],
  ['a name that is none', [{ name: 'A b', label: 'A', type: 'boolean' }]],
  ['the same choice twice', [{ name: 'a', label: 'A', type: 'choice', choices: ['x', 'x'] }]],
  ['a rule of another type', [{ name: 'a', label: 'A', type: 'boolean', min: 1 }]],
  ['a text longer than may be', [{ name: 'a', label: 'A', type: 'short_text', max_length: 501 }]],
])('a definition with %s is not one', (_case, fields) => {
  expect(() => readFields(fields)).toThrow()
})
