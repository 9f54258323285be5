// Administrators find people, see what they have here, and suspend, disable, promote and sign them out.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { OAuthProgram, type Person } from '@sekisho/testing'
import { administrationEntries, confirmed, formAt, type SignedIn, signedInAs, wordsOf } from './admin-bench.js'
import { startTestApp, type TestApp } from './app.js'
import { knock } from './oauth-bench.js'

let app: TestApp
let replica: { url: string; close(): Promise<void> }
let boss: SignedIn

beforeAll(async () => {
  app = await startTestApp()
  replica = await app.replica()
  boss = await signedInAs(app, 'Boss', 'administrator')
})

afterAll(async () => {
  await replica.close()
  await app.close()
})

const stateOf = async (id: string) => (await app.sql('SELECT status, role FROM users WHERE id = $1', [id]))[0]
const lastEntry = async () => (await administrationEntries(app)).at(-1)

async function tokenOf(person: Person, scope = 'product:read') {
  const program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
  return { program, tokens: await program.authorize(person, scope) }
}

describe('the list of people', () => {
  test('is searched by name, address, status and role, and says when nobody fits', async () => {
    const mika = await signedInAs(app, 'Mika List')
    await signedInAs(app, 'Ken List')
    await app.sql(`UPDATE users SET status = 'suspended' WHERE id = $1`, [mika.id])
    const found = async (query: string) => {
      const words = wordsOf(await boss.person.open(`/admin/people?${query}`))
      return ['Mika List', 'Ken List', 'Boss'].filter((name) => words.includes(name))
    }
    expect(await found('')).toEqual(['Mika List', 'Ken List', 'Boss'])
    expect(await found('text=mIKA')).toEqual(['Mika List'])
    expect(await found('text=ken.list%40example')).toEqual(['Ken List'])
    expect(await found('text=list&status=active')).toEqual(['Ken List'])
    expect(await found('role=administrator')).toEqual(['Boss'])
    expect(wordsOf(await boss.person.open('/admin/people?text=nobody-here'))).toContain('Nobody fits')
    // What nobody could have chosen narrows nothing down.
    expect(await found('status=odd&role=odd&text=a&text=b')).toEqual(['Mika List', 'Ken List', 'Boss'])
  })

  test('goes on page by page with the same filter, and refuses a crafted page', async () => {
    await app.sql(
      `INSERT INTO users (email, name) SELECT 'many' || n || '@example.test', 'Many ' || n FROM generate_series(1, 60) n`,
    )
    const seen: string[] = []
    let path: string | undefined = '/admin/people?text=many'
    while (path) {
      const page = await boss.person.open(path)
      seen.push(...[...page.body.matchAll(/<strong>(Many \d+)<\/strong>/g)].map(([, name = '']) => name))
      path = /href="([^"]*cursor=[^"]*)"/.exec(page.body)?.[1]?.replaceAll('&amp;', '&')
      expect(path === undefined || path.includes('text=many')).toBe(true)
    }
    expect(new Set(seen).size).toBe(60)
    expect(seen).toHaveLength(60)
    expect((await boss.person.open('/admin/people?cursor=x')).status).toBe(400)
    await app.sql(`DELETE FROM users WHERE name LIKE 'Many %'`)
  })

  test('shows names as text, whatever is in them', async () => {
    await app.sql(`INSERT INTO users (email, name) VALUES ('x@example.test', '<script>alert(1)</script>')`)
    const page = await boss.person.open('/admin/people?text=script')
    expect(page.body).toContain('&lt;script&gt;')
    expect(page.body).not.toContain('<script>alert')
  })
})

describe('the page of a person', () => {
  test('shows their account, programs, sessions and what they did lately', async () => {
    const aki = await signedInAs(app, 'Aki Page')
    const { tokens, program } = await tokenOf(aki.person, 'booking:read order:create')
    await knock(app.url, tokens.access_token)
    const words = wordsOf(await boss.person.open(`/admin/people/${aki.id}`))
    for (const part of ['aki.page@example.test', 'active', 'member', '“Test program”', 'see services', 'just now']) {
      expect(words).toContain(part)
    }
    expect(words).toContain('127.0.0.1')
    expect(words).toMatch(/Lately.*consent|Lately.*sign/)
    expect((await boss.person.open(`/admin/people/${aki.id}`)).body).toContain(encodeURIComponent(program.clientId))
  })

  test.each(['x', '01890000-0000-7000-8000-000000000000', "1' OR 1=1"])('of nobody is not there: %s', async (id) => {
    expect((await boss.person.open(`/admin/people/${encodeURIComponent(id)}`)).status).toBe(404)
    expect((await boss.person.open(`/admin/people/${encodeURIComponent(id)}/suspend`)).status).toBe(404)
  })

  test('knows no other acts', async () => {
    expect((await boss.person.open(`/admin/people/${boss.id}/delete`)).status).toBe(404)
    expect((await boss.person.open(`/admin/people/${boss.id}/toString`)).status).toBe(404)
  })
})

