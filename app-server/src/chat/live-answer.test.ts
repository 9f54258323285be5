// Tests of what a page is told of an answer that changes: put together, it is the answer.
import { describe, expect, test } from '@jest/globals'
import { changeOf } from './live-answer.js'

/** What assets/chat-stream.js does with a change. */
class Shown {
  blocks: string[]
  private last: string

  constructor(blocks: readonly string[]) {
    this.blocks = [...blocks]
    this.last = blocks.at(-1) ?? ''
  }

  take(change: ReturnType<typeof changeOf>): void {
    if (!change) return
    for (const { index, from, html } of change.blocks) {
      const whole = from === 0 ? html : this.last.slice(0, from) + html
      this.blocks[index] = whole
      if (index === change.count - 1) this.last = whole
    }
    this.blocks = this.blocks.slice(0, change.count)
  }
}

describe('changes of blocks', () => {
  test('tell of a block that grew only what was added', () => {
    expect(changeOf(['a', '<p>one'], ['a', '<p>one two'])).toEqual({
      count: 2,
      blocks: [{ index: 1, from: 6, html: ' two' }],
    })
  })

  test('are none when nothing changed', () => {
    expect(changeOf(['a', 'b'], ['a', 'b'])).toBeUndefined()
  })

  test('one after the other make the page what it should be, whatever changes', () => {
    let state = 5
    const random = (below: number) => {
      state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296
      return state % below
    }
    let blocks: string[] = ['<p>a</p>']
    const shown = new Shown(blocks)
    for (let step = 0; step < 3_000; step++) {
      const next = [...blocks]
      const what = random(6)
      if (what < 3 && next.length > 0) next[next.length - 1] += 'あ😀x'.slice(random(4))
      else if (what === 3) next.push(`<p>${random(100)}</p>`)
      else if (what === 4 && next.length > 1) next.pop()
      else if (next.length > 0) next[random(next.length)] = `<b>${random(100)}</b>`
      shown.take(changeOf(blocks, next))
      blocks = next
      expect(shown.blocks).toEqual(blocks)
    }
  })
})
