// Starts the built app server with the connected provider of the tests, as a process of its own that can be killed.
import { registerHooks } from 'node:module'

const here = new URL('.', import.meta.url).href

// The provider is TypeScript, whose types Node strips; what it imports of the product is the built files.
registerHooks({
  resolve(specifier, context, next) {
    if (!context.parentURL?.startsWith(here)) return next(specifier, context)
    if (specifier.startsWith('../src/')) return next(specifier.replace('../src/', '../dist/'), context)
    return next(specifier.replace(/^(\.\/.+)\.js$/, '$1.ts'), context)
  },
})

const { startAppServer } = await import('../dist/app.js')
const { loadSettings } = await import('../dist/platform/settings.js')
const { cloudProvider, strayProvider } = await import('./connected-provider.js')

// Its standard input ends with the test, and with it this process.
process.stdin.resume().on('end', () => process.exit(0))
const app = await startAppServer(loadSettings(process.env), { providers: [cloudProvider, strayProvider] })
process.on('SIGTERM', () => app.close().then(() => process.exit(0)))
