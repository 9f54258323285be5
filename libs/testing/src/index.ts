// What tests of both processes share; nothing here is part of the product.
export { createTestDatabase, type TestDatabase } from './database.js'
