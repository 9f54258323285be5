// The tables of the authorization server: signing keys, clients, authorizations, and what is short-lived.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class OAuth1763600002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE oauth_signing_keys (
        kid text PRIMARY KEY,
        private_jwk bytea NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
      )`)
    // json, not jsonb: programs send us texts with \\u0000, which jsonb does not take.
    // kind: 'registered' by RFC 7591, or known by the 'document' its client id is the address of. client_secret is sealed.
    await runner.query(`
      CREATE TABLE oauth_clients (
        id text PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 2000),
        kind text NOT NULL CHECK (kind IN ('registered', 'document')),
        name text CHECK (length(name) <= 200),
        metadata json NOT NULL,
        client_secret bytea,
        registered_from cidr,
        created_at timestamptz NOT NULL DEFAULT now(),
        authorized_at timestamptz
      )`)
    await runner.query(
      `CREATE INDEX oauth_clients_registrations ON oauth_clients (created_at, registered_from) WHERE kind = 'registered'`,
    )
    await runner.query(`
      CREATE TABLE oauth_grants (
        id text PRIMARY KEY,
        user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        client_id text NOT NULL REFERENCES oauth_clients (id) ON DELETE CASCADE,
        scopes text[] NOT NULL CHECK (cardinality(scopes) BETWEEN 1 AND 500),
        redirect_uri text NOT NULL CHECK (length(redirect_uri) <= 4000),
        created_at timestamptz NOT NULL DEFAULT now(),
        last_used_at timestamptz,
        expires_at timestamptz NOT NULL
      )`)
    await runner.query('CREATE INDEX oauth_grants_user_id ON oauth_grants (user_id, client_id)')
    await runner.query('CREATE INDEX oauth_grants_client_id ON oauth_grants (client_id)')
    await runner.query('CREATE INDEX oauth_grants_expires_at ON oauth_grants (expires_at)')
    // Codes, refresh tokens, interactions and the like, by the digest of their id: most ids are secrets.
    await runner.query(`
      CREATE TABLE oauth_artifacts (
        model text NOT NULL,
        digest bytea NOT NULL CHECK (length(digest) = 32),
        payload json NOT NULL,
        grant_id text REFERENCES oauth_grants (id) ON DELETE CASCADE,
        consumed_at timestamptz,
        uses smallint NOT NULL DEFAULT 0,
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (model, digest)
      )`)
    await runner.query('CREATE INDEX oauth_artifacts_grant_id ON oauth_artifacts (grant_id)')
    await runner.query('CREATE INDEX oauth_artifacts_expires_at ON oauth_artifacts (expires_at)')
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['oauth_artifacts', 'oauth_grants', 'oauth_clients', 'oauth_signing_keys']) {
      await runner.query(`DROP TABLE ${table}`)
    }
  }
}

/** Administrators can block a client and look through all of them. */
export class BlockedClients1763600031000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE oauth_clients ADD COLUMN blocked_at timestamptz')
    await runner.query('CREATE INDEX oauth_clients_created_at ON oauth_clients (created_at)')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX oauth_clients_created_at')
    await runner.query('ALTER TABLE oauth_clients DROP COLUMN blocked_at')
  }
}

/** A signing key that was replaced goes on verifying for as long as its last token may live. */
export class RetiredSigningKeys1763600032000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE oauth_signing_keys ADD COLUMN retired_at timestamptz')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE oauth_signing_keys DROP COLUMN retired_at')
  }
}

/** Parts of our own that people lend something stand among the clients too: kind 'own'. */
export class OwnClients1763600079000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await this.allow(runner, ['registered', 'document', 'own'])
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM oauth_clients WHERE kind = 'own'`)
    await this.allow(runner, ['registered', 'document'])
  }

  private async allow(runner: QueryRunner, kinds: readonly string[]): Promise<void> {
    await runner.query('ALTER TABLE oauth_clients DROP CONSTRAINT oauth_clients_kind_check')
    await runner.query(
      `ALTER TABLE oauth_clients ADD CONSTRAINT oauth_clients_kind_check CHECK (kind IN ('${kinds.join("', '")}'))`,
    )
  }
}

export const oauthMigrations = [
  OAuth1763600002000,
  BlockedClients1763600031000,
  RetiredSigningKeys1763600032000,
  OwnClients1763600079000,
]
