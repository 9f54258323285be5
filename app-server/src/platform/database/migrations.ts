// The tables of the platform itself.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class IdempotencyKeys1763600000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE idempotency_keys (
        owner_id uuid NOT NULL,
        operation text NOT NULL,
        key text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),
        arguments_digest bytea NOT NULL,
        result jsonb,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (owner_id, operation, key)
      )`)
    await runner.query('CREATE INDEX idempotency_keys_created_at ON idempotency_keys (created_at)')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE idempotency_keys')
  }
}

/** For what is done outside the database: `unsure` is an action that nobody knows the end of. */
export class UnsureActions1763600040000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE idempotency_keys ADD COLUMN unsure boolean NOT NULL DEFAULT false')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE idempotency_keys DROP COLUMN unsure')
  }
}

export const platformMigrations = [IdempotencyKeys1763600000000, UnsureActions1763600040000]
