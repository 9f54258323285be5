// `npm run demo`: Sekisho with pretended services beside it, so that everything can be tried without an account anywhere.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { requireNewNode } from './node24.js'

await requireNewNode(import.meta.url)

// Imported here and not above: from here on everything may use what Node 20 does not have.
const { runDemo } = await import('./demo-stack.js')
const { buildRuntime, demoProjects } = await import('./build.js')
const { findSettingFaults } = await import('./setting-faults.js')
const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')

const status = await runDemo({
  root,
  env: process.env,
  build: (signal) => buildRuntime(root, signal, demoProjects),
  programs: {
    appServer: join(root, 'app-server/dist/main.js'),
    router: join(root, 'mcp-router/dist/main.js'),
  },
  findFaults: findSettingFaults,
})
// An explicit end: a pipe to our parent, where there is one, would keep us here.
process.exit(status)
