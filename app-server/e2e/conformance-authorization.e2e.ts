// The official conformance suite against the authorization server, with a person who signs in and consents.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { freePort, OAuthProgram, runConformance, submitConsent } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'

let app: TestApp

beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app?.close())

test('every scenario passes, with nothing passed over', async () => {
  const person = await app.signedIn('Mio Abe')
  const { clientId, resource } = await OAuthProgram.at(app.url, app.settings.mcpUrl)
  // The suite writes where it would have a person go, and waits on this port for them to come back.
  const port = String(await freePort())
  const flags = ['--url', app.url, '--client-id', clientId, '--resource', resource, '--port', port]
  let visit: Promise<Response> | undefined
  const verdicts = await runConformance(['authorization', ...flags], {
    deadlineMs: 25_000,
    onLine: (line) => {
      if (line.startsWith(`${app.url}/`)) visit = consent(line)
    },
  })
  expect((await visit)?.status).toBe(200)
  expect(Object.fromEntries(verdicts)).toEqual({
    'authorization-server-metadata-endpoint/authorization-server-metadata': { status: 'SUCCESS' },
    'authorization-server-metadata-endpoint/authorization-server-metadata-cimd': { status: 'SUCCESS' },
    'authorization-code-grant/authorization-code-grant': { status: 'SUCCESS' },
  })

  async function consent(address: string): Promise<Response> {
    const { url } = await submitConsent(person, await person.open(address), 'allow')
    return fetch(url, { signal: AbortSignal.timeout(5_000) })
  }
}, 30_000)
