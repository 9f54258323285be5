// Tests of every room's catalogue: both languages are well formed, and name the same arguments and the same tags.
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { type MessageFormatElement, parse, TYPE } from '@formatjs/icu-messageformat-parser'
import { beforeAll, describe, expect, test } from '@jest/globals'

const source = new URL('../../', import.meta.url).pathname
const files = globSync('**/*.ja.ts', { cwd: source })

/** What a message wants to be given: arguments with their kind (a plural's options differ by language), and tags. */
function wantedBy(elements: readonly MessageFormatElement[]): string[] {
  const wanted = elements.flatMap((element): string[] => {
    switch (element.type) {
      case TYPE.literal:
      case TYPE.pound:
        return []
      case TYPE.tag:
        return [`<${element.value}>`, ...wantedBy(element.children)]
      case TYPE.plural:
      case TYPE.select:
        return [
          `${element.value}:${TYPE[element.type]}`,
          ...Object.values(element.options).flatMap(({ value }) => wantedBy(value)),
        ]
      default:
        return [`${element.value}:${TYPE[element.type]}`]
    }
  })
  return [...new Set(wanted)].sort()
}

/** By its letters, or by its brackets and full-width signs. */
const isJapanese = (text: string) =>
  /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}\u3000-\u303f\uff00-\uffef]/u.test(text)

test('the catalogues are found', () => {
  expect(files).toContain('platform/html/words.ja.ts')
})

describe.each(files)('%s', (file) => {
  let messages: [string, string][] = []

  beforeAll(async () => {
    const { ja } = (await import(join(source, file))) as { ja: Record<string, string> }
    messages = Object.entries(ja)
  })

  test('parses in both languages, and wants the same in both', () => {
    expect(messages.length).toBeGreaterThan(0)
    for (const [english, japanese] of messages) {
      expect([english, wantedBy(parse(japanese))]).toEqual([english, wantedBy(parse(english))])
    }
  })

  test('is Japanese on the one side and is not on the other', () => {
    expect(messages.filter(([english]) => isJapanese(english))).toEqual([])
    // Names and code alone may be the same in both.
    expect(messages.filter(([english, japanese]) => !isJapanese(japanese) && english !== japanese)).toEqual([])
  })

  test('has no space at an end that a sentence would be glued by', () => {
    const glued = messages.flat().filter((text) => text !== text.trim())
    expect(glued).toEqual([])
  })
})

test('no two rooms say the same differently', async () => {
  const said = new Map<string, string>()
  const differing: string[] = []
  for (const file of files) {
    const { ja } = (await import(join(source, file))) as { ja: Record<string, string> }
    for (const [english, japanese] of Object.entries(ja)) {
      const before = said.get(english) ?? japanese
      if (before !== japanese) differing.push(`${english}: ${before} / ${japanese}`)
      said.set(english, before)
    }
  }
  expect(differing).toEqual([])
})
