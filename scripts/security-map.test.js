// Keeps docs/security.md true: every defence it names is a file, every test it names is there by that name.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path) => readFileSync(join(root, path), 'utf8')

/** The cells of every row of the first table, headings left out. */
const rows = read('docs/security.md')
  .split('\n## ')[0]
  .split('\n')
  .filter((line) => line.startsWith('| '))
  .slice(2)
  .map((line) => line.split(' | ').map((cell) => cell.replaceAll(/^\| | \|$/g, '')))

/** Every `file`: “name”, “name” of a cell, as pairs. */
function testsOf(cell) {
  return cell.split('<br>').flatMap((part) => {
    const path = /^`([^`]+)`: /.exec(part)?.[1] ?? `(no file in: ${part})`
    const names = [...part.matchAll(/“([^”]+)”/g)].map(([, name]) => name)
    return (names.length > 0 ? names : ['(no name)']).map((name) => ({ path, name }))
  })
}

/** Whether the file has a test, or a group of tests, of that very name. */
function hasTest(path, name) {
  if (!/\.(e2e|test)\.(ts|tsx|js)$/.test(path) || !existsSync(join(root, path))) return false
  const text = read(path)
  const literals = [`'${name}'`, `"${name}"`, `\`${name}\``]
  return literals.some((literal) => {
    for (let at = text.indexOf(literal); at >= 0; at = text.indexOf(literal, at + 1)) {
      // test('…', describe('…', or what .each( … ) is called with.
      if (/(?:\b(?:test|describe|inBrowser)(?:\.\w+)?|\)|\])\(\s*$/.test(text.slice(Math.max(0, at - 60), at)))
        return true
    }
    return false
  })
}

describe('docs/security.md', () => {
  test('has every line with a defence and a test', () => {
    expect(rows.length).toBeGreaterThan(15)
    for (const row of rows) expect([row[0], row.length]).toEqual([row[0], 3])
  })

  test.each(rows)('%s: every file named is there', (_threat, defence) => {
    const named = [...defence.matchAll(/`([^`]+)`/g)].map(([, path]) => path)
    expect(named).not.toEqual([])
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  test.each(rows)('%s: every test named is there by that name', (_threat, _defence, tests) => {
    expect(testsOf(tests).filter(({ path, name }) => !hasTest(path, name))).toEqual([])
  })

  test('is not taken for true where a test was renamed or only spoken of', () => {
    expect(hasTest('scripts/security-map.test.js', 'has every line with a defence and a test')).toBe(true)
    expect(hasTest('scripts/security-map.test.js', 'has every line')).toBe(false)
    expect(hasTest('scripts/security-map.test.js', 'docs/adr')).toBe(false)
    expect(hasTest('scripts/no-such.test.js', 'has every line with a defence and a test')).toBe(false)
  })
})
