// Files, folders, branches and commits over the provider's tools, against a pretended GitHub on the wire.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { type GitHubBench, openGitHubBench, readme } from '../../../e2e/github-fixtures.js'
import { problemOf, readPages } from '../../../e2e/provider-bench.js'

let on: GitHubBench
let ask: GitHubBench['ask']

beforeAll(async () => {
  on = await openGitHubBench()
  ask = on.ask
})
afterAll(() => on.close())
beforeEach(() => on.fake.behave())

interface Part {
  text: string
  next_offset: number | null
  sha: string
}

describe('a file', () => {
  test('is read as it is, whole or some of its lines', async () => {
    expect(await ask('get_file', { path: 'README.md' })).toMatchObject({
      path: 'README.md',
      text: readme,
      total_lines: 3,
      is_binary: false,
      next_offset: null,
      has_hidden_signs: false,
    })
    expect(await ask('get_file', { path: '/README.md', first_line: 3, last_line: 9 })).toMatchObject({
      text: 'What grows, and when.\n',
    })
    expect(await ask('get_file', { path: 'README.md', first_line: 4 })).toMatchObject({ text: '' })
    expect(await problemOf(ask('get_file', { path: 'README.md', first_line: 4, last_line: 3 }))).toMatchObject({
      code: 'invalid-arguments',
    })
  })

  test('that is long comes in parts that make the whole, also above the megabyte that GitHub puts in JSON', async () => {
    const text = `${'a line of 32 characters, with é\r\n'.repeat(40_000)}no line end`
    on.garden.commit({ 'long.txt': text })
    const parts: string[] = []
    for (let offset: number | null = 0; offset !== null; ) {
      const part: Part = await ask<Part>('get_file', { path: 'long.txt', offset })
      expect(part.text.length).toBeLessThanOrEqual(30_000)
      parts.push(part.text)
      offset = parts.length < 50 ? part.next_offset : null
    }
    expect(parts.join('')).toBe(text)
    const lines = { path: 'long.txt', first_line: 39_999, last_line: 40_001 }
    expect(await ask('get_file', lines)).toMatchObject({
      text: `${'a line of 32 characters, with é\r\n'.repeat(2)}no line end`,
      total_lines: 40_001,
    })
  })

  test('that is no text, or too large, is told as that', async () => {
    on.garden.commit({ 'seed.png': Buffer.from([137, 80, 0, 71]), 'latin.txt': Buffer.from([0x66, 0xfc, 0x72]) })
    for (const path of ['seed.png', 'latin.txt']) {
      expect(await ask('get_file', { path })).toMatchObject({ is_binary: true, text: null, total_lines: null })
    }
    on.garden.commit({ 'huge.txt': Buffer.alloc(10 * 1024 * 1024 + 1, 97) })
    const problem = await problemOf(ask('get_file', { path: 'huge.txt' }))
    expect(problem).toMatchObject({ code: 'invalid-arguments' })
    expect(problem.detail).toContain('more than can be read here')
  })

  test('with signs nobody sees keeps them, and says so', async () => {
    const text = 'if (a\u202e) {}\n'
    on.garden.commit({ 'sly.js': text })
    expect(await ask('get_file', { path: 'sly.js' })).toMatchObject({ text, has_hidden_signs: true })
  })

  test('is read from another branch or a commit, and is not there on others', async () => {
    const { sha } = on.garden.commit({ 'new.txt': 'new' }, { branch: 'feature/new' })
    expect(await ask('get_file', { path: 'new.txt', ref: 'feature/new' })).toMatchObject({ text: 'new' })
    expect(await ask('get_file', { path: 'new.txt', ref: sha })).toMatchObject({ text: 'new' })
    expect(await problemOf(ask('get_file', { path: 'new.txt' }))).toMatchObject({ code: 'not-found' })
    const problem = await problemOf(ask('get_file', { path: 'src' }))
    expect(problem.detail).toContain('github.list_directory')
  })

  test('is made, then replaced by its sha, and never over a change of somebody else', async () => {
    const made = { path: 'docs/plan.md', content: '# Plan \n\n', message: 'Plan' }
    await ask('write_file', made)
    const read = await ask<Part>('get_file', { path: 'docs/plan.md' })
    expect(read.text).toBe('# Plan \n\n')
    const again = await problemOf(ask('write_file', { ...made, content: 'other' }))
    expect(again).toMatchObject({ code: 'conflict' })
    expect(again.detail).toContain('github.get_file')
    on.garden.commit({ 'docs/plan.md': 'by kenji' }, { author: 'kenji' })
    const late = await problemOf(ask('write_file', { ...made, content: 'mine', sha: read.sha }))
    expect(late).toMatchObject({ code: 'conflict', members: { upstream_status: 409 } })
    const { sha } = await ask<Part>('get_file', { path: 'docs/plan.md' })
    const written = await ask('write_file', { ...made, content: 'ours\n', sha })
    const { text, sha: now } = await ask<Part>('get_file', { path: 'docs/plan.md' })
    expect(text).toBe('ours\n')
    expect(written).toMatchObject({ path: 'docs/plan.md', sha: now })
  })

  test('of a workflow that GitHub refuses says which permission that takes', async () => {
    on.fake.misbehave(/workflows/, { kind: 'answer', status: 404, body: { message: 'Not Found' } }, { method: 'PUT' })
    const given = { path: '.github/workflows/ci.yml', content: 'on: push\n', message: 'CI' }
    const problem = await problemOf(ask('write_file', given))
    expect(problem.code).toBe('not-found')
    expect(problem.detail).toContain('permission for workflows')
  })

  test('is found by words in it, with the place', async () => {
    const found = await ask('search_code', { query: 'beds repo:hana/garden path:src' })
    expect(found).toMatchObject({
      total: 1,
      files: [{ repository: 'hana/garden', path: 'src/beds.ts', fragments: ['export const beds = 4\n'] }],
    })
    const problem = await problemOf(ask('search_code', { query: 'x repo:kenji/nowhere' }))
    expect(problem.detail).toContain('cannot be searched')
  })
})

