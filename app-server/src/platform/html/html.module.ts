// Wires the page kit. The composition provides NAVIGATION to the whole application.
import { Global, Module } from '@nestjs/common'
import { AssetsController } from './assets.controller.js'
import { Assets } from './assets.js'
import { Pages } from './pages.js'

@Global()
@Module({ controllers: [AssetsController], providers: [Assets, Pages], exports: [Pages] })
export class HtmlModule {}
