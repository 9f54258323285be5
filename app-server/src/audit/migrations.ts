// The table of the audit log: calls first, then everything, in partitions of time and closed to every change.
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

/** Room for entries until the first start has made partitions of the configured length. */
const firstPartitionDays = 2

export class AuditOfEverything1763600030000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE audit_entries RENAME TO audit_entries_of_calls')
    for (const index of ['pkey', 'at', 'user_at']) {
      await runner.query(`ALTER INDEX audit_entries_${index} RENAME TO audit_entries_of_calls_${index}`)
    }
    // Milliseconds, so that a moment read into a program and sent back is the very same moment: pages end at one.
    // target: what it was done to, e.g. ('user', <id>); a person's entries are those they act in or are the target of.
    await runner.query(`
      CREATE TABLE audit_entries (
        id uuid NOT NULL DEFAULT uuidv7(),
        at timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
        kind text NOT NULL CHECK (kind ~ '^[a-z][a-z-]{0,39}$'),
        action text NOT NULL CHECK (action ~ '^[a-z][a-z-]{0,39}$'),
        outcome text NOT NULL CHECK (outcome IN ('ok', 'refused', 'failed')),
        reason text CHECK (length(reason) <= 100),
        actor_id uuid,
        client_id text,
        grant_id text,
        target_type text,
        target_id text,
        tool text,
        arguments jsonb,
        details jsonb NOT NULL,
        duration_ms integer CHECK (duration_ms >= 0),
        request_id text,
        address inet,
        PRIMARY KEY (at, id),
        CHECK (outcome = 'ok' OR reason IS NOT NULL),
        CHECK ((target_type IS NULL) = (target_id IS NULL))
      ) PARTITION BY RANGE (at)`)
    // Each call pays for two of these; the others are about what is rarer.
    await runner.query('CREATE INDEX audit_entries_actor ON audit_entries (actor_id, at, id)')
    await runner.query('CREATE INDEX audit_entries_client ON audit_entries (client_id, at, id)')
    await runner.query(
      'CREATE INDEX audit_entries_target ON audit_entries (target_id, at, id) WHERE target_id IS NOT NULL',
    )
    await runner.query(`CREATE INDEX audit_entries_not_ok ON audit_entries (outcome, at, id) WHERE outcome <> 'ok'`)
    await runner.query(`CREATE INDEX audit_entries_not_call ON audit_entries (kind, at, id) WHERE kind <> 'call'`)

    await runner.query(`
      CREATE FUNCTION audit_entries_stay() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'audit entries are added, never changed' USING ERRCODE = 'insufficient_privilege';
      END $$`)
    // Of each row, so that partitions get it too, whoever makes them and by whichever name they are spoken to.
    await runner.query(`
      CREATE TRIGGER audit_entries_stay BEFORE UPDATE OR DELETE ON audit_entries
        FOR EACH ROW EXECUTE FUNCTION audit_entries_stay()`)
    await runner.query('ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER audit_entries_stay')
    await runner.query(`
      CREATE TRIGGER audit_entries_stay_all BEFORE TRUNCATE ON audit_entries
        FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_stay()`)

    // Made apart and then attached: that waits for no writer and lets none wait (PostgreSQL manual, ALTER TABLE).
    await runner.query(`
      CREATE FUNCTION audit_add_partition(beginning timestamptz, ending timestamptz) RETURNS text LANGUAGE plpgsql AS $$
      DECLARE
        name text := 'audit_entries_to_' || to_char(ending AT TIME ZONE 'UTC', 'YYYYMMDD');
      BEGIN
        EXECUTE format('CREATE TABLE %I (LIKE audit_entries INCLUDING ALL)', name);
        EXECUTE format('CREATE TRIGGER audit_entries_stay_all BEFORE TRUNCATE ON %I
                          FOR EACH STATEMENT EXECUTE FUNCTION audit_entries_stay()', name);
        EXECUTE format('ALTER TABLE %I ENABLE ALWAYS TRIGGER audit_entries_stay_all', name);
        EXECUTE format('ALTER TABLE audit_entries ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
                       name, beginning, ending);
        RETURN name;
      END $$`)
    await runner.query(`
      SELECT audit_add_partition('-infinity', (date_trunc('day', now() AT TIME ZONE 'UTC')
                                               + interval '${firstPartitionDays} days') AT TIME ZONE 'UTC')`)
    await runner.query(`
      INSERT INTO audit_entries (id, at, kind, action, outcome, reason, actor_id, client_id, grant_id, tool, arguments,
                                 details, duration_ms, request_id)
      SELECT id, at, 'call', 'call', outcome, reason, user_id, client_id, grant_id, tool, arguments,
             '{}', duration_ms, request_id
        FROM audit_entries_of_calls`)
    await runner.query('DROP TABLE audit_entries_of_calls')
  }

  /** Keeps the calls; what was never kept before goes. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TEMP TABLE kept ON COMMIT DROP AS SELECT * FROM audit_entries WHERE kind = $1', ['call'])
    await runner.query('DROP TABLE audit_entries')
    await runner.query('DROP FUNCTION audit_add_partition')
    await runner.query('DROP FUNCTION audit_entries_stay')
    await new AuditEntries1763600003000().up(runner)
    await runner.query(`
      INSERT INTO audit_entries (id, at, request_id, user_id, client_id, grant_id, tool, arguments, outcome, reason,
                                 duration_ms)
      SELECT id, at, coalesce(request_id, 'none'), actor_id, client_id, grant_id, coalesce(tool, 'none'),
             coalesce(arguments, '{}'), outcome, CASE WHEN outcome <> 'ok' THEN reason END, coalesce(duration_ms, 0)
        FROM kept`)
  }
}

export const auditMigrations = [AuditEntries1763600003000, AuditOfEverything1763600030000]
