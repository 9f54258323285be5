// An address says what is looked for; what was typed wrongly is told, and nothing crafted gets further.
import { describe, expect, test } from '@jest/globals'
import { toCursor } from '../platform/paging.js'
import { auditLink, readAuditQuery } from './audit-query.js'

describe('what an address asks for', () => {
  test('is everything when it says nothing', () => {
    expect(readAuditQuery({})).toMatchObject({ filter: {}, faults: {}, before: undefined })
  })

  test('is read field by field, without the spaces around', () => {
    const { filter, faults, typed } = readAuditQuery({
      person: ' mika@example.com ',
      tool: 'booking.create',
      kind: 'call',
      outcome: 'refused',
      reason: 'insufficient-scope',
      from: '2026-11-20',
      to: '2026-11-20T08:30:00+09:00',
    })
    expect(faults).toMatchObject({ to: 'This is before the beginning.' })
    expect(typed.person).toBe('mika@example.com')
    expect(filter).toEqual({
      tool: 'booking.create',
      kind: 'call',
      outcome: 'refused',
      reason: 'insufficient-scope',
      from: new Date('2026-11-20T00:00:00Z'),
      to: new Date('2026-11-19T23:30:00Z'),
    })
  })

  test('a day as the end has all its hours', () => {
    const { filter, faults } = readAuditQuery({ from: '2026-11-20', to: '2026-11-20' })
    expect(faults).toEqual({})
    expect(filter.to).toEqual(new Date('2026-11-21T00:00:00Z'))
  })

  test.each([
    ['kind', 'everything'],
    ['kind', 'constructor'],
    ['outcome', 'toString'],
    ['from', 'yesterday'],
    ['from', '2026-13-40'],
    ['from', '-271821-04-20'],
    ['to', '9999-12-31'],
    ['to', '2026-11-20T08:00'],
  ])('%s = %s is a fault that is told', (name, value) => {
    const { faults, filter, typed } = readAuditQuery({ [name]: value })
    expect(Object.keys(faults)).toEqual([name])
    expect(filter).toEqual({})
    expect(typed[name as 'kind']).toBe(value)
  })

  test('neither lists nor zero bytes nor endless texts get through', () => {
    const { typed } = readAuditQuery({ tool: ['a', 'b'], reason: 'a\u0000b', person: 'x'.repeat(9_000) })
    expect(typed).toMatchObject({ tool: '', reason: 'ab' })
    expect(typed.person).toHaveLength(2_000)
  })
})

describe('a link', () => {
  const before = { at: new Date('2026-11-20T08:00:00.123Z'), id: '019a1fa4-6b2f-775f-8c88-fb05f9696f00' }

  test('says what was looked for, and where the next page begins, so that it can be shared', () => {
    const link = auditLink('/admin/audit', { tool: 'a&b', person: '' }, before)
    const read = readAuditQuery(Object.fromEntries(new URL(link, 'http://x').searchParams))
    expect(read).toMatchObject({ filter: { tool: 'a&b' }, before })
  })

  test.each([
    '{',
    toCursor(['2026-11-20T08:00:00.123Z']),
    toCursor(['now', before.id]),
    toCursor([before.at.toISOString(), "' OR true"]),
  ])('with a position that is none of ours is refused: %s', (cursor) => {
    expect(() => readAuditQuery({ before: cursor })).toThrow('cursor is not one')
  })
})
