// Everything that must not connect an account: the answer is a page that says why, and nothing was kept or overwritten.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Page } from '@sekisho/testing'
import { collectConsents } from '../src/vault/consent-states.js'
import { wordsOf } from './admin-bench.js'
import { type ConnectBench, headingOf, openConnectBench, type Traveller } from './connect-bench.js'
import { akisAccount, akisOtherAccount, bensAccount } from './connected-provider.js'

let bench: ConnectBench
let aki: Traveller
let ben: Traveller

beforeAll(async () => {
  bench = await openConnectBench()
  await bench.boss.enterClient('crate')
  aki = await bench.traveller('Aki Tanaka')
  ben = await bench.traveller('Ben Sato')
})

afterEach(async () => {
  bench.service.behave()
  await bench.app.sql('DELETE FROM connections')
  await bench.app.sql('DELETE FROM oauth_states')
})

afterAll(() => bench.close())

/** Where the service would send somebody who said yes, from the page at `path`. */
async function callbackOf(traveller: Traveller, path?: string, account = akisAccount): Promise<URL> {
  return traveller.answer(await traveller.leave(path), { account })
}

const tokenRequests = () => bench.service.seen.filter(({ path }) => path === '/token').length

async function refusedBecause(page: Page, status: number, heading: string) {
  expect([page.status, headingOf(page)]).toEqual([status, heading])
  expect(await bench.app.sql('SELECT id FROM connections')).toEqual([])
}

describe('who comes back', () => {
  test('signed out is told to start again, and the code goes nowhere', async () => {
    const callback = await callbackOf(aki)
    const code = callback.searchParams.get('code') ?? ''
    const response = await fetch(callback, { headers: { accept: 'text/html' }, redirect: 'manual' })
    const body = await response.text()
    expect([response.status, response.headers.get('location')]).toEqual([401, null])
    expect(body).toContain('You are signed out here')
    expect(body).not.toContain(code)
    expect(tokenRequests()).toBe(0)
    // Whoever began it can still finish it.
    expect((await aki.open(callback)).status).toBe(200)
  })

  test('a second time with the same state is refused, and the service is asked once', async () => {
    const callback = await callbackOf(aki)
    expect((await aki.open(callback)).url.pathname).toBe('/connections/connected')
    const page = await aki.open(callback)
    expect([page.status, headingOf(page)]).toEqual([400, 'This was answered before'])
    expect(tokenRequests()).toBe(1)
    expect(await aki.connections()).toHaveLength(1)
    expect((await aki.entries()).at(-1)).toMatchObject({ outcome: 'refused', reason: 'state-used' })
  })

  test('many times at the same moment is taken once', async () => {
    const callback = await callbackOf(aki)
    const pages = await Promise.all(Array.from({ length: 8 }, () => aki.open(callback)))
    expect(pages.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(400)])
    expect(tokenRequests()).toBe(1)
  })

  test('after ten minutes is too late', async () => {
    const callback = await callbackOf(aki)
    await bench.app.sql(`UPDATE oauth_states SET created_at = now() - interval '10 minutes 1 second'`)
    await refusedBecause(await aki.open(callback), 400, 'This took too long')
    expect(tokenRequests()).toBe(0)
  })

  test('in another session of the same person is refused, and the one that began it can go on', async () => {
    const elsewhere = await bench.traveller('Aki Tanaka')
    expect(elsewhere.id).toBe(aki.id)
    const callback = await callbackOf(aki)
    await refusedBecause(await elsewhere.open(callback), 403, 'This was begun in another browser')
    expect(tokenRequests()).toBe(0)
    expect((await aki.open(callback)).status).toBe(200)
    expect(await aki.connections()).toHaveLength(1)
  })

  test('as somebody else is refused: nobody is led into connecting the account of another', async () => {
    const callback = await callbackOf(aki)
    await refusedBecause(await ben.open(callback), 403, 'This was begun by somebody else')
    expect(tokenRequests()).toBe(0)
    expect((await ben.entries()).at(-1)).toMatchObject({ outcome: 'refused', reason: 'state-of-another' })
  })

  test('after signing in anew in the same browser is refused', async () => {
    const callback = await callbackOf(aki)
    const again = await bench.traveller('Aki Tanaka')
    aki.browser.setCookie('sekisho_session', again.browser.cookie('sekisho_session') ?? '')
    await refusedBecause(await aki.open(callback), 403, 'This was begun in another browser')
  })

  test('to the address of another service is refused', async () => {
    const callback = await callbackOf(aki)
    const swapped = new URL(callback)
    swapped.pathname = '/connections/crate/callback'
    swapped.searchParams.set('iss', 'https://crates.example')
    await refusedBecause(await aki.open(swapped), 400, 'Nothing is open that this belongs to')
    expect(tokenRequests()).toBe(0)
  })

  test.each([
    ['no state', (query: URLSearchParams) => query.delete('state')],
    ['a made-up state', (query: URLSearchParams) => query.set('state', 'A'.repeat(43))],
    ['a state of any length', (query: URLSearchParams) => query.set('state', 'A'.repeat(9_000))],
    ['two states', (query: URLSearchParams) => query.append('state', 'B'.repeat(43))],
  ])('with %s is refused', async (_what, change) => {
    const callback = await callbackOf(aki)
    change(callback.searchParams)
    await refusedBecause(await aki.open(callback), 400, 'Nothing is open that this belongs to')
  })

  test.each([
    ['of nobody', undefined],
    ['of another sender', 'https://evil.example'],
  ])(
    'with an answer %s is refused where the service names itself, before the code is shown to anybody',
    async (_, iss) => {
      const callback = await callbackOf(aki, '/connections/crate/connect')
      if (iss) callback.searchParams.set('iss', iss)
      await refusedBecause(await aki.open(callback), 400, 'This did not come from Crates')
      expect(tokenRequests()).toBe(0)
    },
  )

  test('with the verifier of another consent is refused by the service', async () => {
    const first = await callbackOf(aki)
    const second = await callbackOf(aki)
    second.searchParams.set('code', first.searchParams.get('code') ?? '')
    await refusedBecause(await aki.open(second), 502, 'Boxes did not complete it')
  })
})

