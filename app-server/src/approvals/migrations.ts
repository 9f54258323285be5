// The table of approvals: single calls that wait, or waited, for their person's word.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Approvals1763600061000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // owner: the authorization that asked, or the part of ours that did; an approval is good for nobody else.
    // connection_id, account: the account the call acts with, where the tool needs one. No foreign key: an account that is
    // connected again is another one. arguments: sealed, and only for as long as somebody may have to read them; redacted stays.
    // open: neither used nor withdrawn nor found to be over. expires_at: for the word, and after the word for the use of it.
    // idempotency_key: of the call that used it, so that a repetition of that call passes.
    await runner.query(`
      CREATE TABLE approvals (
        id uuid PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        client_id text NOT NULL CHECK (length(client_id) <= 2000),
        owner text NOT NULL CHECK (length(owner) <= 200),
        tool text NOT NULL CHECK (length(tool) BETWEEN 1 AND 128),
        arguments_digest bytea NOT NULL CHECK (length(arguments_digest) = 32),
        connection_id uuid,
        account text CHECK (length(account) <= 200),
        arguments bytea,
        redacted jsonb NOT NULL,
        open boolean NOT NULL DEFAULT true,
        requested_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        decision text CHECK (decision IN ('approved', 'denied', 'withdrawn')),
        decided_at timestamptz,
        used_at timestamptz,
        idempotency_key text CHECK (length(idempotency_key) <= 200),
        CHECK ((decision IS NULL) = (decided_at IS NULL)),
        CHECK (used_at IS NULL OR (decision = 'approved' AND NOT open)),
        CHECK (open OR arguments IS NULL)
      )`)
    // Equal calls that wait are one row, whoever comes first.
    await runner.query(
      `CREATE UNIQUE INDEX approvals_open_call
        ON approvals (user_id, owner, tool, arguments_digest, connection_id) NULLS NOT DISTINCT WHERE open`,
    )
    await runner.query(
      'CREATE INDEX approvals_call ON approvals (user_id, owner, tool, arguments_digest, requested_at)',
    )
    await runner.query('CREATE INDEX approvals_user ON approvals (user_id, requested_at)')
    await runner.query('CREATE INDEX approvals_open_expiry ON approvals (expires_at) WHERE open')
    await runner.query('CREATE INDEX approvals_requested_at ON approvals (requested_at)')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE approvals')
  }
}

export const approvalsMigrations = [Approvals1763600061000]
