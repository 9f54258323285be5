// Products of a small café and salon, so that the first search of a fresh development database finds something.
import type { Sql } from '../../platform/database/database.js'

/** Category, title, price in yen, stock, description. The row's number becomes the last part of its id. */
const rows: readonly (readonly [string, string, number, number, string])[] = [
  [
    'Coffee beans',
    'Komorebi House Blend, 200 g',
    1480,
    40,
    'Our café blend: Brazil and Guatemala, medium roast, nuts and cocoa.',
  ],
  [
    'Coffee beans',
    'Ethiopia Guji Natural, 200 g',
    1980,
    18,
    'Light roast with blueberry and jasmine. Best as pour-over.',
  ],
  [
    'Coffee beans',
    'Night Train Decaf, 200 g',
    1680,
    12,
    'Decaffeinated in the mountain-water process, medium-dark roast.',
  ],
  ['Tea', 'Uji Sencha First Flush, 80 g', 1350, 25, 'Green tea from Uji, first harvest of the year, fresh and grassy.'],
  ['Tea', 'Roasted Hojicha, 100 g', 980, 30, 'Low in caffeine, toasty and mild; good in the evening, also with milk.'],
  [
    'Brewing',
    'Ceramic Dripper for One to Two Cups',
    2640,
    9,
    'White Mino-ware dripper. Takes cone-shaped paper filters.',
  ],
  ['Brewing', 'Paper Filters, Pack of 100', 520, 120, 'Unbleached cone filters for one to two cups.'],
  [
    'Tableware',
    'Hand-Thrown Mug, Indigo',
    3800,
    4,
    'Thrown by a potter in our town; holds 280 ml. Each one differs a little.',
  ],
  ['Tableware', 'Matcha Bowl, Ash Glaze', 6200, 0, 'Sold out for now: the next kiln firing brings new ones.'],
  ['Sweets', 'Yuzu Pound Cake', 1850, 6, 'Whole cake of 450 g with candied yuzu peel. Keeps for a week.'],
  [
    'Hair care',
    'Camellia Hair Oil, 60 ml',
    2200,
    22,
    'Cold-pressed camellia oil from the Goto islands, without fragrance.',
  ],
  [
    'Hair care',
    'Hinoki Shampoo, 300 ml',
    2750,
    15,
    'Mild shampoo with the scent of Japanese cypress, as used in our salon.',
  ],
]

export async function addProductSamples(sql: Sql): Promise<void> {
  for (const [index, [category, title, price, stock, description]] of rows.entries()) {
    await sql.query(
      `INSERT INTO products (id, category, title, price_minor, currency, stock, description)
       VALUES ($1, $2, $3, $4, 'JPY', $5, $6)`,
      [sampleId(index + 1), category, title, price, stock, description],
    )
  }
}

/** The same in every development database, so that an example keeps working. */
function sampleId(number: number): string {
  return `5e415100-0000-4000-8000-${String(number).padStart(12, '0')}`
}
