// What a file says, in whatever encoding it was saved.
import { expect, test } from '@jest/globals'
import { fileText } from './file-text.js'

const textOf = (data: Buffer) => fileText({ mediaType: 'text/csv', name: 'a.csv', data })?.split('\n\n')[1]

test.each([
  ['UTF-8', Buffer.from('名前,price')],
  ['UTF-8 with a mark', Buffer.from('\ufeff名前,price')],
  ['UTF-16 with a mark', Buffer.from('\ufeff名前,price', 'utf16le')],
  ['Shift_JIS', Buffer.from([0x96, 0xbc, 0x91, 0x4f, ...Buffer.from(',price')])],
])('reads Japanese in %s', (_encoding, data) => {
  expect(textOf(data)).toBe('名前,price')
})

test('reads Latin letters of an old spreadsheet', () => {
  expect(textOf(Buffer.from('Größe;1', 'latin1'))).toBe('Größe;1')
  expect(textOf(Buffer.from([...Buffer.from('don'), 0x92, ...Buffer.from('t pay 5 '), 0x80]))).toBe('don’t pay 5 €')
})

test('is nothing for what is no text', () => {
  expect(fileText({ mediaType: 'image/png', name: 'a.png', data: Buffer.from('x') })).toBeUndefined()
})
