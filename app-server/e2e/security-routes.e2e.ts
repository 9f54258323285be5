// Every route there is, asked of the running router itself, so that a new one without its defence fails here.
import { request as httpRequest } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { INestApplication } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { Person } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'

interface Route {
  method: string
  path: string
}

let app: TestApp
let routes: Route[]
let administrator: Person
let formToken: string

/** Routes that are not for people with a session, and why; who may use them is tested where they are. */
const withoutSession: Record<string, string> = {
  'POST /auth/development': 'signs in, so there is no session yet; its form has a token of the browser',
  'POST /language': 'changes nothing but the words of the pages, also for who is not signed in',
  'POST /oauth/introspect': 'writes nothing, and is open to programs in browsers of any site',
}

beforeAll(async () => {
  const started: INestApplication[] = []
  const create = NestFactory.create
  NestFactory.create = (async (...given: Parameters<typeof create>) => {
    const nest = await create.apply(NestFactory, given)
    started.push(nest)
    return nest
  }) as typeof create
  try {
    app = await startTestApp()
  } finally {
    NestFactory.create = create
  }
  routes = routesOf(started[0] as INestApplication)
  administrator = await app.signedIn('Aki Tanaka')
  formToken = await formTokenOf(administrator)
})

afterAll(() => app.close())

/** What Express answers, by method and path with every parameter filled in. */
function routesOf(nest: INestApplication): Route[] {
  interface Layer {
    route?: { path: string; methods: Record<string, boolean> }
  }
  const { router } = nest.getHttpAdapter().getInstance() as { router: { stack: Layer[] } }
  return router.stack.flatMap(({ route }) => {
    if (!route) return []
    const path = route.path.replaceAll(/:\w+/g, '00000000-0000-7000-8000-000000000000')
    return Object.keys(route.methods).map((method) => ({ method: method.toUpperCase(), path }))
  })
}

const isWrite = ({ method }: Route) => !['GET', 'HEAD', 'OPTIONS'].includes(method)
const nameOf = ({ method, path }: Route) => `${method === '_ALL' ? 'POST' : method} ${path}`

async function formTokenOf(person: Person): Promise<string> {
  const page = await person.open('/account/sessions')
  const token = page.forms.flatMap(({ fields }) => fields).find(([name]) => name === '_csrf')?.[1]
  if (!token) throw new Error('the page has no form token')
  return token
}

interface Sent {
  fields?: Record<string, string>
  headers?: Record<string, string>
}

/** Sends a write with the administrator's cookie, as a form or, when it is told so, as JSON. */
async function send({ method, path }: Route, { fields = {}, headers = {} }: Sent = {}) {
  const json = headers['content-type'] === 'application/json'
  const response = await fetch(`${app.url}${path}`, {
    method: method === '_ALL' ? 'POST' : method,
    redirect: 'manual',
    headers: {
      accept: 'application/json',
      cookie: `sekisho_session=${administrator.cookie('sekisho_session')}`,
      ...headers,
    },
    body: json ? JSON.stringify(fields) : new URLSearchParams(fields),
    signal: AbortSignal.timeout(10_000),
  })
  const text = await response.text()
  const code = /"code":"([a-z-]+)"/.exec(text)?.[1]
  return { status: response.status, code }
}

const writes = () => routes.filter((route) => isWrite(route) && !(nameOf(route) in withoutSession))

async function everything(): Promise<unknown> {
  return app.sql(`SELECT (SELECT jsonb_agg(u ORDER BY id) FROM users u) AS users,
                         (SELECT count(*) FROM sessions) AS sessions, (SELECT count(*) FROM oauth_grants) AS grants`)
}

