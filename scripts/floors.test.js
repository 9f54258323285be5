// Proves that the floor rules see every file and catch what they are there for.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { cruise } from 'dependency-cruiser'
import extractTSConfig from 'dependency-cruiser/config-utl/extract-ts-config'
import config from '../.dependency-cruiser.js'

const root = fileURLToPath(new URL('..', import.meta.url))
const sources = [
  'app-server/src',
  'mcp-router/src',
  'libs/contracts/src',
  'libs/telemetry/src',
  'libs/local-postgres/src',
]

let house

/** A copy of all sources, so that violations can be planted without touching the real tree. */
beforeAll(() => {
  house = mkdtempSync(join(tmpdir(), 'sekisho-floors-'))
  // Unit tests lean on what the end-to-end tests share, so it has to be there to be resolved.
  for (const folder of [...sources, 'app-server/e2e']) {
    cpSync(join(root, folder), join(house, folder), { recursive: true })
  }
  for (const folder of ['app-server', 'mcp-router', 'libs/contracts', 'libs/telemetry', 'libs/local-postgres']) {
    cpSync(join(root, folder, 'package.json'), join(house, folder, 'package.json'))
  }
  cpSync(join(root, 'tsconfig.base.json'), join(house, 'tsconfig.base.json'))
  cpSync(join(root, 'package.json'), join(house, 'package.json'))
  // npm puts a package beside the one workspace that wants it when another version is asked for elsewhere.
  for (const folder of ['', 'app-server/', 'mcp-router/']) {
    const packages = `${folder}node_modules`
    if (existsSync(join(root, packages))) symlinkSync(join(root, packages), join(house, packages))
  }
})

afterAll(() => rmSync(house, { recursive: true, force: true }))

async function violations() {
  const { forbidden, options } = config
  const { output } = await cruise(
    sources,
    { ...options, ruleSet: { forbidden, options }, validate: true, baseDir: house },
    undefined,
    { tsConfig: extractTSConfig(join(root, 'tsconfig.base.json')) },
  )
  return output
}

function plant(path, text) {
  mkdirSync(dirname(join(house, path)), { recursive: true })
  writeFileSync(join(house, path), text)
}

describe('the floors', () => {
  test('hold, and the rules see every source file', async () => {
    const { summary, modules } = await violations()
    expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([])
    const seen = new Set(modules.map(({ source }) => source))
    const files = sources.flatMap((folder) =>
      readdirSync(join(house, folder), { recursive: true })
        .filter((file) => /\.(ts|tsx)$/.test(file))
        .map((file) => `${folder}/${file}`),
    )
    expect(files.length).toBeGreaterThan(50)
    expect(files.filter((file) => !seen.has(file))).toEqual([])
  }, 60_000)

  test.each([
    [
      'a room that imports upwards',
      'floor-of-platform',
      'app-server/src/platform/planted.ts',
      "import '../audit/redact.js'\n",
    ],
    [
      'a room that imports its neighbour',
      'floor-of-audit',
      'app-server/src/audit/planted.ts',
      "import '../providers/provider.js'\n",
    ],
    [
      'a type taken from above',
      'floor-of-providers',
      'app-server/src/providers/planted.ts',
      "import type { Access } from '../oauth/access.js'\nexport type Planted = Access\n",
    ],
    [
      'a room that imports the composition',
      'nobody-imports-the-composition',
      'app-server/src/console/planted.ts',
      "import '../migrations.js'\n",
    ],
    [
      'a provider that imports another',
      'providers-are-islands',
      'app-server/src/providers/booking/planted.ts',
      "import '../product/product.js'\n",
    ],
    [
      'somebody who names a provider',
      'nobody-names-a-provider',
      'app-server/src/tools/planted.ts',
      "import '../providers/product/product.js'\n",
    ],
    [
      "somebody who knows a vendor's own client of its models",
      'one-file-for-each-vendor',
      'app-server/src/vault/planted.ts',
      "import type { Model } from '@google/genai'\nexport type Planted = Model\n",
    ],
    [
      'one process that imports the other',
      'two-processes',
      'mcp-router/src/planted.ts',
      "import '../../app-server/src/platform/paging.js'\n",
    ],
    [
      'a room without a floor',
      'every-room-has-a-floor',
      'app-server/src/cellar/planted.ts',
      "import '../platform/paging.js'\n",
    ],
    ['a circle', 'no-circles', 'app-server/src/audit/planted.ts', "import './planted-too.js'\n"],
  ])(
    'catch %s',
    async (_what, rule, path, text) => {
      plant(path, text)
      if (rule === 'no-circles') plant('app-server/src/audit/planted-too.ts', "import './planted.js'\n")
      try {
        const { summary } = await violations()
        expect(summary.violations.map((violation) => violation.rule.name)).toContain(rule)
      } finally {
        rmSync(join(house, path), { force: true })
        rmSync(join(house, 'app-server/src/audit/planted-too.ts'), { force: true })
        rmSync(join(house, 'app-server/src/cellar'), { recursive: true, force: true })
      }
    },
    60_000,
  )
})
