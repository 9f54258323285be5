// The Markdown that writing tools take.
import { text } from '../inputs.js'

export const contentInput = text({ max: 100_000 }).describe(
  'Markdown: headings, lists (nested too), - [ ] to-dos, tables, ``` code with a language, > quotes, > [!TIP] callouts (NOTE, TIP, IMPORTANT, WARNING, CAUTION), <details><summary>toggles</summary> … </details>, --- dividers, ```math equations, ![images](https://…), [bookmark: words](https://…). At most 1,000 blocks.',
)
