// The tables of the chat: rooms with their members and providers, turns with their parts and versions, attachments, summaries.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Chat1763600080000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // credential_id: the one key of a language model. lender_id: the member whose accounts tools use; null is whoever writes.
    // lender_grant_id: what that member lent the room; gone when they took it back, and then no tool runs.
    await runner.query(`
      CREATE TABLE chat_rooms (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        name text NOT NULL CHECK (length(name) BETWEEN 1 AND 120),
        system_prompt text NOT NULL DEFAULT '' CHECK (length(system_prompt) <= 20000),
        credential_id uuid REFERENCES credentials (id) ON DELETE SET NULL,
        lender_id uuid REFERENCES users (id) ON DELETE SET NULL,
        lender_grant_id text REFERENCES oauth_grants (id) ON DELETE SET NULL,
        max_rounds integer NOT NULL DEFAULT 12 CHECK (max_rounds BETWEEN 1 AND 50),
        max_tokens integer NOT NULL DEFAULT 500000 CHECK (max_tokens BETWEEN 1000 AND 20000000),
        max_cost_micros bigint CHECK (max_cost_micros BETWEEN 1000 AND 1000000000),
        created_at timestamptz NOT NULL DEFAULT now(),
        last_turn_at timestamptz,
        archived_at timestamptz
      )`)
    await runner.query('CREATE INDEX chat_rooms_credential ON chat_rooms (credential_id)')
    await runner.query('CREATE INDEX chat_rooms_lender ON chat_rooms (lender_id)')
    await runner.query('CREATE INDEX chat_rooms_lender_grant ON chat_rooms (lender_grant_id)')
    await runner.query(`
      CREATE TABLE chat_room_providers (
        room_id uuid NOT NULL REFERENCES chat_rooms (id) ON DELETE CASCADE,
        provider text NOT NULL CHECK (length(provider) BETWEEN 1 AND 64),
        PRIMARY KEY (room_id, provider)
      )`)
    await runner.query(`
      CREATE TABLE chat_members (
        room_id uuid NOT NULL REFERENCES chat_rooms (id) ON DELETE CASCADE,
        user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        role text NOT NULL CHECK (role IN ('owner', 'writer', 'reader')),
        joined_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (room_id, user_id)
      )`)
    await runner.query('CREATE INDEX chat_members_user ON chat_members (user_id)')
    // A turn is one message of a person with the answer to it. session_id: whose tokens it acts with; gone when that ended.
    // rounds_allowed, tokens_allowed, cost_allowed: how far it may go before the person must say "go on".
    // whole_rounds: rounds of the model whose parts are all there. The lease is held by the replica that works on it.
    // replaced_at: another turn stands in its place (edited, or answered anew).
    await runner.query(`
      CREATE TABLE chat_turns (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        room_id uuid NOT NULL REFERENCES chat_rooms (id) ON DELETE CASCADE,
        seq integer NOT NULL CHECK (seq >= 1),
        author_id uuid REFERENCES users (id) ON DELETE SET NULL,
        author_name text NOT NULL CHECK (length(author_name) BETWEEN 1 AND 200),
        acts_for uuid REFERENCES users (id) ON DELETE SET NULL,
        session_id uuid REFERENCES sessions (id) ON DELETE SET NULL,
        prompt text NOT NULL CHECK (length(prompt) <= 50000),
        language text NOT NULL DEFAULT 'en' CHECK (length(language) <= 10),
        time_zone text NOT NULL DEFAULT 'UTC' CHECK (length(time_zone) BETWEEN 1 AND 64),
        status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'waiting', 'done', 'stopped', 'failed')),
        end_reason text CHECK (length(end_reason) <= 64),
        failure jsonb,
        model text CHECK (length(model) <= 200),
        rounds integer NOT NULL DEFAULT 0,
        whole_rounds integer NOT NULL DEFAULT 0,
        rounds_allowed integer NOT NULL,
        tokens_allowed bigint NOT NULL,
        cost_allowed bigint,
        input_tokens bigint NOT NULL DEFAULT 0,
        output_tokens bigint NOT NULL DEFAULT 0,
        thinking_tokens bigint NOT NULL DEFAULT 0,
        cached_tokens bigint NOT NULL DEFAULT 0,
        cost_micros bigint,
        lease_id uuid,
        lease_until timestamptz,
        stop_asked_at timestamptz,
        created_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz,
        replaced_at timestamptz,
        UNIQUE (room_id, seq)
      )`)
    await runner.query(
      `CREATE UNIQUE INDEX chat_turns_one_open ON chat_turns (room_id) WHERE status IN ('running', 'waiting')`,
    )
    await runner.query(
      `CREATE INDEX chat_turns_lease ON chat_turns (lease_until) WHERE status IN ('running', 'waiting')`,
    )
    await runner.query('CREATE INDEX chat_turns_author ON chat_turns (author_id, created_at)')
    await runner.query(`CREATE INDEX chat_turns_author_running ON chat_turns (author_id) WHERE status = 'running'`)
    await runner.query('CREATE INDEX chat_turns_session ON chat_turns (session_id)')
    // kind call: what the model asked for and what came of it stands in data. note: what happened to the answer, by its code.
    await runner.query(`
      CREATE TABLE chat_parts (
        turn_id uuid NOT NULL REFERENCES chat_turns (id) ON DELETE CASCADE,
        idx integer NOT NULL CHECK (idx BETWEEN 0 AND 9999),
        round integer NOT NULL CHECK (round >= 1),
        kind text NOT NULL CHECK (kind IN ('text', 'thinking', 'call', 'note')),
        text text NOT NULL DEFAULT '',
        signature text,
        data jsonb,
        PRIMARY KEY (turn_id, idx)
      )`)
    await runner.query(
      `CREATE INDEX chat_parts_approval ON chat_parts ((data ->> 'approvalId')) WHERE data ->> 'state' = 'approval'`,
    )
    // turn_id is null until the message it was chosen for is sent.
    await runner.query(`
      CREATE TABLE chat_attachments (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        room_id uuid NOT NULL REFERENCES chat_rooms (id) ON DELETE CASCADE,
        user_id uuid REFERENCES users (id) ON DELETE SET NULL,
        turn_id uuid REFERENCES chat_turns (id) ON DELETE CASCADE,
        name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
        media_type text NOT NULL CHECK (length(media_type) <= 100),
        size integer NOT NULL CHECK (size >= 0),
        body bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )`)
    await runner.query('ALTER TABLE chat_attachments ALTER COLUMN body SET STORAGE EXTERNAL')
    await runner.query('CREATE INDEX chat_attachments_room ON chat_attachments (room_id)')
    await runner.query('CREATE INDEX chat_attachments_turn ON chat_attachments (turn_id)')
    await runner.query('CREATE INDEX chat_attachments_unsent ON chat_attachments (created_at) WHERE turn_id IS NULL')
    // What stands for all turns up to a number when the model is asked; the turns themselves stay.
    await runner.query(`
      CREATE TABLE chat_summaries (
        room_id uuid NOT NULL REFERENCES chat_rooms (id) ON DELETE CASCADE,
        upto_seq integer NOT NULL,
        text text NOT NULL CHECK (length(text) <= 40000),
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (room_id, upto_seq)
      )`)
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [
      'chat_summaries',
      'chat_attachments',
      'chat_parts',
      'chat_turns',
      'chat_members',
      'chat_room_providers',
      'chat_rooms',
    ]) {
      await runner.query(`DROP TABLE ${table}`)
    }
  }
}

