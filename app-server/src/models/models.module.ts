// Wiring of the language models.
import { Module } from '@nestjs/common'
import { ModelVendors } from './model-vendors.js'

@Module({ providers: [ModelVendors], exports: [ModelVendors] })
export class ModelsModule {}
