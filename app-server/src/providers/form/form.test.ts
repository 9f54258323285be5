// Looking at forms, handing them in and reading what was handed in.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type Bench, faultsOf, openBench, problemOf, readPages } from '../../../e2e/provider-bench.js'
import type { Caller } from '../provider.js'
import { form } from './form.js'

interface Submission {
  id: string
  form_id: string
  form: string
  answers: Record<string, unknown>
}

let bench: Bench
let hana: Caller
let ken: Caller

beforeAll(async () => {
  bench = await openBench([form])
})
beforeEach(async () => {
  ;[hana, ken] = (await bench.people(2)) as [Caller, Caller]
})
afterAll(() => bench.close())

const usualFields = [
  { name: 'name', label: 'Your name', type: 'short_text', required: true },
  { name: 'guests', label: 'How many?', type: 'integer', required: true, min: 1, max: 8 },
  {
    name: 'dishes',
    label: 'Which dishes?',
    type: 'multi_choice',
    choices: ['curry', 'cake'],
    help: 'Both if you like.',
  },
]

async function makeForm(fields: unknown = usualFields): Promise<string> {
  const [row] = await bench.database.query<{ id: string }>(
    `INSERT INTO forms (title, description, fields) VALUES ('Party', 'For a table.', $1) RETURNING id`,
    [JSON.stringify(fields)],
  )
  return row?.id ?? ''
}

const submit = (caller: Caller, form_id: string, answers: unknown, more = {}) =>
  bench.call<{ submission: Submission; message: string }>(caller, 'form.submit', { form_id, answers, ...more })
const submissions = (caller: Caller, given = {}) =>
  readPages<Submission>(bench, caller, 'form.list_submissions', given, 'submissions')

describe('form.list and form.get', () => {
  test('show a form with what each field takes', async () => {
    const id = await makeForm()
    const forms = await readPages<Record<string, unknown>>(bench, hana, 'form.list', { limit: 1 }, 'forms')
    expect(forms).toContainEqual({ id, title: 'Party', description: 'For a table.', field_count: 3 })
    const shown = await bench.call(hana, 'form.get', { form_id: id })
    expect(shown).toEqual({
      id,
      title: 'Party',
      description: 'For a table.',
      fields: [
        { ...usualFields[0], expects: 'must be one line of 1 to 200 characters' },
        { ...usualFields[1], expects: 'must be a whole number from 1 to 8' },
        {
          ...usualFields[2],
          required: false,
          expects: 'must be a list of 1 to 2 different ones of: "curry", "cake"',
        },
      ],
    })
  })

  test('do not know forms that are not there or closed', async () => {
    const closed = await makeForm()
    await bench.database.query('UPDATE forms SET active = false WHERE id = $1', [closed])
    for (const form_id of [closed, crypto.randomUUID()]) {
      const looked = await problemOf(bench.call(hana, 'form.get', { form_id }))
      expect(looked).toMatchObject({ code: 'not-found', detail: expect.stringContaining('form.list') })
      expect(await problemOf(submit(hana, form_id, {}))).toMatchObject({ code: 'not-found' })
    }
    const forms = await readPages<{ id: string }>(bench, hana, 'form.list', {}, 'forms')
    expect(forms.map(({ id }) => id)).not.toContain(closed)
  })

  test('list forms without gaps or repeats while forms are added', async () => {
    const before = (await readPages<{ id: string }>(bench, hana, 'form.list', {}, 'forms')).map(({ id }) => id)
    const more = [await makeForm(), await makeForm(), await makeForm()]
    let added = 0
    const between = async () => {
      if (added++ < 2) await makeForm()
    }
    const found = await readPages<{ id: string }>(bench, hana, 'form.list', { limit: 1 }, 'forms', between)
    expect(found.map(({ id }) => id).slice(0, before.length + 3)).toEqual([...before, ...more])
    expect(found).toHaveLength(before.length + 5)
  })
})

