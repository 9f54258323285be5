// Which tokens are genuine: every way of forging one is refused, however the token is dressed up.
import { createHmac, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import { beforeEach, describe, expect, jest, test } from '@jest/globals'
import type { JWK } from 'jose'
import { type SigningKey, SigningKeys } from './signing-keys.js'
import { TokenFault, TokenVerifier } from './token-verifier.js'

const settings = { publicUrl: 'https://sekisho.example', mcpUrl: 'https://mcp.sekisho.example/mcp' }

function makeKey(kid: string): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { kid, privateKey, publicKey, privateJwk: privateKey.export({ format: 'jwk' }) as JWK }
}

const ours = makeKey('ours')
const former = makeKey('former')
const stranger = makeKey('ours')

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function claims(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const now = Math.floor(Date.now() / 1000)
  return {
    iss: settings.publicUrl,
    aud: settings.mcpUrl,
    sub: 'b7f1c4de-0000-7000-8000-000000000001',
    iat: now,
    exp: now + 600,
    jti: randomUUID(),
    client_id: 'a-program',
    grant_id: 'a-grant',
    scope: 'booking:read booking:create',
    ...changes,
  }
}

interface Dress {
  header?: Record<string, unknown>
  key?: KeyObject
  payload?: Record<string, unknown>
}

