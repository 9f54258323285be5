// Says what the pages of the chat say.
import { translator } from '../platform/html/language.js'
import { ja } from './words.ja.js'

export const t = translator(ja)