describe('the service', () => {
  test('that was told no is no drama, and the next try asks for the same', async () => {
    const consent = await aki.leave('/connections/box/connect?scopes=box:write&returnTo=/programs')
    const page = await aki.open(await aki.answer(consent, { account: akisAccount, choice: 'deny' }))
    await refusedBecause(page, 403, 'You did not allow it')
    expect(page.body).toContain('href="/connections/box/connect?scopes=box:write&amp;returnTo=%2Fprograms"')
    expect((await aki.entries()).at(-1)).toMatchObject({ outcome: 'refused', reason: 'consent-denied' })
  })

  test.each([
    ['server_error', 503, 'Boxes cannot be reached'],
    ['unauthorized_client', 502, 'Boxes does not accept this server'],
    ['redirect_uri_mismatch', 502, 'Boxes does not accept this server'],
    ['<script>alert(1)</script>', 502, 'Boxes did not complete it'],
  ])('that says %s instead of a code is told in plain words', async (error, status, heading) => {
    const callback = await callbackOf(aki)
    callback.searchParams.delete('code')
    callback.searchParams.set('error', error)
    const page = await aki.open(callback)
    await refusedBecause(page, status, heading)
    expect(page.body).not.toContain('<script>alert')
  })

  test('that says neither yes nor no did not complete it', async () => {
    const callback = await callbackOf(aki)
    callback.searchParams.delete('code')
    await refusedBecause(await aki.open(callback), 502, 'Boxes did not complete it')
  })

  test.each([
    ['is down', { kind: 'answer', status: 503 }, 503, 'Boxes cannot be reached'],
    ['hangs up', { kind: 'drop' }, 503, 'Boxes cannot be reached'],
    ['is limiting', { kind: 'answer', status: 429 }, 503, 'Boxes cannot be reached'],
    [
      'talks of something else',
      { kind: 'answer', status: 200, body: 'hello' },
      502,
      'Boxes answered in an unexpected way',
    ],
    [
      'does not know our client',
      { kind: 'answer', status: 401, body: { error: 'invalid_client' } },
      502,
      'Boxes does not accept this server',
    ],
  ] as const)('whose token endpoint %s connects nothing', async (_what, how, status, heading) => {
    const callback = await callbackOf(aki)
    bench.service.misbehave('/token', how)
    await refusedBecause(await aki.open(callback), status, heading)
  })

  test('that refuses the client is a matter for administrators, who get the link', async () => {
    bench.service.misbehave('/token', { kind: 'answer', status: 401, body: { error: 'invalid_client' } })
    const forAki = await aki.open(await callbackOf(aki))
    expect(forAki.body).not.toContain('/admin/')
    const forBoss = await bench.boss.open(await callbackOf(bench.boss))
    expect(forBoss.body).toContain('href="/admin/credentials/box"')
  })

  test.each([
    ['is down', { kind: 'answer', status: 500 }, 503, 'Boxes cannot be reached'],
    ['does not let it in', { kind: 'answer', status: 403 }, 409, 'That account cannot be used'],
    ['does not take its own token', { kind: 'answer', status: 401 }, 502, 'Boxes answered in an unexpected way'],
    [
      'says nothing known',
      { kind: 'answer', status: 200, body: { id: 7 } },
      502,
      'Boxes answered in an unexpected way',
    ],
    ['says no JSON', { kind: 'answer', status: 200, body: 'x' }, 502, 'Boxes answered in an unexpected way'],
  ] as const)('that %s when asked whose account it is connects nothing', async (_what, how, status, heading) => {
    const callback = await callbackOf(aki)
    bench.service.misbehave('/api/me', how)
    await refusedBecause(await aki.open(callback), status, heading)
  })
})