describe('every writing route', () => {
  test('is found, those we know of among them', () => {
    const names = routes.filter(isWrite).map(nameOf)
    expect(names).toEqual(
      expect.arrayContaining(['POST /auth/logout', 'POST /account/sessions/end', 'POST /programs/withdraw']),
    )
    expect(names.length).toBeGreaterThan(8)
    // A route that went away must not stay excused.
    expect(names).toEqual(expect.arrayContaining(Object.keys(withoutSession)))
  })

  test('refuses a session without the form token of that session, however it is sent', async () => {
    const before = await everything()
    const beni = await app.signedIn('Beni')
    const benisToken = await formTokenOf(beni)
    const after = await everything()
    for (const route of writes()) {
      for (const _csrf of [undefined, '', 'x', benisToken, `${formToken}x`]) {
        for (const headers of [{}, { 'content-type': 'application/json' }] as Record<string, string>[]) {
          const answer = await send(route, { fields: _csrf === undefined ? {} : { _csrf }, headers })
          expect([nameOf(route), [401, 403].includes(answer.status)]).toEqual([nameOf(route), true])
        }
      }
      const byHeader = await send(route, { headers: { 'x-csrf-token': benisToken } })
      expect([nameOf(route), [401, 403].includes(byHeader.status)]).toEqual([nameOf(route), true])
    }
    expect(before).not.toEqual(after)
    expect(await everything()).toEqual(after)
  })

  test('of a session takes that token, and no token makes it a matter of another site', async () => {
    let taken = 0
    for (const route of writes()) {
      // Some of them end the session.
      administrator = await app.signedIn('Aki Tanaka')
      formToken = await formTokenOf(administrator)
      expect([nameOf(route), (await send(route)).code]).toEqual([nameOf(route), 'form-expired'])
      const foreign = { fields: { _csrf: formToken }, headers: { origin: 'https://evil.example' } }
      expect([nameOf(route), await send(route, foreign)]).toEqual([nameOf(route), { status: 403, code: 'forbidden' }])
      const answer = await send(route, { fields: { _csrf: formToken } })
      expect([nameOf(route), answer.code === 'form-expired', answer.status < 500]).toEqual([nameOf(route), false, true])
      taken++
    }
    expect(taken).toBe(writes().length)
  })

  test('refuses a page of another site, with or without a session', async () => {
    const open = ['POST /oauth/introspect']
    for (const route of routes.filter((one) => isWrite(one) && !open.includes(nameOf(one)))) {
      for (const origin of ['https://evil.example', 'null', 'http://localhost:1']) {
        const answer = await send(route, { headers: { origin } })
        expect([nameOf(route), origin, answer.status]).toEqual([nameOf(route), origin, 403])
      }
    }
  })
})

describe('every route at all', () => {
  test('refuses a Host that is not ours', async () => {
    const { port } = new URL(app.url)
    const statusOf = (route: Route, host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const [method = 'GET'] = nameOf(route).split(' ')
        httpRequest({ host: '127.0.0.1', port, method, path: route.path, headers: { host } }, (response) => {
          response.resume()
          resolve(response.statusCode)
        })
          .on('error', reject)
          .end()
      })
    const oauth = ['/oauth/authorize', '/oauth/token', '/oauth/register', '/oauth/revoke', '/internal/mcp']
    const all = [...routes, ...oauth.map((path) => ({ method: 'POST', path }))]
    for (const route of all) {
      for (const host of [`evil.example:${port}`, 'evil.example', `localhost.evil.example:${port}`, '127.0.0.1:1']) {
        expect([nameOf(route), host, await statusOf(route, host)]).toEqual([nameOf(route), host, 403])
      }
    }
  })

  test('under /admin is closed to people who are no administrators', async () => {
    const beni = await app.signedIn('Beni')
    const benisToken = await formTokenOf(beni)
    const admin = routes.filter(({ path }) => path.startsWith('/admin'))
    expect(admin.length).toBeGreaterThan(5)
    for (const route of admin) {
      const [method = 'GET'] = nameOf(route).split(' ')
      const body = isWrite(route) ? new URLSearchParams({ _csrf: benisToken }) : undefined
      const response = await beni.request(method, new URL(route.path, app.url), body, app.url)
      await response.body?.cancel()
      expect([nameOf(route), response.status]).toEqual([nameOf(route), 403])
    }
  })
})
