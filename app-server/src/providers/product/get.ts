// product.get: one product.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { id } from '../inputs.js'
import { defineTool } from '../provider.js'
import { findProduct, productOutput, showProduct } from './products.js'

export const getTool = defineTool({
  name: 'product.get',
  title: 'Show a product',
  description: 'Shows one product with its present price and stock. Get product_id from product.search.',
  scope: 'product:read',
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject({ product_id: id('The id of the product, from product.search.') }),
  output: z.object({ product: productOutput.describe('The product as it is now.') }),
  async run(input, { database }) {
    const product = await findProduct(database, input.product_id)
    if (!product) {
      throw new Problem(
        'not-found',
        `There is no product ${input.product_id} for sale. Call product.search for those there are.`,
      )
    }
    return { product: showProduct(product) }
  },
})
