// The tables of the vault: configured integrations, connected accounts, their tokens, and consents under way.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Vault1763600041000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // kind: an OAuth client (secret is its client secret) or a token that a person made at the service (secret is the token).
    // owner_id: whose it is; null is shared by the operator. origin: given by the environment, or entered on a page.
    await runner.query(`
      CREATE TABLE credentials (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        provider text NOT NULL CHECK (length(provider) BETWEEN 1 AND 64),
        kind text NOT NULL CHECK (kind IN ('oauth-client', 'token')),
        owner_id uuid REFERENCES users (id) ON DELETE CASCADE,
        label text NOT NULL CHECK (length(label) BETWEEN 1 AND 200),
        client_id text CHECK (length(client_id) BETWEEN 1 AND 500),
        secret bytea NOT NULL,
        fields jsonb NOT NULL DEFAULT '{}',
        origin text NOT NULL DEFAULT 'page' CHECK (origin IN ('environment', 'page')),
        created_at timestamptz NOT NULL DEFAULT now(),
        updated_at timestamptz NOT NULL DEFAULT now(),
        CHECK ((kind = 'oauth-client') = (client_id IS NOT NULL))
      )`)
    // One client and one token of the operator for each provider, and one client of a person's own.
    await runner.query(
      `CREATE UNIQUE INDEX credentials_shared_client ON credentials (provider)
        WHERE owner_id IS NULL AND kind = 'oauth-client'`,
    )
    await runner.query(
      `CREATE UNIQUE INDEX credentials_own_client ON credentials (owner_id, provider)
        WHERE owner_id IS NOT NULL AND kind = 'oauth-client'`,
    )
    await runner.query(
      `CREATE UNIQUE INDEX credentials_shared_token ON credentials (provider)
        WHERE owner_id IS NULL AND kind = 'token'`,
    )
    await runner.query('CREATE INDEX credentials_owner ON credentials (owner_id)')
    // scopes: what the service gave, in its own words; null where nobody knows (a token a person made).
    await runner.query(`
      CREATE TABLE connections (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        provider text NOT NULL CHECK (length(provider) BETWEEN 1 AND 64),
        credential_id uuid NOT NULL REFERENCES credentials (id) ON DELETE CASCADE,
        account_id text NOT NULL CHECK (length(account_id) BETWEEN 1 AND 500),
        label text NOT NULL CHECK (length(label) BETWEEN 1 AND 200),
        details jsonb NOT NULL DEFAULT '{}',
        scopes text[] CHECK (cardinality(scopes) <= 200),
        status text NOT NULL DEFAULT 'connected' CHECK (status IN ('connected', 'reconnect-needed', 'revoked')),
        status_reason text CHECK (length(status_reason) <= 100),
        status_at timestamptz NOT NULL DEFAULT now(),
        is_default boolean NOT NULL DEFAULT false,
        connected_at timestamptz NOT NULL DEFAULT now(),
        last_used_at timestamptz,
        UNIQUE (user_id, provider, account_id)
      )`)
    await runner.query('CREATE UNIQUE INDEX connections_default ON connections (user_id, provider) WHERE is_default')
    await runner.query('CREATE INDEX connections_credential ON connections (credential_id)')
    // generation counts renewals: whoever stores a renewal says which one it followed.
    // The lease is held by whoever is renewing; renewal_began_at stays when nobody knows how that renewal ended.
    // failures, failure and retry_at: renewals that brought nothing, one after the other, and when the next may be tried.
    await runner.query(`
      CREATE TABLE oauth_tokens (
        connection_id uuid PRIMARY KEY REFERENCES connections (id) ON DELETE CASCADE,
        access_token bytea NOT NULL,
        refresh_token bytea,
        expires_at timestamptz,
        refreshed_at timestamptz NOT NULL DEFAULT now(),
        generation integer NOT NULL DEFAULT 1,
        lease_id uuid,
        lease_until timestamptz,
        renewal_began_at timestamptz,
        failures integer NOT NULL DEFAULT 0,
        failure text CHECK (length(failure) <= 100),
        retry_at timestamptz
      )`)
    await runner.query(
      'CREATE INDEX oauth_tokens_refreshed_at ON oauth_tokens (refreshed_at) WHERE refresh_token IS NOT NULL',
    )
    // connection_id: the account that is reconnected; another one coming back is told apart.
    // asked: the service's scopes; scopes: ours that were chosen. return_to: null when a program sent the person here.
    await runner.query(`
      CREATE TABLE oauth_states (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        state_digest bytea NOT NULL UNIQUE,
        user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        session_id uuid NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
        provider text NOT NULL CHECK (length(provider) BETWEEN 1 AND 64),
        credential_id uuid NOT NULL REFERENCES credentials (id) ON DELETE CASCADE,
        connection_id uuid REFERENCES connections (id) ON DELETE CASCADE,
        code_verifier bytea NOT NULL,
        asked text[] NOT NULL CHECK (cardinality(asked) <= 200),
        scopes text[] NOT NULL CHECK (cardinality(scopes) <= 200),
        return_to text CHECK (length(return_to) <= 2000),
        created_at timestamptz NOT NULL DEFAULT now(),
        used_at timestamptz
      )`)
    await runner.query('CREATE INDEX oauth_states_created_at ON oauth_states (created_at)')
    await runner.query('CREATE INDEX oauth_states_user ON oauth_states (user_id, created_at)')
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['oauth_states', 'oauth_tokens', 'connections', 'credentials']) {
      await runner.query(`DROP TABLE ${table}`)
    }
  }
}

export class ModelKeys1764150100000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // A key of a language model: provider is its vendor, secret the key (empty where a model wants none), fields say which
    // model and where. People and the operator may have several of one vendor.
    await runner.query('ALTER TABLE credentials DROP CONSTRAINT credentials_kind_check')
    await runner.query(`
      ALTER TABLE credentials
        ADD CONSTRAINT credentials_kind_check CHECK (kind IN ('oauth-client', 'token', 'model-key')),
        ADD CONSTRAINT credentials_model CHECK (kind <> 'model-key' OR fields ->> 'model' IS NOT NULL)`)
    // One is given by the environment.
    await runner.query(
      `CREATE UNIQUE INDEX credentials_given_model_key ON credentials (provider)
        WHERE kind = 'model-key' AND origin = 'environment'`,
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM credentials WHERE kind = 'model-key'`)
    await runner.query('DROP INDEX credentials_given_model_key')
    await runner.query(`
      ALTER TABLE credentials
        DROP CONSTRAINT credentials_model,
        DROP CONSTRAINT credentials_kind_check,
        ADD CONSTRAINT credentials_kind_check CHECK (kind IN ('oauth-client', 'token'))`)
  }
}

export const vaultMigrations = [Vault1763600041000, ModelKeys1764150100000]
