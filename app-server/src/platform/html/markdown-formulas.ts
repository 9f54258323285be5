// Formulas in Markdown: what stands between `$…$`, `$$…$$`, `\(…\)` or `\[…\]` is TeX, and no Markdown is looked for in it.
import type { fromMarkdown, Extension as TreeExtension } from 'mdast-util-from-markdown'
import type { Code, Construct, Extension, State, Token, TokenizeContext } from 'micromark-util-types'

declare module 'micromark-util-types' {
  interface TokenTypeMap {
    formula: 'formula'
    displayFormula: 'displayFormula'
    /** What a formula begins with, and ends with. */
    formulaStart: 'formulaStart'
    formulaEnd: 'formulaEnd'
    formulaData: 'formulaData'
  }
}

/** Its TeX, and where it stands, as all nodes have it. */
interface Tex {
  value: string
  position?: ReturnType<typeof fromMarkdown>['position']
  data?: undefined
}

/** In a line. */
export interface Formula extends Tex {
  type: 'formula'
  /** Whether it was written to stand on a line of its own. */
  display: boolean
}

/** In lines of its own. */
export interface DisplayFormula extends Tex {
  type: 'displayFormula'
  /** What has not ended yet is not set yet either. */
  ended: boolean
}

declare module 'mdast' {
  interface PhrasingContentMap {
    formula: Formula
  }
  interface RootContentMap {
    formula: Formula
    displayFormula: DisplayFormula
  }
}

// Signs as micromark has them: as their character codes.
const dollar = 36
const openParenthesis = 40
const closeParenthesis = 41
const openBracket = 91
const backslash = 92
const closeBracket = 93

const isLineEnd = (code: Code) => code !== null && code < -2
const isSpace = (code: Code) => code === -2 || code === -1 || code === 32
const isDigit = (code: Code) => code !== null && code >= 48 && code <= 57
/** `.` `,` `;` `:` `。` `、` */
const isPunctuation = (code: Code) => code !== null && [46, 44, 59, 58, 0x3002, 0x3001].includes(code)

/** Without any of these signs it is words that stand between brackets. */
const texSigns = new Set([...'\\^_=+<>{}'].map((sign) => sign.charCodeAt(0)))

