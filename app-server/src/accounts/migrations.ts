// The tables of people: who they are, how they prove it, where they are signed in, and what they want to be asked about.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Accounts1763600001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE users (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        email text NOT NULL CHECK (length(email) BETWEEN 3 AND 320),
        name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
        role text NOT NULL DEFAULT 'member' CHECK (role IN ('member', 'administrator')),
        status text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'suspended', 'disabled')),
        created_at timestamptz NOT NULL DEFAULT now(),
        last_sign_in_at timestamptz
      )`)
    await runner.query('CREATE UNIQUE INDEX users_email ON users (lower(email))')
    await runner.query(`
      CREATE TABLE identities (
        provider text NOT NULL,
        subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 320),
        user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (provider, subject)
      )`)
    await runner.query('CREATE INDEX identities_user_id ON identities (user_id)')
    await runner.query(`
      CREATE TABLE sessions (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        token_digest bytea NOT NULL UNIQUE CHECK (length(token_digest) = 32),
        user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        created_at timestamptz NOT NULL DEFAULT now(),
        last_seen_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz NOT NULL,
        user_agent text NOT NULL CHECK (length(user_agent) <= 512),
        address inet NOT NULL
      )`)
    await runner.query('CREATE INDEX sessions_user_id ON sessions (user_id)')
    await runner.query('CREATE INDEX sessions_expires_at ON sessions (expires_at)')
    // One row for each start of a sign-in. The state columns are for those that come back from elsewhere.
    await runner.query(`
      CREATE TABLE sign_in_attempts (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        network cidr NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        state_digest bytea UNIQUE,
        browser_digest bytea,
        code_verifier text,
        return_to text,
        used_at timestamptz,
        CHECK (num_nulls(state_digest, browser_digest, code_verifier, return_to) IN (0, 4))
      )`)
    await runner.query('CREATE INDEX sign_in_attempts_network ON sign_in_attempts (network, created_at)')
    await runner.query('CREATE INDEX sign_in_attempts_created_at ON sign_in_attempts (created_at)')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE sign_in_attempts')
    await runner.query('DROP TABLE sessions')
    await runner.query('DROP TABLE identities')
    await runner.query('DROP TABLE users')
  }
}

/** `language` is what the person chose, if they did; `browser_language` what their browser asked for when they last signed in. */
export class PeoplesLanguages1763600050000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE users
        ADD COLUMN language text CHECK (language IN ('en', 'ja')),
        ADD COLUMN browser_language text CHECK (browser_language IN ('en', 'ja'))`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE users DROP COLUMN language, DROP COLUMN browser_language')
  }
}

/** A person's own word on single tools; no row: the operator's rule counts. */
export class ToolPolicies1763600060000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE tool_policies (
        user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        tool text NOT NULL CHECK (length(tool) BETWEEN 1 AND 128),
        policy text NOT NULL CHECK (policy IN ('ask', 'allow')),
        changed_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (user_id, tool)
      )`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE tool_policies')
  }
}

export const accountsMigrations = [Accounts1763600001000, PeoplesLanguages1763600050000, ToolPolicies1763600060000]
