// Puts the providers' sample data into an empty development database, once, so that the first call shows something real.
import type { MigrationInterface, QueryRunner } from 'typeorm'
import type { Database } from '../platform/database/database.js'
import type { Provider } from './provider.js'

export class SampleDataRuns1763600004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE TABLE sample_data_runs (provider text PRIMARY KEY, at timestamptz NOT NULL DEFAULT now())',
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sample_data_runs')
  }
}

/** Fills in what has not been filled in before; several starters may call it together. */
export async function addSampleData(database: Database, providers: readonly Provider[]): Promise<void> {
  for (const provider of providers) {
    if (!provider.sampleData) continue
    await database.transaction(async (sql) => {
      const first = await sql.query(
        'INSERT INTO sample_data_runs (provider) VALUES ($1) ON CONFLICT DO NOTHING RETURNING provider',
        [provider.id],
      )
      if (first.length > 0) await provider.sampleData?.(sql)
    })
  }
}
