// What of a Markdown text can be read in good time: a reader of Markdown pairs signs, in time that grows with their square.

/** Characters that are read as Markdown; what comes behind them is shown as it is written. */
export const maxMarkdownLength = 100_000

/** Blank lines and beginnings or ends of formulas: each costs as much as a hundred characters, or more. */
export const maxCostly = 3_000
const costly = /(?<=\n)[ \t\r]*\n|\$+|\\[([]/g

/** How much of a text is read; when it grows, no less. */
export function readableLength(text: string): number {
  let count = 0
  for (const { index } of text.slice(0, maxMarkdownLength).matchAll(costly)) if (++count > maxCostly) return index
  return Math.min(text.length, maxMarkdownLength)
}

/** Most of each in one region, i.e. in lines without a blank one between them. */
const limits = {
  length: 40_000,
  /** Signs that begin or end emphasis, links and what is struck out. */
  signs: 3_000,
  /** Runs of signs that enclose code or formulas. */
  runs: 1_000,
  /** Different lengths of those of code; each may be looked for through the whole region. */
  runLengths: 8,
  underlines: 100,
  rows: 1_000,
}

const maxColumns = 100

/** Beginnings of lists and quotations within one another on one line. */
const tooDeep = /^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))){30}/
/** As deep as it likes, for indented lines are no code of their own. */
const fence = /^[ \t]*(`{3,}(?=[^`]*$)|~{3,}|\$\$(?=[^$]*$)|\\\[(?!.*\\\]))/

export interface Region {
  source: string
  readonly readable: boolean
}

/** What seems to stand between fences is hardly read at all; but only reading it all tells what really does. */
const shareInFences = 1 / 5

/** The text in pieces that can be read, as large as they may be, and pieces that cannot. */
export function regionsOf(text: string): Region[] {
  const regions: Region[] = []
  let source = ''
  let load = new Load()
  let closing: string | undefined
  const end = () => {
    const last = regions.at(-1)
    const { readable } = load
    if (last?.readable && readable) last.source += source
    else if (source !== '') regions.push({ source, readable })
    source = ''
    load = new Load()
  }
  for (const [line] of text.matchAll(/[^\n]*\n|[^\n]+$/g)) {
    source += line
    const mark = fence.exec(line)?.[1]
    if (closing !== undefined) {
      if (closes(line, closing)) closing = undefined
      load.add(line, shareInFences)
      continue
    }
    closing = mark
    load.add(line, 1)
    if (line.trim() === '') end()
  }
  end()
  return regions
}

/** Code ends with a line of the signs it began with, a formula anywhere in a line. */
function closes(line: string, opened: string): boolean {
  if (opened === '$$') return line.includes('$$')
  if (opened === '\\[') return line.includes('\\]')
  return line.trim().startsWith(opened) && new Set(line.trim()).size === 1
}

/** What reading one region has to bear. */
class Load {
  private length = 0
  private signs = 0
  private runs = 0
  private readonly runLengths = new Set<string>()
  private underlines = 0
  private rows = 0
  private odd = false

  add(line: string, share: number): void {
    const runs = line.match(/`+|\$+|\\[([]/g) ?? []
    const columns = line.match(/\|/g)?.length ?? 0
    this.length += line.length * share
    this.signs += (line.match(/[*_~[\]]/g)?.length ?? 0) * share
    this.runs += runs.length * share
    for (const run of runs) if (run.startsWith('`')) this.runLengths.add(run)
    this.underlines += /^[ \t]*(?:=+|-+)\s*$/.test(line) ? share : 0
    this.rows += columns > 0 ? share : 0
    this.odd ||= columns > maxColumns / share || tooDeep.test(line)
  }

  get readable(): boolean {
    return (
      !this.odd &&
      this.length <= limits.length &&
      this.signs <= limits.signs &&
      this.runs <= limits.runs &&
      this.runLengths.size <= limits.runLengths &&
      this.underlines <= limits.underlines &&
      this.rows <= limits.rows
    )
  }
}
