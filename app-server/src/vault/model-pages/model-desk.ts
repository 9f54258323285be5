// What the pages of model keys work with: the keys and their uses, the vendors, and the try before a key is kept.
import { Inject, Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { ModelAccess } from '../../models/model.js'
import { ModelVendors } from '../../models/model-vendors.js'
import { SETTINGS, type Settings } from '../../platform/settings.js'
import { ModelKeyUses } from '../model-key-uses.js'
import { type ModelKey, ModelKeys } from '../model-keys.js'
import { ModelTrial } from '../model-trial.js'
import type { ListedKey } from './models.page.js'

@Injectable()
export class ModelDesk {
  readonly allowedHosts: readonly string[]

  constructor(
    readonly keys: ModelKeys,
    readonly uses: ModelKeyUses,
    readonly vendors: ModelVendors,
    readonly trial: ModelTrial,
    @Inject(SETTINGS) { outboundAllowedHosts }: Pick<Settings, 'outboundAllowedHosts'>,
  ) {
    this.allowedHosts = outboundAllowedHosts
  }

  /** Throws Problem not-found; SealBroken. */
  async accessOf({ id }: ModelKey): Promise<ModelAccess> {
    const opened = await this.keys.findOpened(id)
    if (!opened) throw new Problem('not-found', 'This key is not there, or no longer.')
    return opened.access
  }

  /** Keys as they are listed; those of a vendor that is gone from this server are left out. */
  listed(keys: readonly ModelKey[]): ListedKey[] {
    return keys.flatMap((key) => {
      const vendor = this.vendors.find(key.vendor)
      return vendor ? [{ key, service: vendor.title }] : []
    })
  }
}
