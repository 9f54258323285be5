// `npm start`: builds what has changed and runs Sekisho on this machine, database included, until told to stop.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { requireNewNode } from './node24.js'

await requireNewNode(import.meta.url)

// Imported here and not above: from here on everything may use what Node 20 does not have.
const { runStack } = await import('./stack.js')
const { buildRuntime } = await import('./build.js')
const { findSettingFaults } = await import('./setting-faults.js')
const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')

const status = await runStack({
  root,
  env: process.env,
  build: (signal) => buildRuntime(root, signal),
  programs: {
    appServer: join(root, 'app-server/dist/main.js'),
    router: join(root, 'mcp-router/dist/main.js'),
  },
  findFaults: findSettingFaults,
})
// An explicit end: a pipe to our parent, where there is one, would keep us here.
process.exit(status)
