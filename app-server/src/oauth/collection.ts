// Clears away what has expired in the authorization server's tables, a bounded portion at a time.
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common'
import type { Sql } from '../platform/database/database.js'
import { Jobs } from '../platform/jobs.js'

const everyMs = 5 * 60_000
const rowsAtOnce = 2_000
/** A program that registered itself and was never authorized is forgotten after a day, one that no longer is after 90. */
const neverAuthorizedDays = 1
const formerlyAuthorizedDays = 90

@Injectable()
export class OAuthCollection implements OnApplicationBootstrap {
  constructor(private readonly jobs: Jobs) {}

  onApplicationBootstrap(): void {
    this.jobs.schedule({ name: 'oauth-collection', everyMs, run: collectExpired })
  }
}

/** One portion: codes, tokens and interactions, then authorizations, then programs that nobody uses (blocked ones stay blocked). */
export async function collectExpired(sql: Sql): Promise<void> {
  const expired = (table: string) =>
    `DELETE FROM ${table} WHERE ctid = ANY (ARRAY (
       SELECT ctid FROM ${table} WHERE expires_at < now() LIMIT ${rowsAtOnce} FOR UPDATE SKIP LOCKED))`
  await sql.query(expired('oauth_artifacts'))
  await sql.query(expired('oauth_grants'))
  await sql.query(
    `DELETE FROM oauth_clients WHERE ctid = ANY (ARRAY (
       SELECT c.ctid FROM oauth_clients c
        WHERE c.blocked_at IS NULL
          AND NOT EXISTS (SELECT FROM oauth_grants g WHERE g.client_id = c.id)
          AND CASE WHEN c.authorized_at IS NULL THEN c.created_at < now() - $1 * interval '1 day'
                   ELSE c.authorized_at < now() - $2 * interval '1 day' END
        LIMIT ${rowsAtOnce} FOR UPDATE OF c SKIP LOCKED))`,
    [neverAuthorizedDays, formerlyAuthorizedDays],
  )
}
