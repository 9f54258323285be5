// Says what the audit log says to people.
import { translator } from '../platform/html/language.js'
import { ja } from './words.ja.js'

export const t = translator(ja)
