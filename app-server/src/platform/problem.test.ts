// No inner word of an unexpected failure reaches a caller.

import { describe, expect, test } from '@jest/globals'
import { NotFoundException } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import pg from 'pg'
import { toProblem } from './problem.js'

describe('whatever is thrown', () => {
  test('passes through when it is a problem already', () => {
    const problem = new Problem('slot-taken', 'Taken.')
    expect(toProblem(problem, () => undefined)).toBe(problem)
  })

  test('becomes internal with a reference, and its words go to the report only', () => {
    const reports: unknown[] = []
    const cause = new Error('password authentication failed for user "sekisho"')
    const problem = toProblem(cause, (error, reference) => reports.push(error, reference))
    expect(problem.code).toBe('internal')
    expect(JSON.stringify(problem)).not.toContain('password')
    expect(reports).toEqual([cause, problem.members.reference])
  })

  test.each([
    Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED', syscall: 'connect' }),
    new Error('Connection terminated unexpectedly'),
    Object.assign(new pg.DatabaseError('the database system is shutting down', 10, 'error'), { code: '57P03' }),
  ])('is unavailable, to be tried again, when the database is away: %s', (error) => {
    const problem = toProblem(error, () => undefined)
    expect([problem.code, problem.headers['Retry-After']]).toEqual(['unavailable', '2'])
    expect(JSON.stringify(problem)).not.toMatch(/5432|terminated|shutting/)
  })

  test('keeps the status of what the framework and the body parsers refuse', () => {
    expect(toProblem(new NotFoundException('Cannot GET /x'), () => undefined)).toMatchObject({ code: 'not-found' })
    const tooLarge = Object.assign(new Error('request entity too large'), { type: 'entity.too.large', status: 413 })
    expect(toProblem(tooLarge, () => undefined)).toMatchObject({ code: 'payload-too-large' })
  })

  test('is not believed when it only claims a status', () => {
    expect(toProblem(Object.assign(new Error('x'), { status: 404 }), () => undefined)).toMatchObject({
      code: 'internal',
    })
  })
})
