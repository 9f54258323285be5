// Says what stands in every mail.
import { translator } from '../platform/html/language.js'
import { ja } from './words.ja.js'

export const t = translator(ja)
