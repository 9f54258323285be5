// Connecting an account over HTTP: what is asked for, what is kept, and where people end.
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { wordsOf } from './admin-bench.js'
import { type ConnectBench, headingOf, openConnectBench, type Traveller } from './connect-bench.js'
import { akisAccount, akisOtherAccount, cloudClient } from './connected-provider.js'

let bench: ConnectBench
let aki: Traveller

beforeAll(async () => {
  bench = await openConnectBench()
  aki = await bench.traveller('Aki Tanaka')
})

afterEach(async () => {
  bench.service.behave()
  await bench.app.sql('DELETE FROM connections')
  await bench.app.sql('DELETE FROM oauth_states')
})

afterAll(() => bench.close())

/** The authorization request the service saw last. */
function asked(): URLSearchParams {
  const seen = bench.service.seen.filter(({ path }) => path === '/authorize').at(-1)
  if (!seen) throw new Error('nobody came to the service')
  return seen.query
}

describe('the page an account is connected on', () => {
  test('says in plain words what programs may do then, reading first, and only reading is ticked', async () => {
    const page = await aki.open('/connections/box/connect')
    const words = wordsOf(page)
    expect(headingOf(page)).toBe('Connect Boxes')
    expect(words.indexOf('see what is in your boxes')).toBeLessThan(words.indexOf('put things into your boxes'))
    expect(words).toContain('the OAuth client of this server')
    expect(page.forms[0]?.fields.filter(([name]) => name === 'scopes')).toEqual([['scopes', 'box:read']])
  })

  test('offers as one what the service does not tell apart, and says so', async () => {
    await bench.boss.enterClient('crate')
    const page = await aki.open('/connections/crate/connect')
    expect(page.forms[0]?.fields.filter(([name]) => name === 'scopes')).toEqual([['scopes', 'crate:read crate:write']])
    expect(wordsOf(page)).toContain('nail your crates shut makes changes Crates has one permission for all of it')
    await bench.boss.confirmed('/admin/credentials/crate/client/remove')
  })

  test('from a link of a tool has what the tool needs ticked', async () => {
    const page = await aki.open('/connections/box/connect?scopes=box:write,box:nothing')
    expect(page.forms[0]?.fields.filter(([name]) => name === 'scopes')).toEqual([['scopes', 'box:write']])
  })

  test('sends nobody away who ticked nothing', async () => {
    const page = await aki.leave('/connections/box/connect', [])
    expect([page.status, page.url.origin]).toEqual([400, bench.app.url])
    expect(wordsOf(page)).toContain('Leave at least one box ticked')
  })

  test('of a service that nobody has set up says who has to, and administrators where', async () => {
    const words = wordsOf(await aki.open('/connections/crate/connect'))
    expect(words).toContain('Whoever runs this server has not set up Crates')
    const page = await bench.boss.open('/connections/crate/connect')
    expect(page.body).toContain('href="/admin/credentials/crate"')
    const answer = await aki.browser.request(
      'POST',
      new URL('/connections/crate/connect', bench.app.url),
      new URLSearchParams({ _csrf: csrfOf(await aki.open('/account/sessions')), scopes: 'crate:read' }),
    )
    expect(answer.status).toBe(409)
  })

  test('is signed in to first, and come back to with all it was opened with', async () => {
    const address = '/connections/box/connect?scopes=box:write'
    const response = await fetch(`${bench.app.url}${address}`, { headers: { accept: 'text/html' }, redirect: 'manual' })
    expect(response.headers.get('location')).toBe(`/auth/login?returnTo=${encodeURIComponent(address)}`)
  })
})

function csrfOf(page: { forms: readonly { fields: [string, string][] }[] }): string {
  return page.forms.flatMap(({ fields }) => fields).find(([name]) => name === '_csrf')?.[1] ?? ''
}

