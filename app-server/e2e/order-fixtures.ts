// A shop to order from in tests: products with stock, and the calls that move it.
import type { Caller } from '../src/providers/provider.js'
import type { Bench } from './provider-bench.js'

export interface ShownOrder {
  id: string
  status: string
  total: string
  total_minor: number
  line_count: number
  lines: { product_id: string; title: string; quantity: number; unit_price: string; amount_minor: number }[]
}

export class Shop {
  constructor(private readonly bench: Bench) {}

  /** Puts a product on the shelf; gives its id. */
  async sell(stock: number, price = 480, currency = 'JPY', title = 'Coffee'): Promise<string> {
    const [row] = await this.bench.database.query<{ id: string }>(
      `INSERT INTO products (title, description, category, price_minor, currency, stock)
       VALUES ($1, '', 'Things', $2, $3, $4) RETURNING id`,
      [title, price, currency, stock],
    )
    if (!row) throw new Error('a product was not kept')
    return row.id
  }

  async stockOf(...ids: string[]): Promise<number[]> {
    const rows = await this.bench.database.query<{ id: string; stock: number }>(
      'SELECT id, stock FROM products WHERE id = ANY($1)',
      [ids],
    )
    return ids.map((id) => rows.find((row) => row.id === id)?.stock ?? Number.NaN)
  }

  /** @param quantities by product id, in the order of the lines */
  place(caller: Caller, quantities: Record<string, number>, more = {}) {
    const lines = Object.entries(quantities).map(([product_id, quantity]) => ({ product_id, quantity }))
    return this.bench.call<{ order: ShownOrder; message: string }>(caller, 'order.create', { lines, ...more })
  }

  cancel(caller: Caller, order_id: string) {
    return this.bench.call<{ order: ShownOrder; outcome: string }>(caller, 'order.cancel', { order_id })
  }
}