describe('an account that is connected already', () => {
  test('is not overwritten by another one that comes back instead of it', async () => {
    await aki.connect({ account: akisAccount })
    const [before] = await aki.connections()
    const rows = () =>
      bench.app.sql(
        'SELECT c::text AS c, t::text AS t FROM connections c JOIN oauth_tokens t ON t.connection_id = c.id',
      )
    const kept = await rows()
    const page = await aki.connect({ account: akisOtherAccount }, `/connections/box/connect?account=${before?.id}`)
    expect([page.status, headingOf(page)]).toEqual([409, 'That is another account'])
    expect(wordsOf(page)).toContain('You came back with aki@work.example , and it was aki@clouds.example')
    expect(await rows()).toEqual(kept)
    expect((await aki.entries()).at(-1)).toMatchObject({
      action: 'reconnect',
      outcome: 'refused',
      reason: 'other-account',
    })
    // Both ways on: the right one, or one more.
    expect(page.body).toContain(`account=${before?.id}`)
    expect(wordsOf(page)).toContain('Connect aki@work.example as well')
  })

  test('is not overwritten by a token of another one either', async () => {
    await aki.connect({ account: akisAccount })
    const [before] = await aki.connections()
    const page = await aki.send(`/connections/box/connect?account=${before?.id}`, '/connections/box/token', {
      token: bench.service.oauth.personalToken(bensAccount),
      'field.shelf': 'north',
    })
    expect(headingOf(page)).toBe('That is another account')
    expect(await aki.connections()).toEqual([before])
    expect(await bench.app.sql(`SELECT id FROM credentials WHERE kind = 'token'`)).toEqual([])
  })

  test('of somebody else is none that could be connected again, disconnected or made the default', async () => {
    await aki.connect({ account: akisAccount })
    await aki.connect({ account: akisOtherAccount })
    const id = (await aki.connections())[1]?.id ?? ''
    const page = await ben.open(`/connections/box/connect?account=${id}`)
    expect(headingOf(page)).toBe('Connect Boxes')
    expect(page.body).not.toContain('aki@')
    const changed = await ben.send('/connections/box/connect', '/connections/box/connect', { account: id })
    expect(changed.status).toBe(404)
    expect((await ben.open(`/connections/${id}/disconnect`)).url.search).toBe('?done=gone')
    expect((await ben.open(`/connections/connected?connection=${id}`)).url.search).toBe('?done=gone')
    const _csrf = csrfOf(await ben.open('/account/sessions'))
    for (const act of ['disconnect', 'default']) {
      const url = new URL(`/connections/${id}/${act}`, bench.app.url)
      const response = await ben.browser.request('POST', url, new URLSearchParams({ _csrf }), bench.app.url)
      expect([act, response.headers.get('location')]).toEqual([act, '/connections?done=gone'])
    }
    expect((await aki.connections()).map(({ isDefault }) => isDefault)).toEqual([true, false])
  })

  test('is one of at most twenty', async () => {
    await aki.connect({ account: akisAccount })
    await bench.app.sql(
      `INSERT INTO connections (user_id, provider, credential_id, account_id, label)
       SELECT user_id, provider, credential_id, 'more-' || n, 'more-' || n FROM connections, generate_series(1, 19) AS n`,
    )
    const page = await aki.connect({ account: akisOtherAccount })
    expect([page.status, headingOf(page)]).toEqual([409, 'You have as many accounts as there is room for'])
    expect(await aki.connections()).toHaveLength(20)
  })
})