/** In a line, or over several of one paragraph. */
const formula: Construct = {
  name: 'formula',
  // A run of dollars is looked at from its beginning.
  previous(code) {
    return code !== dollar || this.events.at(-1)?.[1].type === 'characterEscape'
  },
  tokenize(effects, ok, nok) {
    let opener: Code
    let dollars = 0
    let ending: Token | undefined
    let endingDollars = 0
    let last: Code = null
    let isEmpty = true
    let hasSign = false

    return start

    function start(code: Code): State | undefined {
      effects.enter('formula')
      effects.enter('formulaStart')
      if (code === dollar) return openingDollars(code)
      effects.consume(code)
      return openingBracket
    }

    function openingDollars(code: Code): State | undefined {
      if (code === dollar) {
        if (++dollars > 2) return nok(code)
        effects.consume(code)
        return openingDollars
      }
      opener = dollar
      return opened(code)
    }

    function openingBracket(code: Code): State | undefined {
      if (code !== openParenthesis && code !== openBracket) return nok(code)
      opener = code
      effects.consume(code)
      return opened
    }

    function opened(code: Code): State | undefined {
      effects.exit('formulaStart')
      if (dollars === 1 && (isSpace(code) || isLineEnd(code))) return nok(code)
      return inside(code)
    }

    function inside(code: Code): State | undefined {
      if (code === null) return nok(code)
      if (isLineEnd(code)) {
        effects.enter('lineEnding')
        consume(code)
        effects.exit('lineEnding')
        return inside
      }
      if (code === backslash) {
        ending = effects.enter('formulaEnd')
        effects.consume(code)
        return afterBackslash
      }
      if (code === dollar && opener === dollar) {
        if (isEmpty || (dollars === 1 && (isSpace(last) || isLineEnd(last)))) return nok(code)
        effects.enter('formulaEnd')
        return closingDollars(code)
      }
      effects.enter('formulaData')
      return data(code)
    }

    function data(code: Code): State | undefined {
      if (code === null || isLineEnd(code) || code === backslash || (code === dollar && opener === dollar)) {
        effects.exit('formulaData')
        return inside(code)
      }
      consume(code)
      return data
    }

    function afterBackslash(code: Code): State | undefined {
      if (code === opener && opener !== dollar) return nok(code)
      if (code === (opener === openParenthesis ? closeParenthesis : closeBracket) && opener !== dollar) {
        // Brackets around words were written so that they are no link.
        if (isEmpty || (opener === openBracket && !hasSign)) return nok(code)
        effects.consume(code)
        return ended
      }
      if (ending) ending.type = 'formulaData'
      isEmpty = false
      hasSign = true
      last = backslash
      if (code !== null && !isLineEnd(code)) consume(code)
      effects.exit('formulaData')
      return code === null || isLineEnd(code) ? inside(code) : inside
    }

    function closingDollars(code: Code): State | undefined {
      if (code === dollar) {
        endingDollars++
        effects.consume(code)
        return closingDollars
      }
      // `$5/$10` are two prices.
      if (endingDollars !== dollars || (dollars === 1 && isDigit(code))) return nok(code)
      return ended(code)
    }

    function ended(code: Code): State | undefined {
      effects.exit('formulaEnd')
      effects.exit('formula')
      return ok(code)
    }

    function consume(code: Code): void {
      effects.consume(code)
      last = code
      isEmpty &&= isSpace(code) || isLineEnd(code)
      hasSign ||= code !== null && texSigns.has(code)
    }
  },
}

/** A line that begins another formula ends one whose end was forgotten. */
const nextLine: Construct = {
  partial: true,
  tokenize(effects, ok, nok) {
    return (code) => {
      effects.enter('lineEnding')
      effects.consume(code)
      effects.exit('lineEnding')
      return (first) => (this.parser.lazy[this.now().line] ? nok(first) : effects.check(bracketOpening, nok, ok)(first))
    }
  },
}

const bracketOpening: Construct = {
  partial: true,
  tokenize(effects, ok, nok) {
    effects.enter('data')
    return spaces

    function spaces(code: Code): State | undefined {
      if (code !== backslash && !isSpace(code)) return nok(code)
      effects.consume(code)
      return code === backslash ? bracket : spaces
    }

    function bracket(code: Code): State | undefined {
      if (code !== openBracket) return nok(code)
      effects.consume(code)
      effects.exit('data')
      return ok
    }
  },
}

/**
 * Between `$$` and `$$` or `\[` and `\]`, in one line or, as code between fences, in as many as come. Its first line
 * says whether it is one, as whatever may stand behind a paragraph must.
 */
