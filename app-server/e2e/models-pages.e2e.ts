// People enter keys of language models, which are tried, sealed and never shown; and change, replace and remove them.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type FakeAnswer, geminiErrors, openAiErrors } from '@sekisho/fakes'
import { formAt, wordsOf } from './admin-bench.js'
import { newRoom } from './chat-bench.js'
import { type KeyKeeper, type ModelsBench, openModelsBench } from './models-bench.js'

let bench: ModelsBench
let aki: KeyKeeper
let ben: KeyKeeper

beforeAll(async () => {
  bench = await openModelsBench()
  ben = await bench.keeper('Ben Sato')
})

/** Another one each time: what one person may try is limited. */
let count = 0
beforeEach(async () => {
  aki = await bench.keeper(`Aki ${++count}`)
})

afterEach(async () => {
  bench.gemini.behave()
  bench.gemini.keys.add(bench.gemini.apiKey)
  bench.openAi.behave()
  await bench.app.sql(`DELETE FROM credentials WHERE kind = 'model-key'`)
})

afterAll(() => bench.close())

describe('a key of Gemini', () => {
  test('is tried, kept, and then its model is chosen, the newest flash being offered first', async () => {
    expect(wordsOf(await aki.open('/models'))).toContain('No model yet')
    const choice = await aki.addGemini(bench.gemini.apiKey)
    expect(wordsOf(choice)).toContain('Choose the model')
    expect(choice.body).toContain('<option value="gemini-3.8-flash" selected')
    expect(choice.body).not.toContain('gemini-2.5-flash-image')
    const form = formAt(choice, new URL(choice.url).pathname)
    const page = await aki.person.submit(choice, form, { model: 'gemini-3.1-pro-preview', name: 'My Gemini' })
    expect(wordsOf(page)).toContain('Rooms that use this key have this model')
    expect(wordsOf(page)).toContain('2 in, 12 out, in US dollars for a million tokens')
    expect(wordsOf(page)).toContain('1,048,576 tokens')
    expect(await aki.keys()).toMatchObject([
      {
        label: 'My Gemini',
        fields: {
          model: 'gemini-3.1-pro-preview',
          inputPrice: '2',
          outputPrice: '12',
          inputTokenLimit: '1048576',
          outputTokenLimit: '65536',
        },
      },
    ])
    expect(wordsOf(await aki.open('/models'))).toContain('My Gemini Model gemini-3.1-pro-preview Service Google Gemini')
  })

  test('is sealed where it is kept, and on no page, in no log and in no audit entry', async () => {
    const { apiKey } = bench.gemini
    const pages = [await aki.addGemini(apiKey)]
    const [key] = await aki.keys()
    const path = `/models/${key?.id}`
    pages.push(
      await aki.open('/models'),
      await aki.open(path),
      await aki.open(`${path}/model`),
      await aki.open(`${path}/remove`),
    )
    pages.push(
      await aki.send(path, `${path}/test`),
      await aki.send(path, `${path}/key`, { apiKey: 'AIza-another-wrong-key' }),
    )
    bench.gemini.keys.clear()
    pages.push(await aki.send(path, `${path}/test`), await aki.addGemini(apiKey))
    expect(pages.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 400, 200, 400])
    const kept = await bench.app.sql('SELECT * FROM credentials')
    const written = await bench.app.sql('SELECT * FROM audit_entries')
    const seen = [pages.map(({ body }) => body), bench.app.logLines, written, kept]
      .map((one) => JSON.stringify(one))
      .join('')
    expect(written.length).toBeGreaterThan(2)
    for (const secret of [apiKey, 'AIza-another-wrong-key']) expect(seen).not.toContain(secret)
    expect(seen).not.toContain(Buffer.from(apiKey).toString('hex'))
  })

  test.each<[string, FakeAnswer | undefined, string, string]>([
    ['is none', geminiErrors.keyInvalid(), 'Google Gemini does not take this key.', 'model-key-refused'],
    ['may not', geminiErrors.serviceDisabled(), 'does not let it use models', 'model-no-permission'],
    ['has used up its day', geminiErrors.dayQuota(), 'is used up', 'model-quota'],
    ['comes too soon', geminiErrors.rateLimited(30), 'has too much to do right now', 'model-rate-limited'],
    ['meets a fault', geminiErrors.internal(), 'has too much to do right now', 'model-overloaded'],
    [
      'is for no conversations',
      { status: 200, body: { models: [] } },
      'lists no model that this key may use',
      'model-model-gone',
    ],
    ['meets nobody', undefined, 'cannot be reached right now', 'model-unreachable'],
  ])('that %s is not kept, and its page says so in words', async (_what, answer, words, reason) => {
    const how = answer ? ({ kind: 'answer', status: 200, ...answer } as const) : ({ kind: 'drop' } as const)
    bench.gemini.misbehave('/v1beta/models', how)
    const page = await aki.addGemini('AIza-some-key-or-other')
    expect([page.status, wordsOf(page)]).toEqual([400, expect.stringContaining(words)])
    expect(page.body).not.toContain('AIza-some-key-or-other')
    expect(await aki.keys()).toEqual([])
    expect((await aki.entries()).at(-1)).toMatchObject({ action: 'add-model-key', outcome: 'refused', reason })
  })

  test.each([
    ['nothing', '', 'Paste the key here.'],
    ['signs that no key has', 'AIza 日本語', 'This is no key'],
    ['too much', `AIza${'x'.repeat(600)}`, 'This is no key'],
  ])('that is %s goes nowhere', async (_what, apiKey, words) => {
    const page = await aki.addGemini(apiKey)
    expect([page.status, wordsOf(page)]).toEqual([400, expect.stringContaining(words)])
    expect(bench.gemini.seen).toEqual([])
  })

  test('of several of one person is one of several, and more tries than a person needs are refused', async () => {
    const greedy = await bench.keeper('Greedy')
    const statuses: number[] = []
    for (let tries = 0; tries < 11; tries++) statuses.push((await greedy.addGemini(bench.gemini.apiKey)).status)
    expect(statuses.slice(0, 9)).toEqual(Array(9).fill(200))
    expect(statuses.at(-1)).toBe(429)
    expect((await greedy.keys()).length).toBeGreaterThan(8)
  })
})

