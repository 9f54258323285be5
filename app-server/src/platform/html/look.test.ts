// Tests of the look's own numbers: text and its ground differ as much as WCAG 2.2 AA asks, by day and by night.
import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'

const css = readFileSync(new URL('../../../assets/sekisho.css', import.meta.url), 'utf8')
const tokens = new Map(
  [...css.matchAll(/--([a-z-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }],
  ),
)

/** Relative luminance (WCAG 2.2, definitions). */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((start) => Number.parseInt(color.slice(start, start + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

const grounds = ['paper', 'sheet', 'sunk']
const texts = ['ink', 'ink-soft', 'seal-ink', 'indigo', 'moss', 'ochre']
const pairs = [
  ...texts.flatMap((text) => grounds.map((ground) => [text, ground, 4.5] as const)),
  ['indigo', 'indigo-wash', 4.5] as const,
  ['moss', 'moss-wash', 4.5] as const,
  ['ochre', 'ochre-wash', 4.5] as const,
  ['seal-ink', 'seal-wash', 4.5] as const,
  ['ink', 'seal-wash', 4.5] as const,
  // Edges of inputs and buttons need less (1.4.11).
  ...grounds.map((ground) => ['rule-strong', ground, 3] as const),
]

describe.each(['light', 'dark'] as const)('by %s', (mode) => {
  test.each(pairs)('%s stands out on %s', (text, ground, least) => {
    const [one, other] = [tokens.get(text)?.[mode], tokens.get(ground)?.[mode]]
    expect(one).toBeDefined()
    expect(contrast(one ?? '', other ?? '')).toBeGreaterThanOrEqual(least)
  })

  test('the seal carries its sign', () => {
    expect(contrast('#fffdf8', tokens.get('seal')?.[mode] ?? '')).toBeGreaterThanOrEqual(4.5)
  })
})

test('every colour in use is a token, so that no page is forgotten at night', () => {
  const chat = readFileSync(new URL('../../../assets/chat.css', import.meta.url), 'utf8')
  for (const rules of [css.slice(css.indexOf('/* The ground */')), chat]) {
    expect(rules.match(/#[0-9a-f]{3,8}\b/gi) ?? []).toEqual([])
  }
})
