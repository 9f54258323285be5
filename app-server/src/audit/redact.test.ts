// What never reaches the audit log.
import { describe, expect, test } from '@jest/globals'
import { redactArguments, redacted } from './redact.js'

describe('redaction', () => {
  test('hides secrets at every depth by their names', () => {
    const hidden = redactArguments({
      password: 'p1',
      nested: { apiKey: 'p2', list: [{ refresh_token: 'p3', plain: 'seen' }] },
      Authorization: 'Bearer p4',
    })
    expect(JSON.stringify(hidden)).not.toMatch(/p[1-4]/)
    expect(JSON.stringify(hidden)).toContain('seen')
  })

  test('hides what the tool says', () => {
    expect(redactArguments({ answers: { illness: 'x' }, form_id: 'f' }, ['answers', 'absent'])).toEqual({
      answers: redacted,
      form_id: 'f',
    })
  })

  test('cuts long texts, long lists, wide objects and deep trees', () => {
    const wide = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`m${i}`, i]))
    const copy = redactArguments({
      text: 'x'.repeat(5000),
      list: Array(1000).fill(1),
      wide,
      deep: { a: { b: { c: { d: { e: 1 } } } } },
    })
    expect(JSON.stringify(copy).length).toBeLessThan(2_000)
    expect(copy.text).toContain('(5000 characters)')
  })

  test('drops NUL characters and mends broken surrogates, which Postgres does not take', () => {
    expect(redactArguments({ 'a\u0000': 'b\u0000c\ud800' })).toEqual({ a: 'bc\ufffd' })
    expect(JSON.stringify(redactArguments({ cut: `${'x'.repeat(199)}😀😀` })).isWellFormed()).toBe(true)
  })

  test('leaves the original alone', () => {
    const original = { password: 'p', list: ['x'] }
    redactArguments(original)
    expect(original).toEqual({ password: 'p', list: ['x'] })
  })
})