describe('suspending', () => {
  test('asks first, then shuts the person and their programs out at the next call on every replica, until undone', async () => {
    const mika = await signedInAs(app, 'Mika')
    const { tokens, program } = await tokenOf(mika.person)
    const knocks = async () => {
      const answers = await Promise.all([app.url, replica.url].map((url) => knock(url, tokens.access_token)))
      return answers.map(({ status }) => status)
    }
    expect(await knocks()).toEqual([200, 200])
    const question = await boss.person.open(`/admin/people/${mika.id}/suspend`)
    expect(wordsOf(question)).toContain('Suspend Mika?')
    expect(await knocks()).toEqual([200, 200])

    const done = await boss.person.submit(question, formAt(question, `/admin/people/${mika.id}/suspend`))
    expect(wordsOf(done)).toContain('Suspended')
    expect(await knocks()).toEqual([401, 401])
    expect((await program.refresh(tokens.refresh_token ?? '')).status).toBe(400)
    expect((await mika.person.open('/')).url.pathname).toBe('/auth/login')
    expect(await lastEntry()).toMatchObject({
      action: 'suspend',
      outcome: 'ok',
      actor_id: boss.id,
      target_type: 'user',
      target_id: mika.id,
      details: { status_before: 'active', role_before: 'member' },
    })

    expect(done.body).toContain(`href="/admin/people/${mika.id}/reactivate"`)
    await confirmed(boss.person, `/admin/people/${mika.id}/reactivate`)
    expect(await knocks()).toEqual([200, 200])
    expect(await lastEntry()).toMatchObject({ action: 'reactivate', details: { status_before: 'suspended' } })
  })

  test('oneself is neither offered nor done', async () => {
    await signedInAs(app, 'Second Boss', 'administrator')
    const page = await boss.person.open(`/admin/people/${boss.id}`)
    expect(page.body).not.toContain(`/admin/people/${boss.id}/suspend`)
    for (const act of ['suspend', 'disable']) {
      const refused = await confirmed(boss.person, `/admin/people/${boss.id}/${act}`)
      expect(refused.status).toBe(409)
      expect(wordsOf(refused)).toContain('You cannot lock yourself out')
    }
    expect(await stateOf(boss.id)).toEqual({ status: 'active', role: 'administrator' })
    expect(await lastEntry()).toMatchObject({ action: 'disable', outcome: 'refused', reason: 'conflict' })
    await app.sql(`DELETE FROM users WHERE name = 'Second Boss'`)
  })
})

test('disabling withdraws every program for good; reactivating brings the person back and not the programs', async () => {
  const mika = await signedInAs(app, 'Mika Disabled')
  const { tokens } = await tokenOf(mika.person)
  await confirmed(boss.person, `/admin/people/${mika.id}/disable`)
  expect(await stateOf(mika.id)).toMatchObject({ status: 'disabled' })
  expect(await lastEntry()).toMatchObject({ action: 'disable', outcome: 'ok', details: { withdrawn: 1 } })
  await confirmed(boss.person, `/admin/people/${mika.id}/reactivate`)
  expect((await knock(app.url, tokens.access_token)).status).toBe(401)
  expect((await (await app.signedIn('Mika Disabled')).open('/programs')).body).toContain('No program acts for you')
})

test('ending all sessions signs out everywhere and leaves the programs alone', async () => {
  const mika = await signedInAs(app, 'Mika Sessions')
  const again = await app.signedIn('Mika Sessions')
  const { tokens } = await tokenOf(mika.person)
  const done = await confirmed(boss.person, `/admin/people/${mika.id}/end-sessions`)
  expect(wordsOf(done)).toContain('Signed in nowhere')
  for (const person of [mika.person, again]) expect((await person.open('/')).url.pathname).toBe('/auth/login')
  expect((await knock(app.url, tokens.access_token)).status).toBe(200)
  expect(await lastEntry()).toMatchObject({ action: 'end-sessions', details: { ended: 2 } })
})

