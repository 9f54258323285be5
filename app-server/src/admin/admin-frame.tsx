// What all admin pages have in common: the tabs between them, and the way they are sent.
import { Injectable } from '@nestjs/common'
import type { Response } from 'express'
import type { Child } from 'hono/jsx'
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Session } from '../accounts/session.js'
import { Pages } from '../platform/html/pages.js'
import { t } from './t.js'

/** The tabs, in their order; the navigation of every page has them too. Their links are also what a page names as its own. */
export const adminTabs = [
  { href: '/admin', label: () => t('Overview') },
  { href: '/admin/people', label: () => t('People') },
  { href: '/admin/clients', label: () => t('Clients') },
  { href: '/admin/credentials', label: () => t('Credentials') },
  { href: '/admin/audit', label: () => t('Audit') },
  { href: '/admin/settings', label: () => t('Settings') },
] as const

export type AdminTab = (typeof adminTabs)[number]['href']

export interface AdminPageOptions {
  /** Of the browser's tab. */
  title: string
  /** The tab this page belongs to. */
  tab: AdminTab
  /** 200 unless told. */
  status?: number
}

@Injectable()
export class AdminPages {
  constructor(private readonly pages: Pages) {}

  /** Sends a page with the navigation and the tabs; `body` has the one h1. */
  send(response: Response, session: Session, { title, tab, status = 200 }: AdminPageOptions, body: JSX.Element): void {
    const { viewer, csrfToken } = session
    const options = { title: `${title} · ${t('Admin')}`, status, viewer, csrfToken, current: tab }
    this.pages.send(response, options, AdminFrame({ tab, body: body as Child }))
  }

  /** Sends the question before a dangerous act, on a sheet of its own. */
  ask(response: Response, session: Session, title: string, body: JSX.Element, status = 200): void {
    this.pages.send(response, { title, status, layout: 'card', viewer: session.viewer }, body)
  }
}

function AdminFrame({ tab, body }: { tab: AdminTab; body: Child }) {
  return (
    <>
      <nav class="tabs" aria-label={t('Admin')}>
        <ul>
          {adminTabs.map(({ href, label }) => (
            <li>
              <a href={href} aria-current={href === tab ? 'page' : undefined}>
                {label()}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {body}
    </>
  )
}
