// What programs may and may not say about themselves.
import { describe, expect, test } from '@jest/globals'
import { settleClientMetadata } from './client-metadata.js'
import type { ClientMetadata } from './clients.js'

function settle(metadata: Partial<ClientMetadata>): ClientMetadata {
  const settled: ClientMetadata = { client_id: 'a-program', ...metadata }
  settleClientMetadata(settled)
  return settled
}

function refusal(metadata: Partial<ClientMetadata>): string {
  try {
    settle(metadata)
    return 'accepted'
  } catch (error) {
    const { error: code, error_description: description } = error as { error: string; error_description: string }
    return `${code}: ${description}`
  }
}

describe('an answer may be sent', () => {
  test.each([
    ['https://example.com/callback'],
    ['http://localhost/callback'],
    ['http://localhost:3118/callback'],
    ['http://127.0.0.1:33418/'],
    ['http://[::1]:8080/callback'],
    ['cursor://anysphere.cursor-retrieval/oauth/user-server/callback'],
    ['com.example.app:/callback'],
  ])('to %s', (uri) => {
    expect(refusal({ redirect_uris: [uri] })).toBe('accepted')
  })
})

describe('an answer is never sent', () => {
  test.each([
    ['in the clear to another computer', 'http://example.com/callback'],
    ['in the clear within a network', 'http://192.168.1.10/callback'],
    ['to a name that only begins like this computer', 'http://localhost.example.com/callback'],
    ['to an address with a user in it', 'http://localhost:80@example.com/callback'],
    ['to an address with a user in it', 'https://user@example.com/callback'],
    ['into a script', 'javascript:alert(1)'],
    ['into a script', 'JavaScript:alert(1)'],
    ['into a document', 'data:text/html,hello'],
    ['into a file', 'file:///etc/passwd'],
    ['into a part of the operating system', 'ms-msdt:/id'],
    ['into a part of the operating system', 'search-ms:query=x'],
    ['into a part of the browser', 'view-source:https://example.com'],
    ['to no address', '/callback'],
    ['to no address', ''],
  ])('%s: %s', (_where, uri) => {
    expect(refusal({ redirect_uris: ['https://example.com/callback', uri] })).toMatch(/^invalid_redirect_uri: /)
  })
})

describe('metadata', () => {
  test('loses the scopes it names: a person is asked each time', () => {
    expect(settle({ scope: 'booking:read admin' })).not.toHaveProperty('scope')
  })

  test('is native whatever it says, so that the port of a loopback address may be any', () => {
    expect(settle({ application_type: 'web' }).application_type).toBe('native')
  })

  test('of a document makes a public client unless it names a way to prove itself', () => {
    const usual = { token_endpoint_auth_method: 'client_secret_basic' }
    expect(settle({ client_id: 'https://example.com/client', ...usual }).token_endpoint_auth_method).toBe('none')
    expect(
      settle({ client_id: 'https://example.com/client', token_endpoint_auth_method: 'private_key_jwt' })
        .token_endpoint_auth_method,
    ).toBe('private_key_jwt')
    expect(settle(usual).token_endpoint_auth_method).toBe('client_secret_basic')
  })

  test.each([
    ['too many addresses', { redirect_uris: Array.from({ length: 21 }, (_, at) => `https://example.com/${at}`) }],
    ['an address too long', { redirect_uris: [`https://example.com/${'x'.repeat(2000)}`] }],
    ['a name too long', { client_name: 'x'.repeat(201) }],
    ['too long a text', { policy_uri: `https://example.com/${'x'.repeat(2000)}` }],
    ['too much altogether', { jwks: { keys: Array.from({ length: 20 }, () => ({ n: 'x'.repeat(1000) })) } }],
    ['too long a list', { contacts: Array.from({ length: 21 }, () => 'a@example.com') }],
    ['a zero byte', { client_name: 'a\u0000b' }],
    ['a control character', { client_name: 'a\u001bb' }],
  ])('is refused for %s', (_what, metadata) => {
    expect(refusal(metadata)).toMatch(/^invalid_/)
  })

  test('of the wrong type does not make it stumble: the next check refuses that', () => {
    const wrong = { redirect_uris: 'https://example.com', client_name: 5 } as unknown as ClientMetadata
    expect(refusal(wrong)).toBe('accepted')
  })
})