describe('a model of one’s own', () => {
  test('is found at its address, with the windows it tells', async () => {
    const choice = await aki.addOwnModel(`${bench.openAi.baseUrl}/`, bench.openAi.options.apiKey ?? '')
    expect(choice.body).toContain('<option value="llama-4-scout" selected')
    expect(await aki.keys()).toMatchObject([
      {
        label: bench.openAi.host,
        fields: { model: 'llama-4-scout', baseUrl: bench.openAi.baseUrl, inputTokenLimit: '131072' },
      },
    ])
    expect((await aki.entries()).at(-1)).toMatchObject({
      action: 'add-model-key',
      outcome: 'ok',
      target_id: (await aki.keys())[0]?.id,
      details: { vendor: 'openai-compatible', model: 'llama-4-scout', host: bench.openAi.host },
    })
  })

  test.each([
    ['is none', 'llm.example.com', 'This is not a whole address'],
    ['has a password in it', 'https://a:b@llm.example.com/v1', 'This is not a whole address'],
    ['is no web address', 'file:///etc/passwd', 'This is not a whole address'],
    ['would show the key to everybody', 'http://llm.example.com/v1', 'The key would be sent in the clear'],
    ['is inside', 'https://127.0.0.1:9/v1', 'This address cannot be reached from here'],
    ['names an inside address', 'https://localhost:9/v1', 'This address cannot be reached from here'],
  ])('whose address %s is refused', async (_what, baseUrl, words) => {
    const page = await aki.addOwnModel(baseUrl, 'sk-x')
    expect([page.status, wordsOf(page)]).toEqual([400, expect.stringContaining(words)])
    expect(await aki.keys()).toEqual([])
  })

  test('that is somewhere else at that address, or wants another key, says which', async () => {
    const elsewhere = await aki.addOwnModel(bench.openAi.url, bench.openAi.options.apiKey ?? '')
    expect(wordsOf(elsewhere)).toContain('There is no list of models at this address. It usually ends with /v1')
    expect(elsewhere.body).toContain(`value="${bench.openAi.url}"`)
    expect(wordsOf(await aki.addOwnModel(bench.openAi.baseUrl, 'sk-wrong'))).toContain('does not take this key')
    const { status, body } = openAiErrors.noPermission()
    bench.openAi.misbehave('/v1/models', { kind: 'answer', status: status ?? 403, body })
    const refused = await aki.addOwnModel(bench.openAi.baseUrl, bench.openAi.options.apiKey ?? '')
    expect(wordsOf(refused)).toContain('It says: “You have insufficient permissions for this operation.”')
  })
})

