// The official conformance suite against router and app server, at each revision it has requirements for.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Baseline, differences, freePort, OAuthProgram, runConformance } from '@sekisho/testing'
import { pino } from 'pino'
import { startTestApp, type TestApp } from '../../app-server/e2e/app.js'
import { conformanceProvider, conformanceScope } from '../../app-server/e2e/conformance-provider.js'
import { type RunningRouter, startRouter } from '../src/router.js'
import { loadSettings } from '../src/settings.js'
import { type BearerProxy, startBearerProxy } from './bearer-proxy.js'

const baseline = JSON.parse(readFileSync(new URL('conformance-baseline.json', import.meta.url), 'utf8')) as Record<
  string,
  Baseline
>

let app: TestApp
let router: RunningRouter
let proxy: BearerProxy

beforeAll(async () => {
  const port = await freePort()
  const mcpUrl = `http://localhost:${port}/mcp`
  app = await startTestApp({ providers: [conformanceProvider], env: { MCP_URL: mcpUrl } })
  router = await startRouter(
    loadSettings({ NODE_ENV: 'test', ROUTER_PORT: String(port), MCP_URL: mcpUrl, APP_SERVER_URL: app.url }),
    pino({ level: 'silent' }),
  )
  const program = await OAuthProgram.at(app.url, mcpUrl)
  const { access_token } = await program.authorize(await app.signedIn('Ken Sato'), conformanceScope)
  proxy = await startBearerProxy(port, access_token)
})

afterAll(async () => {
  await proxy?.close()
  await router?.close()
  await app?.close()
})

test.each(['2026-07-28', '2025-11-25'])(
  'at %s nothing fails but what the baseline gives a reason for, and all of that still does',
  async (revision) => {
    const verdicts = await runConformance(['server', '--url', proxy.url, '--requirements', revision], {
      deadlineMs: 90_000,
    })
    expect(differences(verdicts, baseline[revision] ?? [])).toEqual({ unexpected: [], stale: [] })
  },
  100_000,
)
