// Takes the model key that the environment gives over into the shared ones, at each start and alike on every replica.
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common'
import { knownLimits, knownPrices } from '../models/known-models.js'
import { Database, type Sql } from '../platform/database/database.js'
import { Log } from '../platform/log.js'
import { SealBroken } from '../platform/secret-box.js'
import type { GivenModelKey as Given } from '../platform/service-settings.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { type ModelKey, ModelKeys } from './model-keys.js'

const vendor = 'gemini'

@Injectable()
export class GivenModelKey implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly keys: ModelKeys,
    private readonly log: Log,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'givenModelKey'>,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.database.transaction((sql) => this.takeOver(sql))
  }

  private async takeOver(sql: Sql): Promise<void> {
    await sql.query(`SELECT pg_advisory_xact_lock(hashtextextended('model key of the environment', 0))`)
    const known = (await this.keys.list(null, sql)).find(({ origin }) => origin === 'environment')
    const given = this.settings.givenModelKey
    if (given) return this.put(known, given, sql)
    if (!known) return
    // It stays: rooms use it. From now on it is edited on the page.
    await this.keys.change(known.id, null, { origin: 'page' }, sql)
    this.log.info({ vendor }, 'the environment gives this model key no longer; it stays and can be edited')
  }

  /** Writes only what differs, so that another start changes nothing. */
  private async put(known: ModelKey | undefined, { apiKey, model }: Given, sql: Sql): Promise<void> {
    const prices = knownPrices(vendor, model) ?? null
    const { inputTokenLimit, outputTokenLimit } = knownLimits(vendor, model)
    const limits = { inputTokenLimit, outputTokenLimit }
    if (!known) {
      const told = { model, prices, ...limits }
      await this.keys.create({ vendor, ownerId: null, label: 'Gemini', ...told, apiKey, origin: 'environment' }, sql)
      this.log.info({ vendor, model }, 'the environment gives a model key')
      return
    }
    const sameKey = (await this.keyOf(known)) === apiKey
    if (sameKey && known.model === model) return
    const anew = known.model === model ? {} : { model, prices, ...limits }
    await this.keys.change(known.id, null, { ...anew, ...(sameKey ? {} : { apiKey }) }, sql)
    this.log.info({ vendor, model }, 'the environment gives another model key or model')
  }

  private async keyOf({ id }: ModelKey): Promise<string | undefined> {
    try {
      return (await this.keys.findOpened(id))?.access.apiKey
    } catch (error) {
      if (error instanceof SealBroken) return undefined
      throw error
    }
  }
}