describe('the page of a key', () => {
  async function added(): Promise<string> {
    await aki.addGemini(bench.gemini.apiKey)
    return `/models/${(await aki.keys())[0]?.id}`
  }

  test('tries it, and says when the service takes it, when not, and when its model is gone', async () => {
    const path = await added()
    const tried = async () => wordsOf(await aki.send(path, `${path}/test`))
    expect(await tried()).toContain('The service takes the key, and the model is there.')
    const listed = [...bench.gemini.models]
    bench.gemini.models.delete('gemini-3.8-flash')
    expect(await tried()).toContain('no longer lists this model')
    for (const [id, model] of listed) bench.gemini.models.set(id, model)
    bench.gemini.keys.clear()
    expect(await tried()).toContain('Google Gemini does not take this key')
    expect(wordsOf(await aki.open(`${path}/model`))).toContain('Google Gemini does not take this key')
  })

  test('replaces it by another that is tried first', async () => {
    const path = await added()
    expect(wordsOf(await aki.send(path, `${path}/key`, { apiKey: 'AIza-wrong' }))).toContain('does not take this key')
    bench.gemini.keys.add('AIza-the-second-key')
    expect(wordsOf(await aki.send(path, `${path}/key`, { apiKey: 'AIza-the-second-key' }))).toContain(
      'takes the new key',
    )
    bench.gemini.keys.delete(bench.gemini.apiKey)
    expect(wordsOf(await aki.send(path, `${path}/test`))).toContain('The service takes the key')
    expect((await aki.entries()).slice(-2)).toMatchObject([
      { action: 'replace-model-key', outcome: 'refused', reason: 'model-key-refused' },
      { action: 'replace-model-key', outcome: 'ok' },
    ])
  })

  test('takes prices, both or none, and keeps them until another model is chosen', async () => {
    const path = await added()
    const priced = (inputPrice: string, outputPrice: string) =>
      aki.send(path, `${path}/prices`, { inputPrice, outputPrice })
    expect(wordsOf(await priced('0.5', '4.25'))).toContain('0.5 in, 4.25 out')
    const faulty = await priced('1', 'much')
    expect([faulty.status, wordsOf(faulty)]).toEqual([400, expect.stringContaining('Enter US dollars')])
    expect((await priced('1', '')).status).toBe(400)
    expect((await aki.keys())[0]?.fields).toMatchObject({ inputPrice: '0.5', outputPrice: '4.25' })
    await aki.send(`${path}/model`, `${path}/model`, { name: 'Same' })
    expect((await aki.keys())[0]?.fields).toMatchObject({ inputPrice: '0.5' })
    await aki.send(`${path}/model`, `${path}/model`, { model: 'gemini-2.5-flash' })
    expect((await aki.keys())[0]?.fields).toMatchObject({ model: 'gemini-2.5-flash', inputPrice: '0.3' })
    expect(wordsOf(await priced('', ''))).toContain('Price not known')
    expect((await aki.keys())[0]?.fields).not.toHaveProperty('inputPrice')
  })

  test('takes no model that the service does not list, and no name that is none', async () => {
    const path = await added()
    const { apiKey } = bench.gemini
    expect((await aki.send(`${path}/model`, `${path}/model`, { model: 'gemini-9-flash' })).status).toBe(400)
    const unnamed = await aki.send(`${path}/model`, `${path}/model`, { name: ' \u200b ' })
    expect([unnamed.status, wordsOf(unnamed)]).toEqual([400, expect.stringContaining('A name of 1 to 100 signs')])
    expect((await aki.keys())[0]?.fields.model).toBe('gemini-3.8-flash')
    expect(unnamed.body).not.toContain(apiKey)
  })

  test('removes it after a question that says what becomes of rooms', async () => {
    const path = await added()
    const question = await aki.open(`${path}/remove`)
    expect(wordsOf(question)).toContain('No room uses it.')
    const [key] = await aki.keys()
    const own = await newRoom(aki.person, 'Plans', { credential: key?.id ?? '' })
    expect(wordsOf(await aki.open(`${path}/remove`))).toContain('One room uses it. It gets no answers until')
    await newRoom(aki.person, 'More plans', { credential: key?.id ?? '' })
    expect(wordsOf(await aki.open(`${path}/remove`))).toContain('2 rooms use it, archived ones included.')
    // Where somebody else is the only owner now, the key answers no more, and the room is none of theirs.
    await bench.app.sql(`UPDATE chat_members SET user_id = $2 WHERE room_id = $1`, [own, ben.id])
    expect(wordsOf(await aki.open(`${path}/remove`))).toContain('One room uses it.')
    const page = await aki.person.submit(question, formAt(question, `${path}/remove`))
    expect(wordsOf(page)).toContain('The key is deleted here.')
    expect(await aki.keys()).toEqual([])
    expect(wordsOf(await aki.open(path))).toContain('That key is not here, or no longer.')
  })

  test('of somebody else is none, whatever is done there', async () => {
    const path = await added()
    const before = await bench.app.sql('SELECT * FROM credentials')
    for (const page of [path, `${path}/model`, `${path}/remove`]) {
      expect([page, wordsOf(await ben.open(page))]).toEqual([page, expect.stringContaining('That key is not here')])
    }
    const mine = await ben.open('/connections')
    const _csrf = mine.forms.flatMap(({ fields }) => fields).find(([name]) => name === '_csrf')?.[1] ?? ''
    for (const act of ['model', 'key', 'prices', 'test', 'remove']) {
      const body = new URLSearchParams({ _csrf, apiKey: 'AIza-bens', model: 'gemini-2.5-flash', name: 'Mine' })
      const url = new URL(`${path}/${act}`, bench.app.url)
      const answer = await ben.person.request('POST', url, body, bench.app.url)
      expect([act, answer.headers.get('location')]).toEqual([act, '/models?done=gone'])
    }
    expect(await bench.app.sql('SELECT * FROM credentials')).toEqual(before)
    expect(wordsOf(await ben.open('/models'))).toContain('No model yet')
  })

  test('opens to nobody who is not signed in', async () => {
    for (const path of ['/models', '/models/add', await added()]) {
      const answer = await fetch(`${bench.app.url}${path}`, { redirect: 'manual', headers: { accept: 'text/html' } })
      expect([path, [302, 303, 401].includes(answer.status)]).toEqual([path, true])
    }
  })

  test('is in Japanese for who reads Japanese, and so is what the service says no to', async () => {
    const path = await added()
    const japanese = await fetch(`${bench.app.url}${path}`, {
      headers: { cookie: `sekisho_session=${aki.person.cookie('sekisho_session')}`, 'accept-language': 'ja' },
    })
    expect(await japanese.text()).toContain('暗号化して保管（表示されません）')
  })
})