/** A token signed with RS256, whatever its header says. */
function token({ header = {}, key = ours.privateKey, payload = claims() }: Dress = {}): string {
  const signed = `${encode({ alg: 'RS256', typ: 'at+jwt', kid: 'ours', ...header })}.${encode(payload)}`
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`
}

let verifier: TokenVerifier

beforeEach(() => {
  verifier = new TokenVerifier(new SigningKeys([ours, former]), settings)
})

async function reasonOf(candidate: string): Promise<string> {
  try {
    await verifier.verify(candidate)
    return 'genuine'
  } catch (error) {
    if (error instanceof TokenFault) return error.reason
    throw error
  }
}

test('a genuine token says who, through which program, under which authorization, and what for', async () => {
  expect(await verifier.verify(token({ payload: claims({ jti: 'one' }) }))).toEqual({
    tokenId: 'one',
    userId: 'b7f1c4de-0000-7000-8000-000000000001',
    clientId: 'a-program',
    grantId: 'a-grant',
    sessionId: undefined,
    scopes: ['booking:read', 'booking:create'],
    expiresAt: expect.any(Date),
  })
})

test('a token signed with a former key that is still kept is genuine', async () => {
  expect(await reasonOf(token({ header: { kid: 'former' }, key: former.privateKey }))).toBe('genuine')
})

describe('a token is refused', () => {
  const hmac = (secret: string | Buffer, header: Record<string, unknown> = {}) => {
    const signed = `${encode({ alg: 'HS256', typ: 'at+jwt', kid: 'ours', ...header })}.${encode(claims())}`
    return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
  }
  const pem = ours.publicKey.export({ type: 'spki', format: 'pem' })
  const der = ours.publicKey.export({ type: 'spki', format: 'der' })

  test.each([
    ['that is unsigned', `${encode({ alg: 'none', typ: 'at+jwt', kid: 'ours' })}.${encode(claims())}.`],
    ['that is unsigned, with something for a signature', token({ header: { alg: 'none' } })],
    ['signed with our public key as a secret', hmac(pem)],
    ['signed with our public key as a secret, in another form', hmac(der)],
    ['signed with nothing as a secret', hmac('')],
    ['signed by a stranger who names our key', token({ key: stranger.privateKey })],
    [
      'that brings its own key',
      token({ key: stranger.privateKey, header: { jwk: stranger.publicKey.export({ format: 'jwk' }) } }),
    ],
    ['that says where its key is', token({ key: stranger.privateKey, header: { jku: 'https://evil.example/jwks' } })],
    ['signed with a key we do not know', token({ header: { kid: 'unknown' } })],
    ['that names no key', token({ header: { kid: undefined } })],
    ['whose key is named by no text', token({ header: { kid: { toString: 'ours' } } })],
    ['of another algorithm of our key', token({ header: { alg: 'PS256' } })],
    ['with an extension we do not know', token({ header: { crit: ['exp2'], exp2: true } })],
    ['of another type', token({ header: { typ: 'JWT' } })],
    ['of no type', token({ header: { typ: undefined } })],
    ['from another issuer', token({ payload: claims({ iss: 'https://other.example' }) })],
    ['for another audience', token({ payload: claims({ aud: 'https://sekisho.example' }) })],
    ['for others too', token({ payload: claims({ aud: [settings.mcpUrl, 'https://other.example'] }) })],
    ['issued in the future', token({ payload: claims({ iat: Math.floor(Date.now() / 1000) + 120 }) })],
    ['that is not valid yet', token({ payload: claims({ nbf: Math.floor(Date.now() / 1000) + 120 }) })],
    ['under neither authorization nor session', token({ payload: claims({ grant_id: undefined }) })],
    ['under both', token({ payload: claims({ session_id: 'a-session' }) })],
    ...['iss', 'sub', 'aud', 'exp', 'iat', 'jti', 'client_id', 'scope'].map((name): [string, string] => [
      `without ${name}`,
      token({ payload: claims({ [name]: undefined }) }),
    ]),
    ['whose scope is a list', token({ payload: claims({ scope: ['booking:read'] }) })],
  ])('%s', async (_what, candidate) => {
    expect(await reasonOf(candidate)).toMatch(/^token-(not-ours|malformed)$/)
  })

  test('that was changed in any part', async () => {
    const [header = '', payload = '', signature = ''] = token().split('.')
    const wider = encode(claims({ scope: 'booking:read booking:create order:create' }))
    expect(await reasonOf(`${header}.${wider}.${signature}`)).toBe('token-not-ours')
    expect(
      await reasonOf(`${encode({ alg: 'RS256', typ: 'at+jwt', kid: 'ours', x: 1 })}.${payload}.${signature}`),
    ).toBe('token-not-ours')
    expect(await reasonOf(`${header}.${payload}.${signature.slice(0, -4)}AAAA`)).toBe('token-not-ours')
  })

  test.each([
    ['x'],
    ['a.b'],
    ['a.b.c.d'],
    ['..'],
    [`${token()} `],
    [`${token()}\n`],
    [`e30.e30.e30`],
    ['a.b.c'],
    [`${'x'.repeat(8192)}.y.z`],
  ])('that is no token at all', async (candidate) => {
    expect(await reasonOf(candidate)).toMatch(/^token-(not-ours|malformed)$/)
  })

  test('that has expired, telling our own records whose it was', async () => {
    const expired = token({ payload: claims({ exp: Math.floor(Date.now() / 1000) - 1, jti: 'old' }) })
    await expect(verifier.verify(expired)).rejects.toMatchObject({
      reason: 'token-expired',
      token: { tokenId: 'old', clientId: 'a-program', grantId: 'a-grant' },
    })
  })

  test('that expires after it was used and remembered', async () => {
    const short = token({ payload: claims({ exp: Math.floor(Date.now() / 1000) + 30 }) })
    expect(await reasonOf(short)).toBe('genuine')
    jest.useFakeTimers({ now: Date.now() + 31_000 })
    try {
      expect(await reasonOf(short)).toBe('token-expired')
      expect(await reasonOf(short)).toBe('token-expired')
    } finally {
      jest.useRealTimers()
    }
  })
})

test('a repeated token is verified once, and a changed one is not taken for it', async () => {
  const genuine = token()
  const first = await verifier.verify(genuine)
  expect(await verifier.verify(genuine)).toBe(first)
  expect(await reasonOf(genuine.slice(0, -4).concat('AAAA'))).toBe('token-not-ours')
})
