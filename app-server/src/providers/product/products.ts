// How a product is read and shown.
import { z } from 'zod'
import { lookup } from '../../platform/database/lookup.js'
import { formatMoney } from '../money.js'

export interface Product {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly category: string
  /** bigint: the driver gives it as text. */
  readonly price_minor: string
  readonly currency: string
  readonly stock: number
}

export const productColumns = 'id, title, description, category, price_minor, currency, stock'

/** A product for sale. */
export const findProduct = lookup<Product>(
  'product',
  `SELECT ${productColumns} FROM products WHERE id = ANY($1::uuid[]) AND active`,
)

export const productOutput = z.object({
  id: z.string().describe('The id of the product, for product.get and order.create.'),
  title: z.string(),
  description: z.string().describe('What it is.'),
  category: z.string().describe('What kind of thing it is.'),
  price: z.string().describe('The price of one as people write it, e.g. "JPY 480".'),
  price_minor: z.number().int().describe("The same price as a whole number of the currency's smallest unit."),
  currency: z.string().describe('ISO 4217 code of the currency.'),
  stock: z.number().int().describe('How many there are; 0 is sold out.'),
})

export function showProduct(product: Product): z.input<typeof productOutput> {
  const priceMinor = Number(product.price_minor)
  return {
    id: product.id,
    title: product.title,
    description: product.description,
    category: product.category,
    price: formatMoney(priceMinor, product.currency),
    price_minor: priceMinor,
    currency: product.currency,
    stock: product.stock,
  }
}