/**
 * Which turn stands in the place of those it replaced, so that they can be looked back at; and whose files a turn has that
 * was answered anew: the same ones, not copies.
 */
export class EarlierVersions1763600081002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // replaced_by: the turn that replaced this one, with whatever came after it. version: from 1, at its place in the room.
    // files_turn_id: the turn whose files this one has too.
    await runner.query(`
      ALTER TABLE chat_turns
        ADD COLUMN replaced_by uuid REFERENCES chat_turns (id),
        ADD COLUMN version integer NOT NULL DEFAULT 1 CHECK (version >= 1),
        ADD COLUMN files_turn_id uuid REFERENCES chat_turns (id)`)
    await runner.query(
      'CREATE INDEX chat_turns_replaced_by ON chat_turns (replaced_by, seq) WHERE replaced_by IS NOT NULL',
    )
    await runner.query('CREATE INDEX chat_turns_files ON chat_turns (files_turn_id) WHERE files_turn_id IS NOT NULL')
    // A turn came about in the very transaction in which it replaced others.
    await runner.query(`
      UPDATE chat_turns t SET replaced_by = n.id FROM chat_turns n
       WHERE t.replaced_at IS NOT NULL AND n.room_id = t.room_id AND n.seq > t.seq AND n.created_at = t.replaced_at`)
    // The first of those it replaced is what stood at its place.
    await runner.query(`
      WITH RECURSIVE firsts AS (
        SELECT DISTINCT ON (replaced_by) id, replaced_by FROM chat_turns
         WHERE replaced_by IS NOT NULL ORDER BY replaced_by, seq
      ), versions AS (
        SELECT t.id, 1 AS version FROM chat_turns t WHERE NOT EXISTS (SELECT 1 FROM firsts f WHERE f.replaced_by = t.id)
        UNION ALL
        SELECT f.replaced_by, v.version + 1 FROM versions v JOIN firsts f ON f.id = v.id
      )
      UPDATE chat_turns t SET version = v.version FROM versions v WHERE v.id = t.id AND v.version > 1`)
  }

  async down(runner: QueryRunner): Promise<void> {
    // Who had files in common gets copies again.
    await runner.query(`
      INSERT INTO chat_attachments (room_id, user_id, turn_id, name, media_type, size, body)
      SELECT a.room_id, a.user_id, t.id, a.name, a.media_type, a.size, a.body
        FROM chat_turns t JOIN chat_attachments a ON a.turn_id = t.files_turn_id ORDER BY t.id, a.id`)
    await runner.query('ALTER TABLE chat_turns DROP COLUMN files_turn_id, DROP COLUMN version, DROP COLUMN replaced_by')
  }
}

export const chatMigrations = [Chat1763600080000, EarlierVersions1763600081002]
