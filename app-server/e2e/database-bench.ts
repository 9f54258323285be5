// A migrated database of its own for a test that needs nothing else of the app server.
import { createTestDatabase } from '@sekisho/testing'
import type { DataSource } from 'typeorm'
import { createDataSource } from '../src/platform/database/data-source.js'
import { Database } from '../src/platform/database/database.js'

export interface DatabaseBench {
  readonly database: Database
  readonly dataSource: DataSource
  close(): Promise<void>
}

export async function openDatabase(): Promise<DatabaseBench> {
  const testDatabase = await createTestDatabase()
  const dataSource = createDataSource({ databaseUrl: testDatabase.url, databasePoolSize: 10 }, [])
  await dataSource.initialize()
  return {
    database: new Database(dataSource),
    dataSource,
    async close() {
      await dataSource.destroy()
      await testDatabase.drop()
    },
  }
}
