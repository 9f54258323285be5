// Whether a service can be connected at all: by a credential of the operator, or by what a person has of their own.
import { Injectable } from '@nestjs/common'
import { Database } from '../platform/database/database.js'

@Injectable()
export class SetUp {
  constructor(private readonly database: Database) {}

  /** Whether there is a shared credential of the provider, or a credential or connection of this person. */
  async isFor(userId: string, provider: string): Promise<boolean> {
    return (await this.providersOf(userId, [provider])).has(provider)
  }

  /** Those of the providers that are set up for a person. */
  async providersOf(userId: string, providers: readonly string[]): Promise<ReadonlySet<string>> {
    if (providers.length === 0) return new Set()
    const rows = await this.database.query<{ provider: string }>(
      `SELECT p.provider FROM unnest($2::text[]) AS p (provider)
        WHERE EXISTS (SELECT FROM credentials k
                       WHERE k.provider = p.provider AND (k.owner_id IS NULL OR k.owner_id = $1))
           OR EXISTS (SELECT FROM connections c WHERE c.provider = p.provider AND c.user_id = $1)`,
      [userId, providers],
    )
    return new Set(rows.map(({ provider }) => provider))
  }
}
