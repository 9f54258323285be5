// Rendered texts of answers that are complete, kept while they are asked for: rendering a long room anew for each page would be dear.
import { setImmediate as breathe } from 'node:timers/promises'
import { Injectable } from '@nestjs/common'
import { currentLanguage } from '../platform/html/language.js'
import { renderMarkdown } from '../platform/html/markdown.js'
import type { TextRenderer } from './answer-parts.js'
import { partElement } from './paths.js'
import type { TurnSnapshot } from './turn.js'

/** Characters of texts with their HTML. */
const maxKept = 24_000_000

interface Kept {
  readonly text: string
  readonly html: readonly string[]
  readonly size: number
}

@Injectable()
export class RenderedTexts {
  /** The one used last is last. */
  private readonly kept = new Map<string, Kept>()
  private size = 0

  readonly renderer: TextRenderer = (key, text) => {
    const name = `${currentLanguage()} ${key}`
    const known = this.kept.get(name)
    if (known) this.forget(name, known)
    const fresh = known?.text === text ? known : this.render(key, text)
    this.kept.set(name, fresh)
    this.size += fresh.size
    for (const [oldest, one] of this.kept) {
      if (this.size <= maxKept) break
      this.forget(oldest, one)
    }
    return fresh
  }

  /** Renders the texts of several turns, letting others have their turn in between. */
  async prepare(snapshots: readonly TurnSnapshot[]): Promise<void> {
    for (const { turn, parts } of snapshots) {
      for (const part of parts) {
        if (part.kind !== 'text') continue
        this.renderer(partElement(turn.id, part.idx), part.text)
        await breathe()
      }
    }
  }

  private render(key: string, text: string): Kept {
    const { html } = renderMarkdown(text, `${key}-`)
    return { text, html, size: text.length + html.reduce((sum, block) => sum + block.length, 0) }
  }

  private forget(name: string, { size }: Kept): void {
    this.kept.delete(name)
    this.size -= size
  }
}
