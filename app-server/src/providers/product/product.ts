// What is for sale: products with price and stock.
import { defineProvider } from '../provider.js'
import { getTool } from './get.js'
import { addProductSamples } from './sample.js'
import { ProductTable1763600010000 } from './schema.js'
import { searchTool } from './search.js'
import { ja as japanese } from './words.ja.js'

export const product = defineProvider({
  id: 'product',
  title: 'Products',
  description: 'Look up what is for sale, with price and stock.',
  japanese,
  scopes: {
    'product:read': { allows: 'see products, prices and stock', access: 'read' },
  },
  tools: [searchTool, getTool],
  migrations: [ProductTable1763600010000],
  sampleData: addProductSamples,
})
