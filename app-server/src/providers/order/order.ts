// Orders of products: prices as they were, stock that never goes below zero. Needs the product provider beside it.
import { defineProvider } from '../provider.js'
import { cancelTool } from './cancel.js'
import { createTool } from './create.js'
import { getTool } from './get.js'
import { listTool } from './list.js'
import { OrderTables1763600012000 } from './schema.js'
import { ja as japanese } from './words.ja.js'

export const order = defineProvider({
  id: 'order',
  title: 'Orders',
  description: 'Order products and look at your orders.',
  japanese,
  scopes: {
    'order:create': { allows: 'order products in your name and cancel your orders', access: 'write' },
    'order:read': { allows: 'see your orders', access: 'read' },
  },
  tools: [createTool, getTool, listTool, cancelTool],
  migrations: [OrderTables1763600012000],
})
