// The words of a challenge, which clients act on.
import { describe, expect, test } from '@jest/globals'
import type { Access } from './access.js'
import { bearerChallenge, insufficientScope, resourceMetadataUrl } from './challenge.js'

const metadata = 'https://mcp.example/.well-known/oauth-protected-resource/mcp'

test('the metadata is found on the origin of the MCP endpoint, behind its path', () => {
  expect(resourceMetadataUrl('https://mcp.example/mcp')).toBe(metadata)
})

test('who sent no token is told what to get and no error', () => {
  expect(bearerChallenge({ resourceMetadataUrl: metadata, scopes: ['a', 'b'] })).toBe(
    `Bearer resource_metadata="${metadata}", scope="a b"`,
  )
})

describe('a token that lacks a scope', () => {
  const access = { scopes: new Set(['form:read', 'booking:read']), resourceMetadataUrl: metadata } as unknown as Access

  test('is answered 403 with the scopes it holds and those it needs, so that asking again loses nothing', () => {
    const problem = insufficientScope(access, ['order:create'])
    expect(problem.status).toBe(403)
    expect(problem.headers['WWW-Authenticate']).toBe(
      `Bearer error="insufficient_scope", error_description="The access token does not hold every scope this needs", resource_metadata="${metadata}", scope="booking:read form:read order:create"`,
    )
    expect(problem.toJSON()).toMatchObject({
      code: 'insufficient-scope',
      required_scopes: ['booking:read', 'form:read', 'order:create'],
      missing_scopes: ['order:create'],
    })
  })
})
