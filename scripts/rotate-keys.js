// `npm run keys:rotate -- signing`: builds what has changed and rotates a key, also while Sekisho runs. See docs/keys.md.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { requireNewNode } from './node24.js'

await requireNewNode(import.meta.url)

// Imported here and not above: from here on everything may use what Node 20 does not have.
const { buildRuntime } = await import('./build.js')
const { rotateKeys } = await import('./keys.js')
const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')

if (!(await buildRuntime(root))) process.exit(1)
const status = await rotateKeys({
  root,
  env: process.env,
  words: process.argv.slice(2),
  program: join(root, 'app-server/dist/rotate-keys.js'),
})
// An explicit end: a pipe to our parent, where there is one, would keep us here.
process.exit(status)
