// What the parts of one Markdown text know of each other: where its links lead, and which footnotes it has.
import type { MarkdownBlocks, MarkdownNode, MarkdownNodeOf } from './markdown-blocks.js'

export class MarkdownContext {
  private readonly links = new Map<string, MarkdownNodeOf<'definition'>>()
  private readonly notes = new Map<string, MarkdownNodeOf<'footnoteDefinition'>>()
  /** Those that are referred to, in the order in which that happens first. */
  readonly footnotes: MarkdownNodeOf<'footnoteDefinition'>[] = []
  readonly frame: string

  constructor(
    { blocks, definitions }: MarkdownBlocks,
    readonly idPrefix: string,
  ) {
    for (const definition of definitions) {
      if (definition.type === 'definition') this.links.set(definition.identifier, definition)
      else this.notes.set(definition.identifier, definition)
    }
    if (this.notes.size > 0) {
      for (const { nodes } of blocks) for (const node of nodes ?? []) this.number(node)
    }
    this.frame =
      [...this.links].map(([name, { url }]) => `${name} ${url}`).join(' ') +
      this.footnotes.map(({ identifier }) => identifier).join(' ')
  }

  urlOf(identifier: string): string | undefined {
    return this.links.get(identifier)?.url
  }

  /** From 1; 0 for none. */
  numberOf(identifier: string): number {
    return this.footnotes.findIndex((note) => note.identifier === identifier) + 1
  }

  private number(node: MarkdownNode): void {
    if (node.type === 'footnoteReference') {
      const note = this.notes.get(node.identifier)
      if (note && !this.footnotes.includes(note)) this.footnotes.push(note)
    }
    if ('children' in node) for (const child of node.children) this.number(child)
  }
}
