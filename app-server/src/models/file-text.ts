// Files as models are given them that cannot take their bytes: texts as what they say, others as a word that they were there.
import type { ModelFile } from './model.js'

const textTypes = /^(text\/[\w.+-]+|application\/(json|xml|yaml|x-yaml|javascript|x-ndjson|[\w.-]+\+(json|xml)))$/

/** The file as text for a model; undefined when it is none. */
export function fileText({ mediaType, data, name }: ModelFile): string | undefined {
  const [type = ''] = mediaType.toLowerCase().split(';')
  return textTypes.test(type.trim()) ? `File ${JSON.stringify(name)}:\n\n${decoded(data)}` : undefined
}

/** Instead of a file that the model takes no bytes of: it can say so, and goes on with the conversation. */
export function unreadableFile({ mediaType, name }: ModelFile): string {
  return `[The file ${JSON.stringify(name)} came with this message, but you cannot read files of the type ${mediaType}. Say so.]`
}

/** UTF-8 unless it is none: then UTF-16 by its mark, Shift_JIS, in which Japanese spreadsheets are saved, or Latin. */
function decoded(data: Buffer): string {
  const text = decodedAs(markOf(data) ?? 'utf-8', data)
  if (text !== undefined) return text
  const japanese = decodedAs('shift_jis', data)
  return japanese && looksJapanese.test(japanese) ? japanese : new TextDecoder('windows-1252').decode(data)
}

/** Latin letters beyond ASCII can pass for Shift_JIS, but not for kana or for words of ideographs. */
const looksJapanese = /[\p{Script=Hiragana}ァ-ヶ]|\p{Script=Han}{2}/u

/** Undefined when it is none of it. */
function decodedAs(encoding: string, data: Buffer): string | undefined {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(data)
  } catch {
    return undefined
  }
}

function markOf([first, second]: Buffer): string | undefined {
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  return first === 0xfe && second === 0xff ? 'utf-16be' : undefined
}
