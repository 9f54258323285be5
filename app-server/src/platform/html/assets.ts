// The files pages refer to: read once at start, named by their content, so that browsers may keep them for a year.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Injectable } from '@nestjs/common'

/** app-server/assets, seen alike from src/platform/html and dist/platform/html. */
const folder = new URL('../../../assets/', import.meta.url)

const contentTypes = {
  'sekisho.css': 'text/css; charset=utf-8',
  'chat.css': 'text/css; charset=utf-8',
  'chat.js': 'text/javascript; charset=utf-8',
  'chat-stream.js': 'text/javascript; charset=utf-8',
  'composer.js': 'text/javascript; charset=utf-8',
  'sekisho.js': 'text/javascript; charset=utf-8',
  'mark.svg': 'image/svg+xml',
} as const

export type AssetName = keyof typeof contentTypes

export interface Asset {
  readonly contentType: string
  readonly body: Buffer
}

@Injectable()
export class Assets {
  private readonly paths = new Map<AssetName, string>()
  private readonly byHashedName = new Map<string, Asset>()

  /** Throws when a file is missing: a page without its style is a start that failed. */
  constructor() {
    for (const [name, contentType] of Object.entries(contentTypes) as [AssetName, string][]) {
      const body = readFileSync(new URL(name, folder))
      const hash = createHash('sha256').update(body).digest('hex').slice(0, 12)
      const hashedName = name.replace('.', `.${hash}.`)
      this.paths.set(name, `/assets/${hashedName}`)
      this.byHashedName.set(hashedName, { contentType, body })
    }
  }

  /** Where a page finds the asset, e.g. /assets/sekisho.0123456789ab.css. */
  path(name: AssetName): string {
    const path = this.paths.get(name)
    if (path === undefined) throw new Error(`no asset is called ${name}`)
    return path
  }

  find(hashedName: string): Asset | undefined {
    return this.byHashedName.get(hashedName)
  }
}