function csrfOf(page: Page): string {
  return page.forms.flatMap(({ fields }) => fields).find(([name]) => name === '_csrf')?.[1] ?? ''
}

describe('every form of connections', () => {
  test('needs a session, the token of that session, and comes from a page of ours', async () => {
    await aki.connect({ account: akisAccount })
    const id = (await aki.connections())[0]?.id ?? ''
    const _csrf = csrfOf(await aki.open('/account/sessions'))
    const actions = ['box/connect', 'box/token', 'box/shared', 'box/client', 'box/client/remove', `${id}/default`]
    for (const action of [...actions, `${id}/disconnect`]) {
      const url = new URL(`/connections/${action}`, bench.app.url)
      const body = new URLSearchParams({ _csrf, scopes: 'box:read' })
      const without = new URLSearchParams({ scopes: 'box:read' })
      const signedOut = await fetch(url, {
        method: 'POST',
        body,
        redirect: 'manual',
        headers: { accept: 'application/json' },
      })
      expect([action, signedOut.status]).toEqual([action, 401])
      expect([action, (await aki.browser.request('POST', url, without, bench.app.url)).status]).toEqual([action, 403])
      expect([action, (await aki.browser.request('POST', url, body, 'https://evil.example')).status]).toEqual([
        action,
        403,
      ])
    }
    expect(await aki.connections()).toHaveLength(1)
    expect(await bench.app.sql('SELECT 1 FROM oauth_states WHERE used_at IS NULL')).toEqual([])
  })
})

describe('consents under way', () => {
  test('are thirty at most in ten minutes for one person, however many come at once', async () => {
    const page = await aki.open('/connections/box/connect')
    const _csrf = csrfOf(page)
    const begin = () =>
      aki.browser.request(
        'POST',
        new URL('/connections/box/connect', bench.app.url),
        new URLSearchParams({ _csrf, scopes: 'box:read' }),
        bench.app.url,
      )
    const answers = await Promise.all(Array.from({ length: 34 }, begin))
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(30)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(4)
    // Others are not held up by it.
    expect((await ben.leave()).url.origin).toBe(bench.service.url)
  })

  test('are forgotten when they are long over, and not before', async () => {
    await aki.leave()
    await aki.leave()
    await bench.app.sql(
      `UPDATE oauth_states SET created_at = now() - interval '61 minutes'
        WHERE id = (SELECT id FROM oauth_states LIMIT 1)`,
    )
    await collectConsents({ query: (text, parameters) => bench.app.sql(text, [...(parameters ?? [])]) })
    expect(await bench.app.sql('SELECT id FROM oauth_states')).toHaveLength(1)
  })
})

test('no page, no log line and no audit entry has a state, a code, a token or a secret', async () => {
  const pages: Page[] = []
  const states: string[] = []
  const begin = async (path?: string) => {
    const callback = await callbackOf(aki, path)
    states.push(callback.searchParams.get('state') ?? '', callback.searchParams.get('code') ?? '')
    return callback
  }
  const callback = await begin()
  pages.push(await ben.open(callback), await aki.open(callback), await aki.open(callback))
  const failing = await begin()
  bench.service.misbehave('/api/me', { kind: 'answer', status: 200, body: { id: 7 } })
  pages.push(await aki.open(failing))
  bench.service.misbehave('/token', { kind: 'answer', status: 400, body: { error: 'odd' } })
  pages.push(await aki.open(await begin()))
  pages.push(await aki.open('/connections'))
  const given = bench.service.seen.flatMap(
    ({ headers }) => /^Bearer (\S+)$/.exec(headers.authorization ?? '')?.[1] ?? [],
  )
  expect(given.length).toBeGreaterThan(0)
  const secrets = [...states, ...given, 'cloud-client-secret-kept'].filter(Boolean)
  const audit = await bench.app.sql<{ text: string }>(`SELECT string_agg(e::text, ' ') AS text FROM audit_entries e`)
  const everything = [...pages.map(({ body }) => body), JSON.stringify(bench.app.logLines), audit[0]?.text ?? ''].join(
    ' ',
  )
  expect(everything.includes('state-used')).toBe(true)
  for (const secret of secrets) expect(everything.includes(secret)).toBe(false)
})
