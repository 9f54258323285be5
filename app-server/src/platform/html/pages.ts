// How a page leaves the house: whole, in one layout, never stored on the way.
import { Inject, Injectable } from '@nestjs/common'
import type { Response } from 'express'
import type { JSX } from 'hono/jsx'
import { Assets } from './assets.js'
import { Layout } from './layout.js'

/** Who looks at the page. */
export interface Viewer {
  id: string
  name: string
  email: string
  administrator: boolean
}

/** One place the navigation leads to. */
export interface NavigationItem {
  href: string
  label: string
  administratorsOnly?: boolean
}

/** Injection token of the NavigationItem[] that the composition provides: rooms do not know each other's pages. */
export const NAVIGATION = Symbol('navigation')

export interface PageOptions {
  /** Of the browser's tab; the page itself carries its own h1. */
  title: string
  /** HTTP status, 200 unless told. */
  status?: number
  /** With a viewer the page has the navigation and says who is signed in. */
  viewer?: Viewer
  /** The viewer's session's token; with it the page offers to sign out. */
  csrfToken?: string
  /** `href` of the navigation item this page belongs to. */
  current?: string
  /** 'app' (default): navigation and a wide sheet. 'card': one narrow sheet for one decision. */
  layout?: 'app' | 'card'
}

@Injectable()
export class Pages {
  constructor(
    private readonly assets: Assets,
    @Inject(NAVIGATION) private readonly navigation: readonly NavigationItem[],
  ) {}

  /** Answers with the page. `body` is what stands between header and footer and has the page's one h1. */
  send(response: Response, options: PageOptions, body: JSX.Element): void {
    const navigation = this.navigation.filter((item) => !item.administratorsOnly || options.viewer?.administrator)
    const page = Layout({ ...options, assets: this.assets, navigation, body })
    response.status(options.status ?? 200)
    response.setHeader('Cache-Control', 'no-store')
    // Not no-referrer: under that policy browsers send `Origin: null` with our own forms, and they would be refused.
    response.setHeader('Referrer-Policy', 'same-origin')
    response.type('html').send(`<!doctype html>${String(page)}`)
  }
}
