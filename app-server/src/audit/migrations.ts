// The table of the audit log.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class AuditEntries1763600003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // No foreign keys: an entry outlives the person and the program it speaks of.
    await runner.query(`
      CREATE TABLE audit_entries (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        at timestamptz NOT NULL DEFAULT now(),
        request_id text NOT NULL,
        user_id uuid,
        client_id text,
        grant_id text,
        tool text NOT NULL,
        arguments jsonb NOT NULL,
        outcome text NOT NULL CHECK (outcome IN ('ok', 'refused', 'failed')),
        reason text,
        duration_ms integer NOT NULL CHECK (duration_ms >= 0),
        CHECK ((outcome = 'ok') = (reason IS NULL))
      )`)
    await runner.query('CREATE INDEX audit_entries_at ON audit_entries (at)')
    await runner.query('CREATE INDEX audit_entries_user_at ON audit_entries (user_id, at)')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_entries')
  }
}

export const auditMigrations = [AuditEntries1763600003000]