describe('form.submit', () => {
  test('keeps answers that fit, and shows them', async () => {
    const form_id = await makeForm()
    const answers = { name: ' Hana ', guests: 3, dishes: null }
    const { submission } = await submit(hana, form_id, answers)
    expect(submission).toMatchObject({ form_id, form: 'Party', answers: { name: 'Hana', guests: 3 } })
    expect(await submissions(hana)).toEqual([submission])
  })

  test('keeps nothing when answers do not fit, and lists every fault by field', async () => {
    const form_id = await makeForm()
    const problem = await problemOf(submit(hana, form_id, { guests: 9, dishes: ['pie'], phone: '1' }))
    expect(problem.code).toBe('invalid-arguments')
    expect((problem.members.faults as { path: string }[]).map(({ path }) => path)).toEqual([
      'answers.name',
      'answers.guests',
      'answers.dishes',
      'answers.phone',
    ])
    for (const words of ['name: is required', 'guests: must be a whole number from 1 to 8', 'phone: is not a field']) {
      expect(problem.detail).toContain(words)
    }
    expect(await submissions(hana)).toEqual([])
  })

  test('submits once for one idempotency key, also when it is repeated at once', async () => {
    const form_id = await makeForm()
    const call = (guests: number) => submit(hana, form_id, { name: 'Hana', guests }, { idempotency_key: 'party' })
    const ids = (await Promise.all(Array.from({ length: 20 }, () => call(2)))).map(({ submission }) => submission.id)
    expect(new Set(ids).size).toBe(1)
    expect(await submissions(hana)).toHaveLength(1)
    expect(await problemOf(call(3))).toMatchObject({ code: 'idempotency-conflict' })
  })

  test('lets neither answer names nor values reach the database as anything but text', async () => {
    const form_id = await makeForm([{ name: 'wish', label: 'Wish', type: 'long_text' }])
    const wish = `'; DROP TABLE forms; -- "\\ $1 \u202e <script>`
    const { submission } = await submit(hana, form_id, { wish })
    expect(submission.answers).toEqual({ wish })
  })

  const form_id = '01890a5d-ac96-774b-bcce-b302099a8057'
  test.each([
    ['answers', { form_id }],
    ['form_id', { answers: {} }],
    ['answers', { form_id, answers: [] }],
    ['answers', { form_id, answers: 'Hana' }],
    ['answers.a: must be a text, a number', { form_id, answers: { a: { b: 1 } } }],
    ['answers.a: must be a text, a number', { form_id, answers: { a: [1] } }],
    ['answers.a', { form_id, answers: { a: 'x'.repeat(10_001) } }],
    ['answers.a', { form_id, answers: { a: '\u0000' } }],
    ['answers.a', { form_id, answers: { a: ['\ud800'] } }],
    ['answers.a', { form_id, answers: { a: Number.POSITIVE_INFINITY } }],
    ['answers', { form_id, answers: { ['n'.repeat(65)]: 1 } }],
    ['answers', { form_id, answers: { 'a\u0000': 1 } }],
    ['more than 100', { form_id, answers: Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`f${n}`, n])) }],
    ['Unrecognized key: "user_id"', { form_id, answers: {}, user_id: form_id }],
  ])('refuses arguments, saying %p', (fault, given) => {
    expect(faultsOf(form, 'form.submit', given).join('\n')).toContain(fault)
  })
})

describe('form.list_submissions', () => {
  test('shows only my own, the latest first, of one form when asked', async () => {
    const [party, other] = [await makeForm(), await makeForm()]
    const answers = { name: 'Hana', guests: 1 }
    const first = (await submit(hana, party, answers)).submission
    const second = (await submit(hana, other, answers)).submission
    await submit(ken, party, answers)
    expect(await submissions(hana)).toEqual([second, first])
    expect(await submissions(hana, { form_id: party })).toEqual([first])
    expect(await submissions(ken)).toHaveLength(1)
  })

  test('can be paged through without gaps or repeats while more is submitted', async () => {
    const party = await makeForm()
    const ids: string[] = []
    for (let guests = 1; guests <= 7; guests++) {
      ids.push((await submit(hana, party, { name: 'Hana', guests })).submission.id)
    }
    const between = () => submit(hana, party, { name: 'Hana', guests: 8 })
    const found = await readPages<Submission>(
      bench,
      hana,
      'form.list_submissions',
      { limit: 2 },
      'submissions',
      between,
    )
    expect(found.map(({ id }) => id)).toEqual(ids.reverse())
  })

  test('still shows what was submitted to a form that is closed by now', async () => {
    const party = await makeForm()
    await submit(hana, party, { name: 'Hana', guests: 1 })
    await bench.database.query('UPDATE forms SET active = false WHERE id = $1', [party])
    expect(await submissions(hana)).toHaveLength(1)
  })
})
