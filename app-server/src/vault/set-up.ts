// Whether a service can be connected at all: by a credential of the operator, or by what a person has of their own.
import { Injectable } from '@nestjs/common'
import { Database } from '../platform/database/database.js'
import { Gathered } from '../platform/database/gathered.js'
import type { Provider } from '../providers/provider.js'
import { isConnected } from './not-connected.js'

/** Stands for somebody nobody knows. */
const nobody = '00000000-0000-0000-0000-000000000000'

/** People looked at by one statement, and most that wait for theirs. */
const limits = { maxBatch: 128, maxWaiting: 4_096 }

@Injectable()
export class SetUp {
  private readonly gathered: Gathered<string, ReadonlySet<string>>

  constructor(database: Database) {
    const read = database.prepare<{ userId: string; provider: string }>(
      'set-up',
      `SELECT a.id AS "userId", k.provider
         FROM unnest($1::uuid[]) AS a (id) JOIN credentials k ON k.owner_id IS NULL OR k.owner_id = a.id
        UNION SELECT c.user_id, c.provider FROM connections c WHERE c.user_id = ANY ($1)`,
      'held-accounts',
    )
    this.gathered = new Gathered(async (people) => {
      const providers = new Map<string, Set<string>>(people.map((id) => [id, new Set()]))
      for (const { userId, provider } of await read([[...providers.keys()]])) providers.get(userId)?.add(provider)
      return people.map((id) => providers.get(id) ?? new Set())
    }, limits)
  }

  /** Whether there is a shared credential of the provider, or a credential or connection of this person. */
  async isFor(userId: string, provider: string): Promise<boolean> {
    return (await this.providersOf(userId)).has(provider)
  }

  /**
   * The ids of the providers that are set up for a person, as of now.
   * @param userId undefined: for anybody
   */
  providersOf(userId: string | undefined): Promise<ReadonlySet<string>> {
    return this.gathered.add(userId ?? nobody)
  }

  /**
   * The ids of those of the providers that need an account and are not set up for a person. Asks nobody when none needs one.
   * @param userId undefined: for anybody
   */
  async missing(userId: string | undefined, providers: readonly Provider[]): Promise<ReadonlySet<string>> {
    const connected = providers.filter(isConnected)
    if (connected.length === 0) return new Set()
    const setUp = await this.providersOf(userId)
    return new Set(connected.map(({ id }) => id).filter((id) => !setUp.has(id)))
  }
}
