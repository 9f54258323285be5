// Keeps the documents true: every setting is in .env.example with its default, every link leads somewhere.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from '@jest/globals'
import * as app from '../app-server/src/platform/settings.js'
import * as router from '../mcp-router/src/settings.js'
import packageJson from '../package.json' with { type: 'json' }
import { startSettingNames } from './setup.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const read = (path) => readFileSync(join(root, path), 'utf8')
const example = new Map(
  read('.env.example')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
)
/** Set by the starter for its children; not for people. */
const internal = new Set(['SEKISHO_PARENT_PIPE'])

describe('.env.example', () => {
  test('has every setting of both processes and of the start, and no other', () => {
    const all = [...app.settingNames, ...router.settingNames, ...startSettingNames]
    const names = new Set(all.filter((name) => !internal.has(name)))
    expect([...example.keys()].sort()).toEqual([...names].sort())
  })

  test('shows the true defaults', () => {
    const required = {
      DATABASE_URL: 'postgres://u:p@127.0.0.1/db',
      SEALING_KEY: Buffer.from(Array.from({ length: 32 }, (_, i) => i)).toString('base64'),
    }
    const filled = Object.fromEntries([...example].filter(([, value]) => value !== ''))
    expect(app.loadSettings({ ...filled, ...required })).toEqual(app.loadSettings(required))
    const { MCP_URL: _derived, ...forRouter } = filled
    expect(router.loadSettings(forRouter)).toEqual(router.loadSettings({}))
  })

  test('is explained, setting by setting', () => {
    const blocks = read('.env.example').split('\n')
    for (const name of ['PUBLIC_URL', 'SEALING_KEY', 'REFRESH_REUSE_SECONDS', 'CALL_TIMEOUT_MS']) {
      const line = blocks.findIndex((text) => text.startsWith(`${name}=`))
      expect(blocks[line - 1]).toMatch(/^# /)
    }
  })
})

const documents = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'docs/chat.md',
  'docs/keys.md',
  'docs/models.md',
  'docs/notifications.md',
  ...adrs(),
]

function adrs() {
  return readdirSync(join(root, 'docs/adr')).map((name) => `docs/adr/${name}`)
}

describe('the documents', () => {
  test.each(documents)('%s: every link leads somewhere', (path) => {
    const broken = [...read(path).matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
      .map(([, target]) => target)
      .filter((target) => !existsSync(join(root, dirname(path), target)))
    expect(broken).toEqual([])
  })

  test.each(documents)('%s: every npm script it names exists', (path) => {
    const named = [...read(path).matchAll(/npm run ([a-z:-]+)/g)].map(([, name]) => name)
    expect(named.filter((name) => !(name in packageJson.scripts))).toEqual([])
  })

  test.each(documents)('%s: every file it names exists', (path) => {
    const named = [...read(path).matchAll(/`((?:app-server|mcp-router|libs|scripts|docs)\/[^`\s<…*]+)`/g)].map(
      ([, name]) => name,
    )
    expect(named.filter((name) => !existsSync(join(root, name)))).toEqual([])
  })

  test('the decisions are numbered without a gap', () => {
    const numbers = adrs().map((path) => Number(/adr\/(\d{4})-/.exec(path)?.[1]))
    expect(numbers).toEqual(numbers.map((_, index) => index + 1))
  })
})
