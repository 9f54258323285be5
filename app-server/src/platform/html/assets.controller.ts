// Serves the style, the script and the mark.
import { Controller, Get, Param, Res } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Response } from 'express'
import { Assets } from './assets.js'

@Controller('assets')
export class AssetsController {
  constructor(private readonly assets: Assets) {}

  @Get(':name')
  serve(@Param('name') name: string, @Res() response: Response): void {
    const asset = this.assets.find(name)
    if (!asset) throw new Problem('not-found', 'This file belongs to another version of Sekisho. Reload the page.')
    response.setHeader('Cache-Control', 'public, max-age=31536000, immutable')
    response.setHeader('X-Content-Type-Options', 'nosniff')
    response.setHeader('Content-Type', asset.contentType)
    response.send(asset.body)
  }
}
