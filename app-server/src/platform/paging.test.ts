// Cursors are opaque, and a crafted one is refused before it reaches the database.
import { describe, expect, test } from '@jest/globals'
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { fromCursor, toCursor, toPage } from './paging.js'

const position = z.tuple([z.string().max(50), z.uuid()])
const id = '019a0000-0000-7000-8000-000000000000'

describe('a cursor', () => {
  test('comes back as the position it was made from', () => {
    expect(fromCursor(toCursor(['Tea', id]), position)).toEqual(['Tea', id])
    expect(fromCursor(undefined, position)).toBeUndefined()
  })

  test.each([
    ['not base64', '%%%'],
    ['not JSON', Buffer.from('nonsense').toString('base64url')],
    ['of another shape', toCursor([1, 2, 3])],
    ['with SQL in it', toCursor(['x', "' OR 1=1 --"])],
    ['empty', ''],
  ])('that is %s is refused with what to do', (_what, cursor) => {
    expect(() => fromCursor(cursor, position)).toThrow(Problem)
  })
})

describe('a page', () => {
  test('has a next cursor only when there is more', () => {
    const rows = [{ n: 1 }, { n: 2 }, { n: 3 }]
    expect(toPage(rows, 3, ({ n }) => [n])).toEqual({ items: rows, next_cursor: null })
    const page = toPage(rows, 2, ({ n }) => [n])
    expect(page.items).toEqual([{ n: 1 }, { n: 2 }])
    expect(fromCursor(page.next_cursor ?? '', z.tuple([z.number()]))).toEqual([2])
  })
})
