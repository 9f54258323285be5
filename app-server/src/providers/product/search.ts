// product.search: products whose words match.
import { z } from 'zod'
import { fromCursor, pageInput, pageOutput, toPage } from '../../platform/paging.js'
import { positionId, text } from '../inputs.js'
import { defineTool } from '../provider.js'
import { type Product, productColumns, productOutput, showProduct } from './products.js'

/** Words of a query that are looked for; further ones could only narrow what is found. */
const maxWords = 12

const position = z.tuple([positionId])

export const searchTool = defineTool({
  name: 'product.search',
  title: 'Search products',
  description:
    'Finds products for sale with price and stock. Every word of query must occur in title, category or description; without query all products are listed. Titles are in English, so try a shorter or more general word when nothing is found. Order what was found with order.create.',
  scope: 'product:read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({
    query: text({ max: 200 })
      .optional()
      .describe('Words to look for, in any order; parts of words count, capitals do not. No wildcards.'),
    in_stock: z.boolean().default(false).describe('True leaves out what is sold out.'),
    ...pageInput,
  }),
  output: z.object({
    products: z.array(productOutput).describe('What was found, always in the same order.'),
    ...pageOutput,
  }),
  async run(input, { database }) {
    const words = (input.query ?? '').split(/\s+/u).filter(Boolean).slice(0, maxWords)
    const after = fromCursor(input.cursor, position)
    // strpos takes every character as it is: a query can hold no pattern, and its cost is linear.
    const rows = await database.query<Product>(
      `SELECT ${productColumns} FROM products
        WHERE active AND (stock > 0 OR NOT $1)
          AND NOT EXISTS (
            SELECT FROM unnest($2::text[]) AS w (word) WHERE strpos(search_text, lower(normalize(w.word, NFKC))) = 0)
          AND ($3::uuid IS NULL OR id > $3)
        ORDER BY id LIMIT $4`,
      [input.in_stock, words, after?.[0] ?? null, input.limit + 1],
    )
    const { items, next_cursor } = toPage(rows, input.limit, (row) => [row.id])
    return { products: items.map(showProduct), next_cursor }
  },
})
