// Tries a model key before it is kept: the service is asked which models it may use.
import { Injectable } from '@nestjs/common'
import { type ModelAccess, ModelFailure, type ModelInfo, type ModelVendor } from '../models/model.js'
import { ModelVendors } from '../models/model-vendors.js'
import { TokenAttempts } from './token-attempts.js'

/** A person waits for it. */
const trialMs = 12_000

@Injectable()
export class ModelTrial {
  constructor(
    readonly vendors: ModelVendors,
    private readonly attempts: TokenAttempts,
  ) {}

  /**
   * The models of a key that the service takes, at least one.
   * Throws ModelFailure; Problem rate-limited when this person tries too often.
   */
  async modelsOf(userId: string, vendor: ModelVendor, access: ModelAccess): Promise<readonly ModelInfo[]> {
    this.attempts.count(userId)
    const signal = AbortSignal.timeout(trialMs)
    const models = await vendor.listModels(access, signal).catch((error: unknown) => {
      throw signal.aborted ? new ModelFailure('timeout', 'no list of models in time', { cause: error }) : error
    })
    if (models.length === 0) throw new ModelFailure('model-gone', 'the service lists no model for conversations')
    return models
  }
}
