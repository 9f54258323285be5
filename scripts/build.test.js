// A start compiles what has changed, and asks the compiler nothing when nothing has.
import { mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { buildRuntime, runtimeProjects } from './build.js'

const ownRoot = fileURLToPath(new URL('..', import.meta.url))
let root
/** @type {string[]} what was printed */
const printed = []

beforeEach(() => {
  printed.length = 0
  for (const stream of ['log', 'error']) jest.spyOn(console, stream).mockImplementation((line) => printed.push(line))
})

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sekisho-build-'))
  await mkdir(join(root, 'node_modules'))
  await symlink(join(ownRoot, 'node_modules/typescript'), join(root, 'node_modules/typescript'))
  await put('package-lock.json', '{}')
  await put('tsconfig.base.json', '{ "compilerOptions": { "composite": true, "module": "nodenext", "types": [] } }')
  for (const project of runtimeProjects) {
    const base = project.includes('/') ? '../../' : '../'
    await put(`${project}/package.json`, '{ "type": "module" }')
    await put(
      `${project}/tsconfig.json`,
      `{ "extends": "${base}tsconfig.base.json", "include": ["src"],
         "compilerOptions": { "rootDir": "src", "outDir": "dist", "tsBuildInfoFile": "dist/.tsbuildinfo" } }`,
    )
    await put(`${project}/src/index.ts`, 'export const word = "first"\n')
  }
})

afterAll(async () => {
  await rm(root, { recursive: true, force: true })
})

describe('the build of a start', () => {
  test('compiles everything once, and then nothing until a source changes', async () => {
    expect(await buildRuntime(root)).toBe(true)
    expect(await word()).toContain('first')

    // Without a compiler only a build that does not ask for one succeeds.
    await rm(join(root, 'node_modules/typescript'))
    const began = performance.now()
    expect(await buildRuntime(root)).toBe(true)
    expect(performance.now() - began).toBeLessThan(1_000)
    await symlink(join(ownRoot, 'node_modules/typescript'), join(root, 'node_modules/typescript'))

    await put('app-server/src/index.ts', 'export const word = "second"\n')
    expect(await buildRuntime(root)).toBe(true)
    expect(await word()).toContain('second')
  })

  test('fails on faulty sources, and again at the next start', async () => {
    await put('app-server/src/index.ts', 'export const word: number = "third"\n')
    expect(await buildRuntime(root)).toBe(false)
    expect(printed.join('\n')).toMatch(/app-server\/src\/index\.ts.*TS2322/)
    expect(await buildRuntime(root)).toBe(false)
    await put('app-server/src/index.ts', 'export const word = "fourth"\n')
    expect(await buildRuntime(root)).toBe(true)
    expect(await word()).toContain('fourth')
  })

  test('makes again what was deleted', async () => {
    await rm(join(root, 'mcp-router/dist'), { recursive: true })
    expect(await buildRuntime(root)).toBe(true)
    expect((await stat(join(root, 'mcp-router/dist/index.js'))).isFile()).toBe(true)
  })
})

async function put(path, text) {
  await mkdir(dirname(join(root, path)), { recursive: true })
  await writeFile(join(root, path), text)
}

function word() {
  return readFile(join(root, 'app-server/dist/index.js'), 'utf8')
}