test('withdrawing one program leaves the others', async () => {
  const mika = await signedInAs(app, 'Mika Programs')
  const [one, two] = [await tokenOf(mika.person), await tokenOf(mika.person)]
  const path = `/admin/people/${mika.id}/withdraw`
  const question = await boss.person.open(`${path}?program=${one.program.clientId}`)
  expect(wordsOf(question)).toContain('Withdraw the access of “Test program”?')
  await boss.person.submit(question, formAt(question, path))
  expect((await knock(replica.url, one.tokens.access_token)).status).toBe(401)
  expect((await knock(replica.url, two.tokens.access_token)).status).toBe(200)
  expect(await lastEntry()).toMatchObject({
    action: 'withdraw',
    target_id: mika.id,
    client_id: one.program.clientId,
    details: { withdrawn: 1 },
  })
  for (const query of ['', '?program=', '?program=%C3%A9', '?program=a&program=b']) {
    expect((await boss.person.open(`${path}${query}`)).status).toBe(400)
  }
})

describe('administrators', () => {
  test('are made and unmade, and the new one may at once what the others may', async () => {
    const mika = await signedInAs(app, 'Mika Admin')
    expect((await mika.person.open('/admin')).status).toBe(403)
    const done = await confirmed(boss.person, `/admin/people/${mika.id}/promote`)
    expect(wordsOf(done)).toContain('Now an administrator')
    expect((await mika.person.open('/admin')).status).toBe(200)
    expect(await lastEntry()).toMatchObject({ action: 'make-administrator', target_id: mika.id })
    // Oneself, knowingly: the page says that only another one can take it back.
    const question = await mika.person.open(`/admin/people/${mika.id}/demote`)
    expect(wordsOf(question)).toContain('only another administrator can take it back')
    const away = await mika.person.submit(question, formAt(question, `/admin/people/${mika.id}/demote`))
    expect([away.status, away.url.pathname]).toEqual([200, '/'])
    expect(await stateOf(mika.id)).toMatchObject({ role: 'member' })
  })

  test('the last one stays one: the page says why, and the refusal is written down', async () => {
    expect(await app.sql(`SELECT id FROM users WHERE role = 'administrator' AND status = 'active'`)).toHaveLength(1)
    const refused = await confirmed(boss.person, `/admin/people/${boss.id}/demote`)
    expect(refused.status).toBe(409)
    expect(wordsOf(refused)).toContain('last active administrator')
    expect(await stateOf(boss.id)).toEqual({ status: 'active', role: 'administrator' })
    expect(await lastEntry()).toMatchObject({ action: 'make-member', outcome: 'refused', reason: 'conflict' })
  })

  test('two who take the role from each other at once, on two replicas, leave one', async () => {
    for (let round = 0; round < 5; round++) {
      const rival = await signedInAs(app, 'Rival', 'administrator')
      await app.sql(`UPDATE users SET role = 'administrator' WHERE id = $1`, [boss.id])
      const against = async (by: SignedIn, whom: SignedIn, url: string) => {
        const question = await by.person.open(`/admin/people/${whom.id}/demote`)
        const form = formAt(question, `/admin/people/${whom.id}/demote`)
        return () =>
          fetch(`${url}${form.action}`, {
            method: 'POST',
            body: new URLSearchParams(form.fields),
            redirect: 'manual',
            headers: { accept: 'text/html', cookie: `sekisho_session=${by.person.cookie('sekisho_session')}` },
          })
      }
      const acts = [await against(boss, rival, app.url), await against(rival, boss, replica.url)]
      const statuses = (await Promise.all(acts.map((act) => act()))).map(({ status }) => status)
      expect(statuses.toSorted()[0]).toBe(303)
      expect([403, 409]).toContain(statuses.toSorted()[1])
      const left = await app.sql<{ id: string }>(`SELECT id FROM users WHERE role = 'administrator'`)
      expect(left).toHaveLength(1)
    }
    await app.sql(`UPDATE users SET role = 'administrator' WHERE id = $1`, [boss.id])
  })

  test('of ADMIN_EMAILS come back at their next sign-in, and the question says so', async () => {
    const own = await startTestApp({ env: { ADMIN_EMAILS: 'Chief@example.test,deputy@example.test' } })
    try {
      const chief = await signedInAs(own, 'Chief')
      const deputy = await signedInAs(own, 'Deputy')
      expect((await chief.person.open('/admin')).status).toBe(200)
      const question = await chief.person.open(`/admin/people/${deputy.id}/demote`)
      expect(wordsOf(question)).toContain('ADMIN_EMAILS')
    } finally {
      await own.close()
    }
  })
})
