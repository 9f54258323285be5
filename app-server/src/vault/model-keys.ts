// Keys of language models, people's own and the operator's for everybody: which model each is for, and what that costs.
import { Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { ModelPrices } from '../models/known-models.js'
import type { ModelAccess } from '../models/model.js'
import { Database, type Sql } from '../platform/database/database.js'
import { type Credential, Credentials } from './credentials.js'

/** Most keys the operator shares. */
const maxShared = 50

/** A key as it may be shown: never with the key itself. */
export interface ModelKey {
  readonly id: string
  /** Id of its vendor. */
  readonly vendor: string
  /** The person whose own it is; null is shared by the operator. */
  readonly ownerId: string | null
  readonly label: string
  /** The model it is used for, as the service calls it. */
  readonly model: string
  readonly baseUrl: string | undefined
  readonly prices: ModelPrices | null
  /** Tokens that the model can read; undefined when nobody told. */
  readonly inputTokenLimit: number | undefined
  /** Tokens that it can write in one answer, thinking included; undefined when nobody told. */
  readonly outputTokenLimit: number | undefined
  readonly origin: Credential['origin']
  readonly createdAt: Date
  readonly updatedAt: Date
}

export interface NewModelKey extends Pick<ModelKey, 'vendor' | 'ownerId' | 'label' | 'model' | 'prices'> {
  readonly apiKey: string
  readonly baseUrl?: string | undefined
  readonly inputTokenLimit?: number | undefined
  readonly outputTokenLimit?: number | undefined
  readonly origin?: Credential['origin']
}

/** What is left out stays as it is. */
export type ModelKeyChange = Partial<
  Pick<ModelKey, 'label' | 'model' | 'prices' | 'inputTokenLimit' | 'outputTokenLimit' | 'origin'> & { apiKey: string }
>

/** What a model is asked with. It never leaves this process but to the model's own service. */
export interface OpenedModelKey {
  readonly access: ModelAccess
  readonly model: string
  readonly prices: ModelPrices | null
  readonly inputTokenLimit: number | undefined
  readonly outputTokenLimit: number | undefined
}

@Injectable()
export class ModelKeys {
  constructor(
    private readonly database: Database,
    private readonly credentials: Credentials,
  ) {}

  /** Those a person may use: their own first, then the shared ones, each by name. */
  async listFor(userId: string): Promise<ModelKey[]> {
    const [own, shared] = await Promise.all([this.list(userId), this.list(null)])
    return [...own, ...shared]
  }

  /** Those of a person, or those that are shared (null), by name. */
  async list(ownerId: string | null, sql: Sql = this.database): Promise<ModelKey[]> {
    const found = (await this.credentials.list({ ownerId }, sql)).filter(isModelKey).map(toModelKey)
    return found.sort((one, other) => one.label.localeCompare(other.label))
  }

  /** Of this owner; another's is told apart from none at all to nobody. */
  async find(id: string, ownerId: string | null, sql: Sql = this.database): Promise<ModelKey | undefined> {
    const found = await this.credentials.find(id, sql)
    return found && isModelKey(found) && found.ownerId === ownerId ? toModelKey(found) : undefined
  }

  /** Whosever it is: whoever asks has made sure that it may be shown, e.g. in a room of its owner's. */
  async findAny(id: string): Promise<ModelKey | undefined> {
    const found = await this.credentials.find(id)
    return found && isModelKey(found) ? toModelKey(found) : undefined
  }

  /** Throws Problem conflict when there are too many. */
  async create(given: NewModelKey, sql: Sql = this.database): Promise<ModelKey> {
    const { vendor, ownerId, label, apiKey, origin = 'page', ...told } = given
    if (ownerId === null && (await this.list(null, sql)).length >= maxShared) {
      throw new Problem('conflict', `There are ${maxShared} shared keys of models already. Remove one first.`)
    }
    const fields = fieldsOf(told)
    const kept = { provider: vendor, kind: 'model-key', ownerId, label, secret: apiKey, fields, origin } as const
    return toModelKey(await this.credentials.create(kept, sql))
  }

  /** Rooms use it from the next answer on. Throws Problem not-found. */
  async change(id: string, ownerId: string | null, change: ModelKeyChange, sql?: Sql): Promise<ModelKey> {
    if (!sql) return this.database.transaction((own) => this.change(id, ownerId, change, own))
    await sql.query('SELECT id FROM credentials WHERE id = $1 FOR UPDATE', [id])
    const known = await this.find(id, ownerId, sql)
    if (!known) throw gone()
    const { label, apiKey, origin, ...told } = change
    const kept = {
      fields: fieldsOf({ ...known, ...told }),
      ...(label === undefined ? {} : { label }),
      ...(apiKey === undefined ? {} : { secret: apiKey }),
      ...(origin === undefined ? {} : { origin }),
    }
    return toModelKey(await this.credentials.update(id, kept, sql))
  }

  /** Throws Problem not-found. */
  async remove(id: string, ownerId: string | null): Promise<void> {
    if (!(await this.find(id, ownerId))) throw gone()
    await this.credentials.delete(id)
  }

  /** A key with which this person may have a model asked: theirs or a shared one. Throws Problem not-found; SealBroken. */
  async requireOpened(id: string, userId: string): Promise<OpenedModelKey> {
    const found = await this.credentials.find(id)
    if (!found || !isModelKey(found) || (found.ownerId !== null && found.ownerId !== userId)) throw gone()
    return this.open(toModelKey(found))
  }

  /** Whoever asks has made sure whose it is, e.g. an owner's of the room. Throws SealBroken. */
  async findOpened(id: string): Promise<OpenedModelKey | undefined> {
    const found = await this.credentials.find(id)
    return found && isModelKey(found) ? this.open(toModelKey(found)) : undefined
  }

  private async open({ id, vendor, baseUrl, ...key }: ModelKey): Promise<OpenedModelKey> {
    const { model, prices, inputTokenLimit, outputTokenLimit } = key
    const apiKey = await this.credentials.requireModelKey(id)
    const access = { vendor, apiKey, ...(baseUrl ? { baseUrl } : {}) }
    return { access, model, prices, inputTokenLimit, outputTokenLimit }
  }
}

function isModelKey({ kind }: Credential): boolean {
  return kind === 'model-key'
}

type Told = Pick<NewModelKey, 'model' | 'baseUrl' | 'prices' | 'inputTokenLimit' | 'outputTokenLimit'>

function fieldsOf({ model, baseUrl, prices, inputTokenLimit, outputTokenLimit }: Told): Record<string, string> {
  return {
    model,
    ...(baseUrl === undefined ? {} : { baseUrl }),
    ...(prices ? { inputPrice: String(prices.inputPerMillion), outputPrice: String(prices.outputPerMillion) } : {}),
    ...(inputTokenLimit === undefined ? {} : { inputTokenLimit: String(inputTokenLimit) }),
    ...(outputTokenLimit === undefined ? {} : { outputTokenLimit: String(outputTokenLimit) }),
  }
}

function toModelKey({ id, provider, ownerId, label, fields, origin, createdAt, updatedAt }: Credential): ModelKey {
  const { model = '', baseUrl, inputPrice, outputPrice, inputTokenLimit, outputTokenLimit } = fields
  const prices =
    inputPrice === undefined || outputPrice === undefined
      ? null
      : { inputPerMillion: Number(inputPrice), outputPerMillion: Number(outputPrice) }
  return {
    id,
    vendor: provider,
    ownerId,
    label,
    model,
    baseUrl,
    prices,
    inputTokenLimit: numberOf(inputTokenLimit),
    outputTokenLimit: numberOf(outputTokenLimit),
    origin,
    createdAt,
    updatedAt,
  }
}

function numberOf(field: string | undefined): number | undefined {
  return field === undefined ? undefined : Number(field)
}

function gone(): Problem {
  return new Problem('not-found', 'This key is not there, or no longer.')
}
