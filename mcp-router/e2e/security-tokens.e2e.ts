// What a bearer must be, asked of both processes as shipped: a forgery is 401 on every method, and only the token says who calls.
import { createHmac, createPublicKey, generateKeyPairSync, randomBytes, randomUUID, sign } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { OAuthProgram, type Person, type Stack, startStack } from '@sekisho/testing'
import { SigningKeys } from '../../app-server/src/oauth/signing-keys.js'
import type { Database } from '../../app-server/src/platform/database/database.js'
import { SecretBox } from '../../app-server/src/platform/secret-box.js'
import { everyMethod } from './every-method.js'
import { type Endpoint, post, postLegacy, postModern } from './router-at-test.js'

const sealingKey = randomBytes(32)
const scopes = 'booking:read order:read order:create product:read'

let stack: Stack
let at: Endpoint
let keys: SigningKeys
let aki: Person
let beni: Person
let akisToken: string
let akisRefreshToken: string
let benisToken: string

beforeAll(async () => {
  stack = await startStack({ appEnv: { SEALING_KEY: sealingKey.toString('base64') } })
  at = { base: stack.router.url }
  aki = await stack.signedIn('Aki')
  beni = await stack.signedIn('Beni')
  const program = await OAuthProgram.at(stack.appServer.url, stack.mcpUrl.href)
  const tokens = await program.authorize(aki, scopes)
  akisToken = tokens.access_token
  akisRefreshToken = tokens.refresh_token ?? ''
  benisToken = (await program.authorize(beni, scopes)).access_token
  // With the key itself a test can make what nobody outside could: tokens that are wrong in one thing only.
  const database = { query: (text: string, parameters?: unknown[]) => stack.sql(text, parameters) }
  keys = await SigningKeys.load(database as unknown as Database, new SecretBox({ sealingKey }))
}, 60_000)

afterAll(() => stack?.close())

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

/** Aki's token with other claims and header, signed as told: with our own key unless told otherwise. */
function forged(
  claims: Record<string, unknown>,
  header: Record<string, unknown> = {},
  signature = (body: string) => sign('RSA-SHA256', Buffer.from(body), keys.current.privateKey).toString('base64url'),
): string {
  const head = { alg: 'RS256', typ: 'at+jwt', kid: keys.current.kid, ...header }
  const body = `${encode(head)}.${encode({ ...claimsOf(akisToken), ...claims })}`
  return `${body}.${signature(body)}`
}

const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
const seconds = () => Math.floor(Date.now() / 1000)
const publicPem = () => createPublicKey(keys.current.privateKey).export({ type: 'spki', format: 'pem' })

const forgeries: [string, () => string][] = [
  ['a random text', () => randomBytes(24).toString('base64url')],
  ['a session id of our own making', () => randomUUID()],
  ['three random parts', () => `${encode({})}.${encode({})}.${randomBytes(64).toString('base64url')}`],
  ['a token cut in the middle', () => akisToken.slice(0, -20)],
  ['a token with another signature', () => forged({}, {}, () => randomBytes(256).toString('base64url'))],
  ['a token without a signature', () => `${akisToken.split('.').slice(0, 2).join('.')}.`],
  ['alg none', () => forged({}, { alg: 'none' }, () => '')],
  [
    'HS256 with our public key as its secret',
    () => forged({}, { alg: 'HS256' }, (body) => createHmac('sha256', publicPem()).update(body).digest('base64url')),
  ],
  [
    'a token signed by a stranger',
    () => forged({}, {}, (body) => sign('RSA-SHA256', Buffer.from(body), stranger.privateKey).toString('base64url')),
  ],
  [
    'a token that brings its own key',
    () =>
      forged({}, { jwk: stranger.publicKey.export({ format: 'jwk' }) }, (body) =>
        sign('RSA-SHA256', Buffer.from(body), stranger.privateKey).toString('base64url'),
      ),
  ],
  ['a token that has expired', () => forged({ iat: seconds() - 60, exp: seconds() - 1 })],
  ['a token that never expires', () => forged({ exp: undefined })],
  ['a token of another issuer', () => forged({ iss: 'https://other.example' })],
  ['a token for another audience', () => forged({ aud: stack.appServer.url })],
  ['a token for us and for others', () => forged({ aud: [stack.mcpUrl.href, 'https://other.example'] })],
  ['an identity token', () => forged({}, { typ: 'JWT' })],
  ['a token with the name of another person', () => forged({ sub: claimsOf(benisToken).sub })],
  ['a token of an authorization that never was', () => forged({ grant_id: randomUUID() })],
  ['a refresh token', () => akisRefreshToken],
  ['a session cookie', () => aki.cookie('sekisho_session') ?? ''],
]

