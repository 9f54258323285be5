// Says what the page kit says.
import { translator } from './language.js'
import { ja } from './words.ja.js'

export const t = translator(ja)
