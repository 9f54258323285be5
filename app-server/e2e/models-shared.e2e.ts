// Keys of models for everybody: entered by administrators or given by the environment, usable by all, changed by few.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { GeminiFake } from '@sekisho/fakes'
import { administrationEntries, confirmed, wordsOf } from './admin-bench.js'
import { startTestApp, type TestApp } from './app.js'
import { newRoom } from './chat-bench.js'
import { type KeyKeeper, type ModelsBench, openModelsBench } from './models-bench.js'

describe('a shared key', () => {
  let bench: ModelsBench
  let aki: KeyKeeper
  let path: string

  beforeAll(async () => {
    bench = await openModelsBench()
    aki = await bench.keeper('Aki Tanaka')
    expect(wordsOf(await bench.boss.open('/admin/credentials'))).toContain('None yet. Whoever wants the chat to answer')
    await bench.boss.addGemini(bench.gemini.apiKey, '/admin/models')
    path = `/admin/models/${(await bench.boss.keys(null))[0]?.id}`
  })

  afterAll(() => bench.close())

  test('is seen by everybody among their own, and opened there by administrators alone', async () => {
    const page = await aki.open('/models')
    expect(wordsOf(page)).toContain('Google Gemini Model gemini-3.8-flash Service Google Gemini')
    expect(wordsOf(page)).toContain('everybody here')
    expect(page.body).not.toContain(path)
    expect((await bench.boss.open('/models')).body).toContain(path)
    expect(wordsOf(await bench.boss.open('/admin/credentials'))).toContain('gemini-3.8-flash')
  })

  test('is changed by no member, by its own page or as if it were theirs', async () => {
    const before = await bench.app.sql('SELECT * FROM credentials')
    const mine = await aki.open('/connections')
    const _csrf = mine.forms.flatMap(({ fields }) => fields).find(([name]) => name === '_csrf')?.[1] ?? ''
    const post = async (address: string) => {
      const body = new URLSearchParams({ _csrf, vendor: 'gemini', apiKey: bench.gemini.apiKey, name: 'Mine' })
      return aki.person.request('POST', new URL(address, bench.app.url), body, bench.app.url)
    }
    for (const page of [path, `${path}/model`, `${path}/remove`, '/admin/models/add']) {
      expect([page, (await aki.open(page)).status]).toEqual([page, 403])
    }
    for (const act of ['/model', '/key', '/prices', '/test', '/remove']) {
      expect([act, (await post(`${path}${act}`)).status]).toEqual([act, 403])
      const asOwn = await post(`${path.replace('/admin', '')}${act}`)
      expect([act, asOwn.headers.get('location')]).toEqual([act, '/models?done=gone'])
    }
    expect((await post('/admin/models/add')).status).toBe(403)
    expect(await bench.app.sql('SELECT * FROM credentials')).toEqual(before)
  })

  test('is not removed before it is said how many rooms of all people would fall silent', async () => {
    expect(wordsOf(await bench.boss.open(`${path}/remove`))).toContain('No room uses it.')
    const credential = path.split('/').at(-1) ?? ''
    const ben = await bench.keeper('Ben Sato')
    for (const { person } of [aki, aki, ben]) await newRoom(person, 'Plans', { credential })
    expect(wordsOf(await bench.boss.open(`${path}/remove`))).toContain('3 rooms use it, archived ones included.')
  })

  test('is tried, renamed and removed by administrators, and all of it is written down without the key', async () => {
    expect(wordsOf(await bench.boss.send(path, `${path}/test`))).toContain('The service takes the key')
    await bench.boss.send(`${path}/model`, `${path}/model`, { name: 'House Gemini' })
    const refused = await bench.boss.send(path, `${path}/key`, { apiKey: 'AIza-wrong' })
    expect([refused.status, wordsOf(refused)]).toEqual([400, expect.stringContaining('does not take this key')])
    const page = await confirmed(bench.boss.person, `${path}/remove`)
    expect(wordsOf(page)).toContain('The key is deleted here.')
    expect(await bench.boss.keys(null)).toEqual([])
    const entries = await administrationEntries(bench.app)
    expect(entries.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'add-shared-model-key ok',
      'change-shared-model-key ok',
      'replace-shared-model-key refused',
      'remove-shared-model-key ok',
    ])
    expect(JSON.stringify(entries)).not.toContain(bench.gemini.apiKey)
    const log = await bench.boss.open('/admin/audit?kind=administration')
    expect(wordsOf(log)).toContain('entered a key of a language model for everybody')
  })
})

describe('the key that the environment gives', () => {
  let gemini: GeminiFake
  let app: TestApp

  beforeAll(async () => {
    gemini = await new GeminiFake().listen()
    app = await startTestApp({
      env: { ...gemini.env, GEMINI_MODEL: 'gemini-3.8-flash', ADMIN_EMAILS: 'boss@example.test' },
    })
  })

  afterAll(async () => {
    await app?.close()
    await gemini?.close()
  })

  test('is there for everybody, follows the environment, and stays when it is no longer given', async () => {
    const rows = () =>
      app.sql(
        `SELECT id, label, origin, fields, updated_at FROM credentials WHERE kind = 'model-key' ORDER BY created_at`,
      )
    const restarted = async (env: Record<string, string>) => (await app.replica(env)).close()
    const first = await rows()
    expect(first).toMatchObject([
      { label: 'Gemini', origin: 'environment', fields: { model: 'gemini-3.8-flash', inputPrice: '0.75' } },
    ])
    const boss = await app.signedIn('Boss')
    const path = `/admin/models/${(first[0] as { id: string }).id}`
    const page = await boss.open(path)
    expect(wordsOf(page)).toContain('Given by the environment')
    expect(page.forms.map(({ action }) => action)).not.toContain(`${path}/key`)
    expect((await boss.open(`${path}/remove`)).status).toBe(409)
    expect(page.body).not.toContain(gemini.apiKey)

    await restarted({})
    expect(await rows()).toEqual(first)
    await restarted({ GEMINI_MODEL: 'gemini-2.5-flash' })
    expect(await rows()).toMatchObject([
      { origin: 'environment', fields: { model: 'gemini-2.5-flash', inputPrice: '0.3' } },
    ])
    await restarted({ GEMINI_API_KEY: '' })
    expect(await rows()).toMatchObject([{ id: (first[0] as { id: string }).id, origin: 'page' }])
    expect((await boss.open(`${path}/remove`)).status).toBe(200)
  })
})
