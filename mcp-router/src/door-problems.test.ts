// What a client is told when the door's answer is no JSON-RPC response.
import { describe, expect, test } from '@jest/globals'
import { Problem } from '@sekisho/contracts'
import { problemOfAnswer, unreachable } from './door-problems.js'

describe('an answer of the door that is no JSON-RPC response', () => {
  test('is the problem it says, with members and the headers meant for the client', () => {
    const said = new Problem('insufficient-scope', 'Needs b.', { scopes: ['a', 'b'] })
    const headers = { 'www-authenticate': 'Bearer x', 'retry-after': '3', 'set-cookie': 'a=b', server: 'inner' }
    const problem = problemOfAnswer(403, headers, JSON.stringify(said))
    expect(problem.toJSON()).toEqual(said.toJSON())
    expect(problem.headers).toEqual({ 'www-authenticate': 'Bearer x', 'retry-after': '3' })
  })

  test('keeps every challenge of several', () => {
    const problem = problemOfAnswer(401, { 'www-authenticate': ['Bearer a="b"', 'DPoP c="d"'] }, '')
    expect(problem.headers).toEqual({ 'www-authenticate': 'Bearer a="b", DPoP c="d"' })
  })

  test('is not believed when its code does not fit its status', () => {
    const said = JSON.stringify({ code: 'internal', detail: 'inner words' })
    const problem = problemOfAnswer(401, {}, said)
    expect([problem.code, problem.status]).toEqual(['invalid-token', 401])
    expect(problem.detail).not.toContain('inner')
  })

  test.each([
    [401, 'invalid-token'],
    [403, 'forbidden'],
    [429, 'rate-limited'],
    [500, 'internal'],
    [502, 'unavailable'],
    [503, 'unavailable'],
    [504, 'unavailable'],
    [404, 'internal'],
    [302, 'internal'],
  ])('with status %i and no words of ours is %s', (status, code) => {
    for (const text of [
      '',
      '<h1>inner</h1>',
      'null',
      '[]',
      '7',
      '{"code":7,"detail":"inner"}',
      '{"code":"__proto__","detail":"inner"}',
    ]) {
      const problem = problemOfAnswer(status, {}, text)
      expect(problem.code).toBe(code)
      expect(JSON.stringify(problem)).not.toContain('inner')
    }
  })
})

test('a fault of connecting is told apart from one after that', () => {
  expect(unreachable(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }))?.code).toBe('unavailable')
  expect(unreachable(Object.assign(new Error('x'), { code: 'ECONNRESET' }))).toBeUndefined()
  expect(unreachable(new Error('x'))).toBeUndefined()
})
