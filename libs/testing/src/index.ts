// What tests of both processes share; nothing here is part of the product.
export { createTestDatabase, type TestDatabase } from './database.js'
export { type FormOnPage, formsOf, type Page, Person, signIn } from './person.js'
export { eventually, freePort } from './ports.js'
