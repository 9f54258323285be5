// Which request ids are kept.
import { expect, test } from '@jest/globals'
import { requestIdOf } from './request-id.js'

test.each(['a', 'A-z_0.9', 'x'.repeat(64)])('keeps the well-formed id %s', (id) => {
  expect(requestIdOf(id)).toBe(id)
})

test.each([undefined, '', 'x'.repeat(65), 'a b', 'a\nb', 'ä', ['a', 'b']])(
  'makes a new one instead of %j',
  (header) => {
    const [first, second] = [requestIdOf(header), requestIdOf(header)]
    expect(first).toMatch(/^[A-Za-z0-9._-]{1,64}$/)
    expect(first).not.toBe(second)
  },
)
