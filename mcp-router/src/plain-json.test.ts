// JSON that may be passed on as it came, and JSON that may not.
import { describe, expect, test } from '@jest/globals'
import { memberCount, membersOf } from './plain-json.js'

const members = (json: string, maxDepth = 64) => membersOf(Buffer.from(json), maxDepth, maxDepth)

describe('counts members', () => {
  test.each<[string, number]>([
    ['{}', 0],
    ['{"a":1}', 1],
    ['{"a":{"b":{"c":[{"d":1},{"e":2}]}}}', 5],
    ['{"a":1,"a":2}', 2],
    [String.raw`{"a:b":"c:d","\"e\":":"\\"}`, 2],
    ['{ "a" : [ 1 , 2.50 , -3, 100000000000000000000 ] ,\n "é☃😀" : null }', 2],
  ])('of %s', (json, count) => {
    expect(members(json)).toBe(count)
  })

  test('of the outermost object only, when that is asked', () => {
    expect(membersOf(Buffer.from('{"a":{"b":1,"c":[{"d":2}]},"e":3}'), 9, 1)).toBe(2)
  })

  test('fewer in what was read than in what was written, where a name comes twice', () => {
    for (const json of ['{"a":1,"b":[{"c":1,"d":{}}]}', '{"__proto__":{"a":1}}']) {
      expect(memberCount(JSON.parse(json))).toBe(members(json))
    }
    for (const json of ['{"a":1,"a":1}', '{"b":[{"c":1,"c":{"d":1}}]}', String.raw`{"a":1,"\u0061":2}`]) {
      expect(memberCount(JSON.parse(json))).toBeLessThan(members(json))
    }
  })
})

describe('does not take for plain', () => {
  test.each(['', '[]', '1', '"a"', '{}x', 'x{}', ' {}', '{}\n', '\ufeff{}', '{}{}', '{"a":1}{"b":2}'])(
    'what is no single object: %j',
    (json) => {
      expect(members(json)).toBe(-1)
    },
  )

  test.each(['-0', '-0.0', '-0.5', '1e5', '1E5', '1.5e-7', '1e999', '1'.repeat(33), `0.${'1'.repeat(33)}`])(
    'a number that may be another once it was read: %s',
    (number) => {
      expect(members(`{"a":${number}}`)).toBe(-1)
      expect(members(`{"a":"${number}"}`)).toBe(1)
    },
  )

  test('what nests deeper than it may', () => {
    const nested = (levels: number) => `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`
    expect(members(nested(5), 5)).toBe(4)
    expect(members(nested(6), 5)).toBe(-1)
  })
})

test('a plain number is the same when it was read and written again', () => {
  for (const number of ['0', '7', '-7', '0.1', '-1.5', '2.50', '12345678901234567890', '9007199254740993']) {
    expect(members(`{"a":${number}}`)).toBe(1)
    const value = JSON.parse(number)
    expect(Object.is(JSON.parse(JSON.stringify(value)), value)).toBe(true)
  }
})

test('ends on bytes that are no JSON at all', () => {
  for (const json of ['{"a', '{"a":"\\', '{"}', '}}}}', '{]]]}', '{"a":"\\"}'])
    expect(typeof members(json)).toBe('number')
})
