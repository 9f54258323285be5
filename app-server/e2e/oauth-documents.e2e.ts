// Programs are known by a document they publish: read within limits, never from inside, and missed without harm.
import { generateKeyPairSync, randomUUID, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import tls from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  type ClientMetadataServer,
  localhostCertificate,
  OAuthProgram,
  Person,
  programRedirectUri,
  startClientMetadataServer,
} from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'
import { claimsOf, knock } from './oauth-bench.js'

const usualAuthorities = tls.getCACertificates('default')

let documents: ClientMetadataServer
let app: TestApp
let aki: Person

beforeAll(async () => {
  tls.setDefaultCACertificates([...usualAuthorities, readFileSync(localhostCertificate, 'utf8')])
  documents = await startClientMetadataServer()
  app = await startTestApp({ env: { OUTBOUND_ALLOWED_HOSTS: documents.host, TRUSTED_PROXIES: '1' } })
  aki = await app.signedIn('Aki Tanaka')
})

afterAll(async () => {
  await app.close()
  await documents.close()
  tls.setDefaultCACertificates(usualAuthorities)
})

describe('a program known by its document', () => {
  const usualDocument = {
    client_name: 'Claude Code',
    client_uri: 'https://example.com',
    redirect_uris: ['http://localhost/callback', 'http://127.0.0.1/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  }
  const at = (clientId: string) => OAuthProgram.at(app.url, app.settings.mcpUrl, clientId)

  test.each(['http://localhost:51234/callback', 'http://127.0.0.1:3118/callback', 'http://localhost/callback'])(
    'is answered on any port of this computer: %s',
    async (redirectUri) => {
      const program = await at(documents.publish('portless', usualDocument))
      const { url, verifier } = program.begin('booking:read', { redirect_uri: redirectUri })
      const page = await aki.open(url)
      expect(page.body).toContain('Claude Code')
      expect(page.body).toContain(`Described at ${documents.host}`)
      const code = (await program.consent(aki, url)).get('code') ?? ''
      const { status, body } = await program.token({
        grant_type: 'authorization_code',
        code,
        code_verifier: verifier,
        redirect_uri: redirectUri,
      })
      expect(status).toBe(200)
      expect((await knock(app.url, body.access_token)).status).toBe(200)
      expect(claimsOf(body.access_token).client_id).toBe(program.clientId)
    },
  )

  test('may leave out what has only one answer', async () => {
    const program = await at(
      documents.publish('short', {
        client_name: 'Short',
        redirect_uris: [programRedirectUri],
        scope: 'openid profile made:up',
      }),
    )
    expect((await program.authorize(aki, 'booking:read')).refresh_token).toEqual(expect.any(String))
  })

  test.each<[string, Record<string, unknown>]>([
    ['names another id', { client_id: 'https://localhost/other.json' }],
    ['carries a secret', { client_secret: 'not-a-secret' }],
    ['wants to prove itself with a secret', { token_endpoint_auth_method: 'client_secret_post' }],
    ['wants its answers in the clear', { redirect_uris: ['http://example.com/cb'] }],
    ['is too large', { contacts: Array.from({ length: 400 }, () => `${'x'.repeat(50)}@example.com`) }],
  ])('that %s is refused', async (what, changes) => {
    const program = await at(documents.publish(`bad-${what.replaceAll(' ', '-')}`, { ...usualDocument, ...changes }))
    const page = await aki.open(program.begin('booking:read', { redirect_uri: 'http://localhost/callback' }).url)
    expect(page.status).toBe(400)
    expect(page.body).toMatch(/do not know this program|wrong place/)
  })

  test('that is not there, is no https address or hides a path is refused', async () => {
    for (const clientId of [
      `https://${documents.host}/nothing.json`,
      `http://${documents.host}/portless.json`,
      `https://${documents.host}/a/../portless.json`,
      `https://user@${documents.host}/portless.json`,
      `https://${documents.host}/portless.json#x`,
    ]) {
      const page = await aki.open((await at(clientId)).begin('booking:read').url)
      expect(page.status).toBe(400)
    }
  })

  test('can be answered at another replica than the one it came to, and not when its document is gone', async () => {
    const clientId = documents.publish('wandering', usualDocument)
    const { url } = (await at(clientId)).begin('booking:read', { redirect_uri: 'http://localhost/callback' })
    const page = await aki.open(url)
    const replica = await app.replica()
    try {
      const visitor = new Person([replica.url.replace('127.0.0.1', 'localhost')])
      for (const name of ['sekisho_session', 'sekisho_interaction', 'sekisho_interaction.sig']) {
        visitor.setCookie(name, aki.cookie(name) ?? '')
      }
      documents.publish('wandering', { client_id: 'https://localhost/another' })
      const refused = await visitor.open(page.url.pathname)
      expect([refused.status, refused.body.includes('do not know this program')]).toEqual([400, true])
      documents.publish('wandering', usualDocument)
      const shown = await visitor.open(page.url.pathname)
      expect([shown.status, shown.body.includes('Claude Code')]).toEqual([200, true])
    } finally {
      await replica.close()
    }
  })

  test('goes on working while its document cannot be read, but begins nothing new', async () => {
    const ownDocuments = await startClientMetadataServer()
    const own = await startTestApp({ env: { OUTBOUND_ALLOWED_HOSTS: ownDocuments.host } })
    try {
      const person = await own.signedIn('Offline Person')
      const clientId = ownDocuments.publish('gone', { ...usualDocument, redirect_uris: [programRedirectUri] })
      const program = await OAuthProgram.at(own.url, own.settings.mcpUrl, clientId)
      const { refresh_token: token = '' } = await program.authorize(person, 'booking:read')
      await ownDocuments.close()
      // Another replica has not read the document either.
      const replica = await own.replica()
      try {
        Object.assign(program.metadata, { token_endpoint: `${replica.url}/oauth/token` })
        const begun = program.begin('booking:read').url.href.replace(own.url, replica.url)
        expect((await fetch(begun, { redirect: 'manual' })).status).toBe(400)
        expect((await program.refresh(token)).status).toBe(200)
      } finally {
        await replica.close()
      }
    } finally {
      await own.close()
    }
  })

  test('at an inside address is never asked', async () => {
    let connections = 0
    const inside = createServer((socket) => {
      connections++
      socket.destroy()
    })
    await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve))
    const { port } = inside.address() as { port: number }
    try {
      const hosts = ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '2130706433'].map((host) => `${host}:${port}`)
      for (const host of [...hosts, '169.254.169.254', '10.0.0.1', '[fd00::1]', '[::1]']) {
        const { url } = (await at(`https://${host}/client.json`)).begin('booking:read')
        const answer = await fetch(url, { headers: { 'x-forwarded-for': '198.51.100.99' }, redirect: 'manual' })
        expect(answer.status).toBe(400)
      }
      expect(connections).toBe(0)
    } finally {
      await new Promise((resolve) => inside.close(resolve))
    }
  })

  test('proves itself with its own key when it has one, and each proof is good once', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const clientId = documents.publish('keyed', {
      ...usualDocument,
      redirect_uris: [programRedirectUri],
      token_endpoint_auth_method: 'private_key_jwt',
      token_endpoint_auth_signing_alg: 'ES256',
      jwks: { keys: [{ ...publicKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' }] },
    })
    const program = await at(clientId)
    const { url, verifier } = program.begin('booking:read')
    const code = (await program.consent(aki, url)).get('code') ?? ''
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const now = Math.floor(Date.now() / 1000)
    const claims = { iss: clientId, sub: clientId, aud: app.url, jti: randomUUID(), iat: now, exp: now + 60 }
    const proofOf = (about: object) => {
      const body = `${encode({ alg: 'ES256' })}.${encode(about)}`
      const signature = sign('sha256', Buffer.from(body), { key: privateKey, dsaEncoding: 'ieee-p1363' })
      return {
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: `${body}.${signature.toString('base64url')}`,
      }
    }
    const proof = proofOf(claims)
    const redeem = { grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: programRedirectUri }
    expect((await program.token(redeem)).status).toBe(401)
    const answers = await Promise.all([1, 2, 3].map(() => program.token({ ...redeem, ...proof })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401])
    const lasting = { ...claims, jti: randomUUID(), exp: now + 2 * 3600 }
    const refresh = {
      grant_type: 'refresh_token',
      refresh_token: answers.find(({ status }) => status === 200)?.body.refresh_token ?? '',
    }
    expect((await program.token({ ...refresh, ...proofOf(lasting) })).status).toBe(401)
    expect((await program.token({ ...refresh, ...proofOf({ ...claims, jti: randomUUID() }) })).status).toBe(200)
  })
})

test('the limit of documents fetched for one address holds', async () => {
  const busy = await startTestApp({ env: { OUTBOUND_ALLOWED_HOSTS: documents.host } })
  try {
    const fetched: number[] = []
    for (let at = 0; at < 32; at++) {
      const clientId = documents.publish(`many-${at}`, {
        client_name: 'One of many',
        redirect_uris: [programRedirectUri],
      })
      const program = await OAuthProgram.at(busy.url, busy.settings.mcpUrl, clientId)
      fetched.push((await fetch(program.begin('booking:read').url, { redirect: 'manual' })).status)
    }
    expect(fetched.filter((status) => status === 303)).toHaveLength(30)
    expect(fetched.slice(30)).toEqual([400, 400])
  } finally {
    await busy.close()
  }
})
