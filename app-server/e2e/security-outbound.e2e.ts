// Everything we send to others, seen from their side: no token of ours, no cookie, no secret that is not theirs.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import tls from 'node:tls'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { GoogleFake } from '@sekisho/fakes'
import { localhostCertificate, OAuthProgram, programRedirectUri } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'
import { GooglePerson } from './google-person.js'
import { knock } from './oauth-bench.js'

const usualAuthorities = tls.getCACertificates('default')

/** What a program's home page was asked, whole. */
const asked: string[] = []
let clientId = ''
const home = createServer(
  {
    key: readFileSync(new URL('localhost.key', localhostCertificate)),
    cert: readFileSync(localhostCertificate),
  },
  (request, response) => {
    let body = ''
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => {
      asked.push([request.method, request.url, ...request.rawHeaders, body].join('\n'))
      response.writeHead(200, { 'content-type': 'application/json' })
      const redirect_uris = [programRedirectUri]
      response.end(
        JSON.stringify({ client_id: clientId, client_name: 'Home', redirect_uris, token_endpoint_auth_method: 'none' }),
      )
    })
  },
)

let google: GoogleFake
let app: TestApp

beforeAll(async () => {
  tls.setDefaultCACertificates([...usualAuthorities, readFileSync(localhostCertificate, 'utf8')])
  await new Promise<void>((resolve) => home.listen(0, '127.0.0.1', resolve))
  const host = `localhost:${(home.address() as AddressInfo).port}`
  clientId = `https://${host}/client.json`
  google = await GoogleFake.start()
  const OUTBOUND_ALLOWED_HOSTS = [google.env.OUTBOUND_ALLOWED_HOSTS, host].filter(Boolean).join(',')
  app = await startTestApp({ env: { ...google.env, OUTBOUND_ALLOWED_HOSTS } })
})

afterAll(async () => {
  await app.close()
  await google.close()
  await new Promise((resolve) => {
    home.close(resolve)
    home.closeAllConnections()
  })
  tls.setDefaultCACertificates(usualAuthorities)
})

test('nobody we ask anything sees a token, a code, a cookie or a key of ours', async () => {
  const somebody = new GooglePerson(app, google)
  expect((await somebody.signIn('/programs')).status).toBe(200)
  const program = await OAuthProgram.at(app.url, app.settings.mcpUrl, clientId)
  const { url, verifier, state } = program.begin('booking:read product:read')
  const callback = await program.consent(somebody.browser, url)
  const code = callback.get('code') ?? ''
  const { body } = await program.redeem(code, verifier)
  expect((await knock(app.url, body.access_token)).status).toBe(200)
  const refreshed = (await program.refresh(body.refresh_token ?? '')).body
  expect((await knock(app.url, refreshed.access_token)).status).toBe(200)
  // An attempt that fails asks its home page too.
  await fetch(program.begin('booking:read', { client_id: `${clientId}?other` }).url, { redirect: 'manual' })

  const seen = [
    ...asked,
    ...google.seen.map((one) =>
      JSON.stringify({ ...one, query: [...one.query], form: [...new URLSearchParams(one.text)] }),
    ),
  ]
  expect(asked.length).toBeGreaterThan(0)
  expect(google.seen.filter(({ path }) => path.includes('token'))).not.toHaveLength(0)
  const secrets = {
    'access token': body.access_token,
    'refreshed access token': refreshed.access_token,
    'refresh token': body.refresh_token ?? '',
    'next refresh token': refreshed.refresh_token ?? '',
    code,
    'proof key': verifier,
    'state of the program': state,
    'session cookie': somebody.browser.cookie('sekisho_session') ?? '',
    'sealing key': app.settings.sealingKey.toString('base64'),
  }
  for (const [name, secret] of Object.entries(secrets)) {
    expect([name, secret.length > 15]).toEqual([name, true])
    expect([name, seen.filter((text) => text.includes(secret))]).toEqual([name, []])
  }
  // Nor anything that looks like one: a JWT begins with the same letters whatever it says.
  const jwt = /eyJ[\w-]+\.eyJ/
  expect(jwt.test(body.access_token)).toBe(true)
  expect(seen.filter((text) => jwt.test(text))).toEqual([])
  // What goes to a program's home page is a plain question.
  expect(asked.filter((text) => /\n(cookie|authorization)\n/i.test(text))).toEqual([])
})