describe('who goes to the service', () => {
  test('takes along a state of 256 bits, an S256 challenge and the scopes of what was ticked', async () => {
    await aki.leave('/connections/box/connect', ['box:read', 'box:write'])
    const query = asked()
    expect(Object.fromEntries(query)).toEqual({
      response_type: 'code',
      client_id: cloudClient.clientId,
      redirect_uri: `${bench.app.url}/connections/box/callback`,
      scope: 'profile files.read files.write',
      state: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      code_challenge: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      code_challenge_method: 'S256',
    })
  })

  test('leaves a digest of the state here and a sealed verifier, neither itself', async () => {
    await aki.leave()
    const [row] = await bench.app.sql<{ text: string; verifier: Buffer }>(
      'SELECT s::text AS text, code_verifier AS verifier FROM oauth_states s',
    )
    expect(row?.text).not.toContain(asked().get('state'))
    // Version, key id, nonce and tag stand before what is sealed.
    expect(row?.verifier.length).toBe(1 + 8 + 12 + 16 + 43)
  })

  test('and says yes is connected, to the page of connections', async () => {
    const page = await aki.connect({ account: akisAccount }, '/connections/box/connect?returnTo=/connections')
    expect([page.status, page.url.pathname]).toEqual([200, '/connections'])
    expect(page.url.searchParams.get('done')).toBe('connected')
    expect(wordsOf(page)).toContain('aki@clouds.example of Boxes is ready')
    expect(await aki.connections()).toMatchObject([
      { account: 'account-1', scopes: ['profile', 'files.read'], status: 'connected', isDefault: true },
    ])
    expect((await aki.entries()).at(-1)).toMatchObject({ action: 'connect', outcome: 'ok' })
  })

  test('and came by a link of a tool is told to go back to the program', async () => {
    const page = await aki.connect({ account: akisAccount }, '/connections/box/connect?scopes=box:read')
    expect(page.url.pathname).toBe('/connections/connected')
    expect(wordsOf(page)).toContain('You can go back to your program')
    expect(wordsOf(page)).not.toContain('Not given')
  })

  test('goes on where they came from, with that page’s own query', async () => {
    const page = await aki.connect({ account: akisAccount }, '/connections/box/connect?returnTo=%2Fprograms%3Fa%3D1')
    expect(page.url.href).toBe(`${bench.app.url}/programs?a=1`)
  })

  test.each(['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)', '/\t/evil.example'])(
    'is never led to another site: %s',
    async (returnTo) => {
      const page = await aki.connect(
        { account: akisAccount },
        `/connections/box/connect?returnTo=${encodeURIComponent(returnTo)}`,
      )
      expect(page.url.origin).toBe(bench.app.url)
      const changed = await aki.send('/connections/box/connect', '/connections/box/connect', { returnTo })
      const back = await aki.open(await aki.answer(changed, { account: akisAccount }))
      expect(back.url.origin).toBe(bench.app.url)
      const shown = await aki.open(
        `/connections/connected?connection=${(await aki.connections())[0]?.id}&returnTo=${encodeURIComponent(returnTo)}`,
      )
      expect(shown.body).not.toContain('evil.example')
    },
  )

  test('and leaves something out is connected, told what does not work without it, and can be asked again', async () => {
    const page = await aki.connect(
      { account: akisAccount, scopes: ['profile', 'files.read'] },
      '/connections/box/connect?returnTo=/connections',
      ['box:read', 'box:write'],
    )
    const words = wordsOf(page)
    expect(headingOf(page)).toBe('Connected, but not for everything')
    expect(words).toContain('these do not work: Fill boxes')
    const again = /href="(\/connections\/box\/connect[^"]*)"/.exec(page.body)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const more = await aki.open(again)
    expect(headingOf(more)).toBe('Allow more for aki@clouds.example')
    expect(wordsOf(more)).toContain('They already may: see what is in your boxes')
    const end = await aki.connect({ account: akisAccount }, again)
    // A service that forgets what is not asked for again is asked for what the account has, too.
    expect(asked().get('scope')).toBe('profile files.read files.write')
    expect(end.url.searchParams.get('done')).toBe('reconnected')
    expect((await aki.entries()).at(-1)).toMatchObject({ action: 'reconnect', outcome: 'ok' })
  })

  test('can connect a second account, which is not the default', async () => {
    await aki.connect({ account: akisAccount })
    await aki.connect({ account: akisOtherAccount })
    expect((await aki.connections()).map(({ account, isDefault }) => [account, isDefault])).toEqual([
      ['account-1', true],
      ['account-2', false],
    ])
  })
})

