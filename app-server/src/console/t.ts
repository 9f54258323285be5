// Says what the home page says.
import { translator } from '../platform/html/language.js'
import { ja } from './words.ja.js'

export const t = translator(ja)
