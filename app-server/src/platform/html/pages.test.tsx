// Tests of how a page leaves the house.
import { describe, expect, test } from '@jest/globals'
import type { Response } from 'express'
import { Assets } from './assets.js'
import { type Navigation, type PageOptions, Pages } from './pages.js'
import { ProblemPage } from './problem-page.js'

const navigation: Navigation = {
  places: [{ href: '/', label: () => 'Home' }],
  administration: { label: () => 'Administration', items: [{ href: '/admin', label: () => 'Overview' }] },
  account: [{ href: '/sessions', label: () => 'Sessions' }],
}
const pages = new Pages(new Assets(), navigation)
const viewer = { id: '1', name: '<Mika>', email: 'mika@example.com', administrator: false }

function send(options: Partial<PageOptions> = {}, headers: Record<string, string> = {}) {
  const sent = { status: 0, body: '', headers: new Map(Object.entries(headers)) }
  const response = {
    status: (code: number) => {
      sent.status = code
    },
    setHeader: (name: string, value: string) => sent.headers.set(name, value),
    getHeader: (name: string) => sent.headers.get(name),
    type: () => response,
    send: (body: string) => {
      sent.body = body
    },
  }
  pages.send(response as unknown as Response, { title: 'A <b>', ...options }, <h1>Hello</h1>)
  return sent
}

describe('a page', () => {
  test('is never stored on the way and keeps its address to itself', () => {
    const { status, headers } = send()
    expect(status).toBe(200)
    expect(headers.get('Cache-Control')).toBe('no-store')
    expect(headers.get('Referrer-Policy')).toBe('same-origin')
  })

  test('has nothing inline that the content security policy would stop', () => {
    const { body } = send({ viewer, csrfToken: 't' })
    expect(body).not.toMatch(/<style|\sstyle=|\son[a-z]+=|javascript:/i)
    expect([...body.matchAll(/<script\b[^>]*>/g)].every(([tag]) => / src="\/assets\//.test(tag))).toBe(true)
  })

  test('escapes its title and its viewer', () => {
    const { body } = send({ viewer })
    expect(body).toContain('<title>A &lt;b&gt; · Sekisho</title>')
    expect(body).toContain('&lt;Mika&gt;')
    expect(body).not.toContain('<Mika>')
  })

  test('begins with a way past the navigation', () => {
    const { body } = send({ viewer })
    expect(body.indexOf('href="#content"')).toBeLessThan(body.indexOf('<nav'))
    expect(body).toContain('id="content"')
  })

  test('marks where one is', () => {
    expect(send({ viewer, current: '/' }).body).toContain('<a href="/" aria-current="page">')
    expect(send({ viewer }).body).not.toContain('aria-current')
  })

  test('marks the group one is in, also while it is closed', () => {
    const { body } = send({ viewer: { ...viewer, administrator: true }, current: '/admin' })
    expect(body).toContain('popovertarget="menu-admin" aria-current="true"')
    expect(body).toContain('<a href="/admin" aria-current="page">')
    expect(body.match(/aria-current/g)).toHaveLength(2)
  })

  test('leads administrators, and nobody else, to their pages', () => {
    expect(send({ viewer }).body).not.toContain('/admin')
    expect(send({ viewer: { ...viewer, administrator: true } }).body).toContain('href="/admin"')
  })

  test('shows no navigation to strangers, and offers to sign out only with a token', () => {
    expect(send().body).not.toContain('<nav')
    expect(send({ viewer }).body).not.toContain('/auth/logout')
    expect(send({ viewer, csrfToken: 't0ken' }).body).toMatch(/action="\/auth\/logout".*value="t0ken"/s)
  })

  test('may let its forms lead to other sites, and changes nothing else of the policy', () => {
    const policy = "default-src 'none';script-src 'self';form-action 'self';frame-ancestors 'none'"
    const relaxed = send({ leadsAway: true }, { 'Content-Security-Policy': policy })
    expect(relaxed.headers.get('Content-Security-Policy')).toBe(
      "default-src 'none';script-src 'self';frame-ancestors 'none'",
    )
    expect(send({}, { 'Content-Security-Policy': policy }).headers.get('Content-Security-Policy')).toBe(policy)
  })
})

describe('the page of a problem', () => {
  const problem = {
    type: 'urn:sekisho:problem:internal',
    title: 'Something went wrong on our side',
    status: 500,
    detail: 'This is <our> fault.',
    code: 'internal',
  } as const

  test('says what happened and leads on', () => {
    const html = String(ProblemPage({ problem }))
    expect(html).toContain('<h1>Something went wrong on our side</h1>')
    expect(html).toContain('This is &lt;our&gt; fault.')
    expect(html).toContain('href="/"')
  })

  test('shows the reference that the operator can look up', () => {
    expect(String(ProblemPage({ problem: { ...problem, reference: 'ref-17' } }))).toContain('ref-17')
    expect(String(ProblemPage({ problem, reference: 'ref-18' }))).toContain('ref-18')
    expect(String(ProblemPage({ problem }))).not.toContain('Reference')
  })

  test('leads to signing in where that is what helps', () => {
    expect(String(ProblemPage({ problem: { ...problem, code: 'sign-in-required' } }))).toMatch(
      /button-primary" href="\/auth\/login"/,
    )
  })
})
