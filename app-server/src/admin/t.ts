// Says what the admin pages say.
import { translator } from '../platform/html/language.js'
import { ja } from './words.ja.js'

export const t = translator(ja)
