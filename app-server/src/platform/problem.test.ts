// No inner word of an unexpected failure reaches a caller.

import { describe, expect, test } from '@jest/globals'
import { NotFoundException } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
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