describe('a folder', () => {
  test('is listed page by page, alone or with all below, in the state of the first page', async () => {
    const wide = on.fake.repository({ owner: 'hana', name: 'wide', files: { 'a/b/c.txt': '1', 'a/d.txt': '22' } })
    expect(await ask('list_directory', { repository: 'hana/wide', path: 'a' })).toMatchObject({
      entries: [
        { path: 'a/b', type: 'folder', size_bytes: null },
        { path: 'a/d.txt', type: 'file', size_bytes: 2 },
      ],
      total: 2,
      next_cursor: null,
    })
    const given = { repository: 'hana/wide', recursive: true, limit: 2 }
    const intrude = async () => wide.commit({ 'a/a-first.txt': 'pushed meanwhile' })
    const all = await readPages<{ path: string }>(on.bench, on.hana, 'github.list_directory', given, 'entries', intrude)
    expect(all.map(({ path }) => path)).toEqual(['a', 'a/b', 'a/b/c.txt', 'a/d.txt'])
    const problem = await problemOf(ask('list_directory', { path: 'README.md' }))
    expect(problem.detail).toContain('github.get_file')
  })
})

describe('branches and commits', () => {
  test('are begun, written to, listed and read back', async () => {
    const { sha } = await ask<{ sha: string }>('create_branch', { name: 'fix/typo' })
    expect(on.garden.history.branches.get('fix/typo')).toBe(sha)
    await ask('write_file', { path: 'typo.md', content: 'x', message: 'Fix\n\nlong words', branch: 'fix/typo' })
    const { commits } = await ask<{ commits: { message: string; sha: string }[] }>('list_commits', {
      ref: 'fix/typo',
      path: 'typo.md',
    })
    expect(commits).toMatchObject([{ message: 'Fix\n\nlong words', author: 'hana' }])
    expect(await ask('list_commits', { ref: 'fix/typo', path: '/typo.md' })).toMatchObject({ commits })
    expect(await ask('list_changed_files', { commit: commits[0]?.sha, path: '/typo.md/' })).toMatchObject({
      files: [{ path: 'typo.md' }],
    })
    expect(await ask('list_changed_files', { commit: commits[0]?.sha })).toMatchObject({
      files: [{ path: 'typo.md', status: 'added', additions: 1, patch: '@@ -1,0 +1,1 @@\n+x' }],
      next_cursor: null,
    })
    const taken = await problemOf(ask('create_branch', { name: 'fix/typo' }))
    expect(taken).toMatchObject({ code: 'invalid-arguments' })
    expect(taken.detail).toContain('Reference already exists')
    const names = await readPages<{ name: string }>(
      on.bench,
      on.hana,
      'github.list_branches',
      { repository: 'hana/garden', limit: 1 },
      'branches',
    )
    expect(names.map(({ name }) => name)).toEqual(['feature/new', 'fix/typo', 'main'])
  })

  test('of an empty repository are a conflict that is explained', async () => {
    on.fake.repository({ owner: 'hana', name: 'empty' })
    const problem = await problemOf(ask('list_commits', { repository: 'hana/empty' }))
    expect(problem).toMatchObject({ code: 'conflict' })
    expect(problem.detail).toContain('Git Repository is empty')
  })
})
