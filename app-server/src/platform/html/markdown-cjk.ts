// Emphasis beside Chinese, Japanese and Korean text, which has no spaces to tell where it begins and ends: `これは**「強調」**です`.
import { attention } from 'micromark-core-commonmark'
import type { Code, Construct, Extension } from 'micromark-util-types'

const cjk =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\u3000-\u303f\u30fb\u30fc\uff00-\uffef]/u
const space = /\s/

/**
 * CommonMark lets signs begin emphasis only where no punctuation follows them, unless space or punctuation stands before
 * them, and the other way round at its end. Beside such text that must not count, for `**` is written where the words
 * are, and those begin and end with punctuation of their own.
 */
function besideCjk(construct: Construct): Construct {
  return {
    ...construct,
    tokenize(effects, ok, nok) {
      const before = this.previous
      const loosened = (after: Code) => {
        const token = this.events.at(-1)?.[1]
        if (token && (isCjk(before) || isCjk(after))) {
          token._open ||= !isSpace(after)
          token._close ||= !isSpace(before)
        }
        return ok(after)
      }
      return construct.tokenize.call(this, effects, loosened, nok)
    },
  }
}

/** Ends of lines and texts are codes below zero, or none. */
function isSpace(code: Code): boolean {
  return code === null || code < 0 || space.test(String.fromCharCode(code))
}

function isCjk(code: Code): boolean {
  return code !== null && code > 0x10ff && cjk.test(String.fromCharCode(code))
}

/** What `*` and `~` do in an extension, or in CommonMark. `_` is of use in names, where it must go on to do nothing. */
export function emphasisBesideCjk({ text }: Extension): Extension {
  return { text: { 42: besideCjk(attention), 126: [text?.[126] ?? []].flat().map(besideCjk) } }
}
