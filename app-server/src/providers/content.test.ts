// What may be shown beside an output, and what may not.
import { describe, expect, test } from '@jest/globals'
import { contentSchema, maxBlocks, maxContentCharacters } from './content.js'

const blocks = [
  { type: 'text', text: 'Three places are left.' },
  { type: 'image', data: 'aGVsbG8=', mimeType: 'image/png' },
  { type: 'audio', data: 'aGVsbG8=', mimeType: 'audio/wav; rate=8000' },
  { type: 'resource_link', uri: 'https://example.test/a?b=c', name: 'a', title: 'A', mimeType: 'image/svg+xml' },
  { type: 'resource', resource: { uri: 'urn:example:text', mimeType: 'text/plain', text: 'x' } },
  { type: 'resource', resource: { uri: 'file:///a.bin', blob: 'aGVsbG8=' } },
]

describe('blocks', () => {
  test('of every kind pass as they are', () => {
    expect(contentSchema.parse(blocks)).toEqual(blocks)
  })

  test.each([
    ['of no kind', { type: 'video', data: 'aGVsbG8=', mimeType: 'video/mp4' }],
    ['without what its kind needs', { type: 'image', mimeType: 'image/png' }],
    ['with bytes that are not in base64', { type: 'image', data: 'hello!', mimeType: 'image/png' }],
    ['with base64 for URLs', { type: 'audio', data: '-_-_', mimeType: 'audio/wav' }],
    ['of a media type that is none', { type: 'image', data: 'aGVsbG8=', mimeType: 'png' }],
    ['of a media type with a line break', { type: 'image', data: 'aGVsbG8=', mimeType: 'image/png\r\nx: y' }],
    ['that links to a relative address', { type: 'resource_link', uri: '/places', name: 'places' }],
    ['that is both text and bytes', { type: 'resource', resource: { uri: 'urn:x:y', text: 'x', blob: 'aGVsbG8=' } }],
    ['that is neither', { type: 'resource', resource: { uri: 'urn:x:y' } }],
  ])('%s are refused', (_what, block) => {
    expect(contentSchema.safeParse([block]).success).toBe(false)
  })

  test('carry no members that are not of their kind', () => {
    expect(contentSchema.parse([{ type: 'text', text: 'x', inner: 1 }])).toEqual([{ type: 'text', text: 'x' }])
  })

  test('are limited in number and in size, all together', () => {
    const takes = (content: unknown[]) => contentSchema.safeParse(content).success
    const text = (length: number) => ({ type: 'text', text: 'x'.repeat(length) })
    expect(takes(Array(maxBlocks).fill(text(1)))).toBe(true)
    expect(takes(Array(maxBlocks + 1).fill(text(1)))).toBe(false)
    const half = maxContentCharacters / 2
    const image = { type: 'image', data: 'A'.repeat(half), mimeType: 'image/png' }
    expect(takes([text(half), image])).toBe(true)
    expect(takes([text(half + 1), image])).toBe(false)
    const file = { type: 'resource', resource: { uri: 'urn:x:y', blob: 'A'.repeat(half) } }
    expect(takes([text(half), file])).toBe(true)
    expect(takes([text(1), image, file])).toBe(false)
  })
})