describe('at a service that keeps what was given before', () => {
  test('only what is new is asked for', async () => {
    await bench.boss.enterClient('crate')
    const page = await aki.leave('/connections/crate/connect')
    expect(asked().get('scope')).toBe('profile files.read')
    const callback = await aki.answer(page, { account: akisAccount })
    callback.searchParams.set('iss', 'https://crates.example')
    await aki.open(callback)
    await bench.app.sql(`UPDATE connections SET scopes = '{profile,other.scope}'`)
    const [connection] = await aki.connections()
    await aki.leave(`/connections/crate/connect?account=${connection?.id}`)
    expect(asked().get('scope')).toBe('profile files.read')
  })
})

describe('a token made at the service', () => {
  const path = '/connections/box/connect?returnTo=/connections'
  const enter = (changes: Record<string, string>) => aki.send(path, '/connections/box/token', changes)

  test('is asked about at once, kept sealed, and connects its account', async () => {
    const token = bench.service.oauth.personalToken(akisAccount)
    const page = await enter({ token, 'field.shelf': 'north' })
    expect(page.url.searchParams.get('done')).toBe('connected')
    expect(page.body).not.toContain(token)
    expect(await aki.connections()).toMatchObject([{ account: 'account-1', scopes: null }])
    const [row] = await bench.app.sql<{ text: string }>(
      `SELECT string_agg(k::text, ' ') AS text FROM credentials k WHERE kind = 'token'`,
    )
    expect(row?.text).not.toContain(token)
  })

  test('that the service does not take is refused at its field, without being shown again', async () => {
    const page = await enter({ token: 'made-up-token-of-nobody', 'field.shelf': 'north' })
    expect(page.status).toBe(400)
    expect(wordsOf(page)).toContain('Boxes does not take this personal access token')
    expect(page.body).not.toContain('made-up-token-of-nobody')
    expect(page.body).toContain('value="north"')
    expect(await aki.connections()).toEqual([])
    expect((await aki.entries()).at(-1)).toMatchObject({ outcome: 'refused', reason: 'token-refused' })
  })

  test.each([
    [{ token: '', 'field.shelf': 'north' }, 'Paste the personal access token here'],
    [{ token: 'with spaces inside', 'field.shelf': 'north' }, 'signs in it that none has'],
    [{ token: 'x'.repeat(4_001), 'field.shelf': 'north' }, 'signs in it that none has'],
    [{ token: 'abc', 'field.shelf': ' ' }, 'Shelf is needed'],
  ])('with something missing or too much is told at its field: %#', async (changes, words) => {
    bench.service.seen.length = 0
    const page = await enter(changes)
    expect([page.status, wordsOf(page).includes(words)]).toEqual([400, true])
    expect(bench.service.seen).toEqual([])
  })

  test('waits for a service that is down, and nothing is kept', async () => {
    bench.service.misbehave('/api/me', { kind: 'answer', status: 500 })
    const token = bench.service.oauth.personalToken(akisAccount)
    const page = await enter({ token, 'field.shelf': 'north' })
    expect(page.status).toBe(400)
    expect(wordsOf(page)).toContain('Boxes cannot be reached')
    expect(await aki.connections()).toEqual([])
  })
})

describe('an account that is shared', () => {
  test('is chosen by people, used by its token, and nobody sees the token', async () => {
    const token = bench.service.oauth.personalToken(akisOtherAccount)
    const entered = await bench.boss.send('/admin/credentials/box', '/admin/credentials/box/token', {
      token,
      'field.shelf': 'north',
    })
    expect(wordsOf(entered)).toContain('aki@work.example')
    const page = await aki.send('/connections/box/connect?returnTo=/connections', '/connections/box/shared')
    expect(wordsOf(page)).toContain('by a token that whoever runs this server shares')
    expect(page.body + entered.body).not.toContain(token)
    expect(await aki.connections()).toMatchObject([{ account: 'account-2', scopes: null }])
    const gone = await aki.confirmed(`/connections/${(await aki.connections())[0]?.id}/disconnect`)
    expect(wordsOf(gone)).toContain('It was the shared account, which others go on using')
    expect(await bench.app.sql(`SELECT 1 FROM credentials WHERE kind = 'token' AND owner_id IS NULL`)).toHaveLength(1)
  })
})