const displayFormula: Construct = {
  name: 'displayFormula',
  concrete: true,
  tokenize(effects, ok, nok) {
    const self: TokenizeContext = this
    let byDollars = false
    let isFirstLine = true
    let ending: Token | undefined
    let depth = 0
    let isEmpty = true

    return start

    function start(code: Code): State | undefined {
      byDollars = code === dollar
      effects.enter('displayFormula')
      effects.enter('formulaStart')
      effects.consume(code)
      return second
    }

    function second(code: Code): State | undefined {
      if (code !== (byDollars ? dollar : openBracket)) return nok(code)
      effects.consume(code)
      return opened
    }

    function opened(code: Code): State | undefined {
      effects.exit('formulaStart')
      return byDollars && code === dollar ? nok(code) : inside(code)
    }

    function inside(code: Code): State | undefined {
      if (code === null) return end(code)
      if (isLineEnd(code)) return self.interrupt ? ok(code) : effects.attempt(nextLine, nextInside, end)(code)
      if (code === backslash || (byDollars && code === dollar)) {
        ending = effects.enter('formulaEnd')
        effects.consume(code)
        return code === dollar ? secondDollar : afterBackslash
      }
      effects.enter('formulaData')
      return data(code)
    }

    function nextInside(code: Code): State | undefined {
      isFirstLine = false
      return inside(code)
    }

    function data(code: Code): State | undefined {
      if (code === null || isLineEnd(code) || code === backslash || (byDollars && code === dollar)) {
        effects.exit('formulaData')
        return inside(code)
      }
      if (code === openBracket) depth++
      // A bracket that answers the one of the beginning: `\[1] is no formula`.
      if (code === closeBracket && --depth < 0 && isFirstLine && !byDollars) return nok(code)
      isEmpty &&= isSpace(code)
      effects.consume(code)
      return data
    }

    function secondDollar(code: Code): State | undefined {
      if (code === dollar) return closing(code)
      return isFirstLine ? nok(code) : noEnding(code)
    }

    function afterBackslash(code: Code): State | undefined {
      if (!byDollars && code === closeBracket) return closing(code)
      if (!byDollars && code === openBracket && isFirstLine) return nok(code)
      return noEnding(code)
    }

    function noEnding(code: Code): State | undefined {
      if (ending) ending.type = 'formulaData'
      isEmpty = false
      const isWithin = code !== null && !isLineEnd(code)
      if (isWithin) effects.consume(code)
      effects.exit('formulaData')
      return isWithin ? inside : inside(code)
    }

    function closing(code: Code): State | undefined {
      if (isFirstLine && isEmpty) return nok(code)
      effects.consume(code)
      return closed
    }

    function closed(code: Code): State | undefined {
      effects.exit('formulaEnd')
      if (!isPunctuation(code)) return behind(code)
      effects.enter('formulaData')
      effects.consume(code)
      effects.exit('formulaData')
      return behind
    }

    function behind(code: Code): State | undefined {
      if (code === null || isLineEnd(code)) return end(code)
      if (isSpace(code)) {
        effects.enter('whitespace')
        effects.consume(code)
        effects.exit('whitespace')
        return behind
      }
      if (isFirstLine) return nok(code)
      effects.exit('displayFormula')
      effects.enter('paragraph')
      effects.enter('chunkText', { contentType: 'text' })
      return rest(code)
    }

    /** What follows the end in its line. */
    function rest(code: Code): State | undefined {
      if (code !== null && !isLineEnd(code)) {
        effects.consume(code)
        return rest
      }
      effects.exit('chunkText')
      effects.exit('paragraph')
      return ok(code)
    }

    function end(code: Code): State | undefined {
      effects.exit('displayFormula')
      return ok(code)
    }
  },
}

/** For the reader of Markdown. */
export const formulas: Extension = {
  flow: { [dollar]: displayFormula, [backslash]: displayFormula },
  text: { [dollar]: formula, [backslash]: formula },
}

/** For the tree that is made of what was read. */
export const formulasFromMarkdown: TreeExtension = {
  enter: {
    formula(token) {
      const display = this.sliceSerialize(token).startsWith('\\[')
      this.enter({ type: 'formula', value: '', display }, token)
      this.buffer()
    },
    displayFormula(token) {
      this.enter({ type: 'displayFormula', value: '', ended: false }, token)
      this.buffer()
    },
    formulaData(token) {
      this.config.enter.data?.call(this, token)
    },
  },
  exit: {
    formulaData(token) {
      this.config.exit.data?.call(this, token)
    },
    formulaEnd() {
      // Above it stands what its TeX is collected in.
      const node = this.stack.at(-2)
      if (node?.type === 'displayFormula') node.ended = true
    },
    formula(token) {
      const value = this.resume().trim()
      Object.assign(this.stack.at(-1) as Formula, { value })
      this.exit(token)
    },
    displayFormula(token) {
      const value = this.resume().trim()
      Object.assign(this.stack.at(-1) as DisplayFormula, { value })
      this.exit(token)
    },
  },
}
