// The emoji before a page's title.
import { text } from '../inputs.js'
import type { Json } from './notion-api.js'

const emoji = /^\p{RGI_Emoji}$/v

export const iconInput = text({ min: 1, max: 32 })
  .refine((given) => emoji.test(given), 'must be one emoji')
  .describe('One emoji to show before the title.')

export function iconOf(given: string): Json {
  return { type: 'emoji', emoji: given }
}
