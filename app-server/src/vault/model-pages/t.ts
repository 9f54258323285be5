// Says what is said about keys of language models.
import { translator } from '../../platform/html/language.js'
import { ja } from './words.ja.js'

export const t = translator(ja)
