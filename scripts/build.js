// Compiles the TypeScript projects, and knows without asking the compiler when there is nothing to do.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** What `npm start` runs. */
export const runtimeProjects = ['libs/contracts', 'libs/telemetry', 'libs/local-postgres', 'app-server', 'mcp-router']

/** What `npm run demo` runs. */
export const demoProjects = [...runtimeProjects, 'libs/fakes']

/** The state of the sources at the last build without a fault, a file for each set of projects. */
const stampPath = 'node_modules/.cache/sekisho-build'

/**
 * Compiles projects under `root` when a source has changed since their last build without a fault.
 * @param {string} root
 * @param {AbortSignal} [signal] ends the compiler
 * @param {string[]} [projects]
 * @returns {Promise<boolean>} false when the sources have faults; the compiler has printed them
 */
export async function buildRuntime(root, signal, projects = runtimeProjects) {
  const stamp = join(root, `${stampPath}-${projects.length}`)
  const state = await stateOfSources(root, projects)
  const built = await readFile(stamp, 'utf8').catch(() => '')
  if (built === state && (await isBuilt(root, projects))) return true
  console.log('Building …')
  if (!(await compile(root, projects, signal))) return false
  await mkdir(dirname(stamp), { recursive: true })
  await writeFile(stamp, state)
  return true
}

/**
 * Runs the compiler in build mode, which itself compiles only what has changed.
 * @param {string} root
 * @param {string[]} projects folders or files; none means the whole solution
 * @param {AbortSignal} [signal] ends the compiler
 * @returns {Promise<boolean>} whether there was no fault
 */
export function compile(root, projects = [], signal) {
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  return new Promise((settle, reject) => {
    const pretty = String(Boolean(process.stderr.isTTY))
    const child = spawn(process.execPath, [compiler, '-b', '--pretty', pretty, ...projects], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let faults = ''
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      faults += chunk
    })
    const end = () => child.kill()
    signal?.addEventListener('abort', end, { once: true })
    child.once('error', reject)
    child.once('close', (code) => {
      signal?.removeEventListener('abort', end)
      if (faults) console.error(faults.trimEnd())
      settle(code === 0)
    })
  })
}

/** @param {string} root @param {string[]} projects */
async function isBuilt(root, projects) {
  const infos = projects.map((project) => stat(join(root, project, 'dist/.tsbuildinfo')))
  return (await Promise.allSettled(infos)).every(({ status }) => status === 'fulfilled')
}

// Names, sizes and times rather than contents: a thousand files take some milliseconds, and a touched file costs one build.
/** @param {string} root @param {string[]} projects */
async function stateOfSources(root, projects) {
  const paths = ['tsconfig.base.json', 'package-lock.json']
  for (const project of projects) {
    paths.push(join(project, 'tsconfig.json'), join(project, 'package.json'))
    const entries = await readdir(join(root, project, 'src'), { recursive: true, withFileTypes: true })
    for (const entry of entries)
      if (entry.isFile()) paths.push(join(entry.parentPath, entry.name).slice(root.length + 1))
  }
  const hash = createHash('sha256')
  for (const path of paths.sort()) {
    const { mtimeMs, size } = await stat(join(root, path))
    hash.update(`${path} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex')
}
