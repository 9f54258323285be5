// How a page leaves the house: whole, in one layout, never stored on the way.
import { Inject, Injectable } from '@nestjs/common'
import type { Response } from 'express'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { Assets } from './assets.js'
import { Layout, type PageOptions } from './layout.js'
import type { Navigation } from './menu.js'

export type { PageOptions } from './layout.js'
export type { Navigation, NavigationItem, Viewer } from './menu.js'

/** Injection token of the Navigation that the composition provides: rooms do not know each other's pages. */
export const NAVIGATION = Symbol('navigation')

@Injectable()
export class Pages {
  constructor(
    private readonly assets: Assets,
    @Inject(NAVIGATION) private readonly navigation: Navigation,
  ) {}

  /** Answers with the page. `body` is what stands between header and footer and has the page's one h1. */
  send(response: Response, options: PageOptions, body: JSX.Element): void {
    const { assets, navigation } = this
    const page = Layout({ ...options, assets, extras: options.assets ?? [], navigation, body })
    response.status(options.status ?? 200)
    response.setHeader('Cache-Control', 'no-store')
    // Not no-referrer: under that policy browsers send `Origin: null` with our own forms, and they would be refused.
    response.setHeader('Referrer-Policy', 'same-origin')
    if (options.leadsAway) allowFormsToLeadAway(response)
    response.type('html').send(`<!doctype html>${String(page)}`)
  }
}

function allowFormsToLeadAway(response: Response): void {
  const policy = response.getHeader('Content-Security-Policy')
  if (typeof policy !== 'string') return
  const kept = policy.split(';').filter((directive) => !directive.trim().startsWith('form-action '))
  response.setHeader('Content-Security-Policy', kept.join(';'))
}
