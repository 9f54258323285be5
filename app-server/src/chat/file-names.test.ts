// Tests of file names: whatever somebody called something, it is one name and nothing else.
import { describe, expect, test } from '@jest/globals'
import { disposition, fileNameOf } from './file-names.js'

describe('a file is called', () => {
  test.each([
    ['Plans', 'Plans.md'],
    ['../../etc/passwd', 'etc passwd.md'],
    ['a\r\nSet-Cookie: x', 'a Set-Cookie x.md'],
    ['...', 'room.md'],
    ['', 'room.md'],
    ['予定 <5月>', '予定 5月.md'],
    ['\ud800', '\ufffd.md'],
    ['x'.repeat(300), `${'x'.repeat(80)}.md`],
  ])('%j as %j', (title, name) => {
    expect(fileNameOf(title, 'md')).toBe(name)
  })
})

test('no name ends the header or begins another value', () => {
  for (const name of ['a"; filename="b', "a'b", 'a\r\nb: c', '予定.md', 'a(b)*.txt', '\ud800']) {
    const header = disposition('attachment', name)
    expect(header).toMatch(/^attachment; filename="[A-Za-z0-9._ -]*"; filename\*=UTF-8''[A-Za-z0-9._~!$&+%-]*$/)
  }
  expect(decodeURIComponent(disposition('inline', "予定 '1'.md").split("''")[1] ?? '')).toBe("予定 '1'.md")
})
