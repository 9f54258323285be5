// Brings the database's schema up to date and ends; the app server also does this by itself at every start.
import 'reflect-metadata'
import { allMigrations } from './migrations.js'
import { createDataSource, migrate } from './platform/database/data-source.js'
import { providers } from './providers/index.js'

const databaseUrl = process.env.DATABASE_URL
if (!databaseUrl) {
  console.error('DATABASE_URL must be set: a postgres:// URL of a PostgreSQL 18 database')
  process.exit(78)
}
const dataSource = createDataSource({ databaseUrl, databasePoolSize: 2 }, allMigrations(providers))
await dataSource.initialize()
try {
  await migrate(dataSource)
} finally {
  await dataSource.destroy()
}