describe('through both processes, on every method of both eras, 401 is the answer to', () => {
  test.each(forgeries)('%s', async (_what, make) => {
    const bearer = make()
    expect(bearer.length).toBeGreaterThan(20)
    for (const [method, send] of everyMethod) {
      const { status, headers, body } = await send(at, { bearer })
      expect([method, status]).toEqual([method, 401])
      expect(headers.get('www-authenticate')).toMatch(/^Bearer .*resource_metadata="/)
      expect(body).not.toHaveProperty('result')
    }
  })

  test('nothing that is genuine: such a token is answered on every one of them', async () => {
    for (const bearer of [akisToken, forged({})]) {
      for (const [method, send] of everyMethod) {
        const { status } = await send(at, { bearer })
        expect([method, [200, 202, 404].includes(status)]).toEqual([method, true])
      }
    }
  })
})

describe('nothing but the subject of the token says who calls', () => {
  test('no header, no query, no path, no cookie, no argument, no metadata', async () => {
    const found = await postLegacy(at, 'tools/call', { name: 'product.search', arguments: {} }, { bearer: benisToken })
    const [product] = found.body.result.structuredContent.products
    const lines = [{ product_id: product.id, quantity: 1 }]
    const order = { name: 'order.create', arguments: { lines, note: 'of Beni alone' } }
    const placed = await postLegacy(at, 'tools/call', order, { bearer: benisToken })
    expect(placed.body.result.structuredContent.order.note).toBe('of Beni alone')

    const beniId = claimsOf(benisToken).sub
    const claims = {
      'x-user-id': beniId,
      'x-forwarded-user': 'beni@example.test',
      'x-forwarded-email': 'beni@example.test',
      'x-remote-user': beniId,
      'x-authenticated-userid': beniId,
      'x-access-token': benisToken,
      'proxy-authorization': `Bearer ${benisToken}`,
      'x-authorization': `Bearer ${benisToken}`,
      cookie: `sekisho_session=${beni.cookie('sekisho_session')}`,
      forwarded: `for=${beniId}`,
    }
    const list = { name: 'order.list', arguments: {}, _meta: { userId: beniId, user: beniId, sub: beniId } }
    const mine = await postLegacy(at, 'tools/call', list, { bearer: benisToken })
    expect(mine.body.result.structuredContent.orders).toHaveLength(1)
    for (const send of [postLegacy, postModern]) {
      const answer = await send(at, 'tools/call', list, { bearer: akisToken, headers: claims })
      expect(answer.body.result.structuredContent.orders).toEqual([])
    }
    for (const [name, value] of [
      ['user_id', beniId],
      ['userId', beniId],
      ['sub', beniId],
    ]) {
      const claimed = { ...list, arguments: { [name]: value } }
      const answer = await postLegacy(at, 'tools/call', claimed, { bearer: akisToken })
      expect(answer.body.result).toMatchObject({ isError: true, structuredContent: { code: 'invalid-arguments' } })
    }
    const { id } = placed.body.result.structuredContent.order
    const read = { name: 'order.get', arguments: { order_id: id } }
    const others = await postLegacy(at, 'tools/call', read, { bearer: akisToken, headers: claims })
    expect(others.body.result).toMatchObject({ isError: true })
    expect(others.text).not.toContain('of Beni alone')
    // Another address on the router is no other identity either.
    const message = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: list })
    for (const path of [`/mcp/${beniId}`, `/${beniId}/mcp`, `/mcp?user=${beniId}`, `/mcp?access_token=${benisToken}`]) {
      const response = await fetch(`${at.base}${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          'mcp-protocol-version': '2025-11-25',
          authorization: `Bearer ${akisToken}`,
        },
        body: message,
      })
      expect(await response.text()).not.toContain('of Beni alone')
    }
  })

  test('and without one in its own header there is nobody', async () => {
    for (const headers of [
      { cookie: `sekisho_session=${aki.cookie('sekisho_session')}` },
      { 'x-access-token': akisToken },
      { 'proxy-authorization': `Bearer ${akisToken}` },
    ]) {
      const message = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
      expect((await post(at, message, { bearer: undefined, headers })).status).toBe(401)
    }
  })
})
