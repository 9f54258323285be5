// The vendors of models there are. A new one is a file beside this and a line here.
import { Inject, Injectable } from '@nestjs/common'
import { GuardedFetch } from '../platform/guarded-fetch.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { Gemini } from './gemini.js'
import type { ModelVendor } from './model.js'
import { OpenAiCompatible } from './openai-compatible.js'

@Injectable()
export class ModelVendors {
  readonly all: readonly ModelVendor[]

  constructor(fetch: GuardedFetch, @Inject(SETTINGS) { services }: Pick<Settings, 'services'>) {
    this.all = [new Gemini(fetch, services.gemini.api), new OpenAiCompatible(fetch)]
  }

  find(id: string): ModelVendor | undefined {
    return this.all.find((vendor) => vendor.id === id)
  }
}
