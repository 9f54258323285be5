// Who gets an answer at all: no bearer, a bad one, a good one, on every method of both eras.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { Problem } from '@sekisho/contracts'
import { everyMethod } from './every-method.js'
import { challenges, refuse } from './fake-door.js'
import { post, postLegacy, postModern, type RouterAtTest, startRouterAtTest } from './router-at-test.js'

let at: RouterAtTest

beforeAll(async () => {
  at = await startRouterAtTest()
})
afterAll(() => at.close())
beforeEach(() => {
  at.door.received.length = 0
  at.door.intercept = undefined
})

const challengeOf = (url: string, scope = '') =>
  `Bearer resource_metadata="${new URL(url).origin}/.well-known/oauth-protected-resource/mcp"${scope}`

describe('without a bearer', () => {
  test('says where to sign in and for which scopes, and asks the door nothing', async () => {
    const answer = await postModern(at, 'tools/list', {}, { bearer: undefined })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe(challengeOf(at.router.url, ', scope="a:read b:write"'))
    expect(answer.body).toMatchObject({ jsonrpc: '2.0', id: null, error: { data: { code: 'invalid-token' } } })
    expect(at.door.received).toEqual([])
  })

  test.each(['', 'Basic dTpw', 'Bearer', 'Bearer ', 'Bearer a b', 'Bearer "x"', 'Token abc'])(
    'takes an Authorization of "%s" for none',
    async (authorization) => {
      const answer = await postLegacy(at, 'tools/list', {}, { headers: { authorization } })
      expect(answer.status).toBe(401)
      expect(at.door.received).toEqual([])
    },
  )

  test('does not read the body before it knows of a bearer', async () => {
    const answer = await post(at, 'no json at all', { bearer: undefined })
    expect(answer.status).toBe(401)
  })

  test('publishes the metadata of the resource at both well-known addresses', async () => {
    for (const path of ['/.well-known/oauth-protected-resource', '/.well-known/oauth-protected-resource/mcp']) {
      const response = await fetch(at.base + path)
      expect(response.status).toBe(200)
      expect(await response.json()).toEqual(at.door.metadata.body)
    }
  })

  test('does not pass itself off as the authorization server', async () => {
    for (const path of ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration', '/register']) {
      const response = await fetch(at.base + path)
      expect(response.status).toBe(404)
      expect(response.headers.get('content-type')).toBe('application/problem+json')
      expect(await response.json()).toMatchObject({ code: 'not-found' })
    }
  })
})

describe('with a bearer the app server does not take', () => {
  test.each(everyMethod)('refuses %s with its very challenge', async (_name, send) => {
    const answer = await send(at, { bearer: 'random' })
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toBe(challenges.invalid)
    expect(answer.body).toMatchObject({
      jsonrpc: '2.0',
      error: { message: 'Sign in again.', data: { code: 'invalid-token' } },
    })
    expect(at.door.received).toHaveLength(1)
  })

  test.each(everyMethod)('answers %s when the bearer is good', async (_name, send) => {
    const answer = await send(at, { bearer: 'good' })
    expect([200, 202, 404]).toContain(answer.status)
    expect(answer.headers.get('www-authenticate')).toBeNull()
    expect(at.door.received.map(({ bearer }) => bearer)).toEqual(['good'])
  })
})

describe('a challenge for more scopes', () => {
  test.each(['modern', 'legacy'])('reaches a %s client as it is, also when it waits for progress', async (era) => {
    at.door.intercept = (_received, response) => {
      const detail = 'Changing bookings needs booking:create.'
      refuse(response, new Problem('insufficient-scope', detail, { scopes: ['b:write'] }), challenges.scope)
      return true
    }
    const send = era === 'modern' ? postModern : postLegacy
    for (const _meta of [{}, { progressToken: 'p' }]) {
      const answer = await send(at, 'tools/call', { name: 'echo', _meta })
      expect(answer.status).toBe(403)
      expect(answer.headers.get('www-authenticate')).toBe(challenges.scope)
      expect(answer.headers.get('content-type')).toContain('application/json')
      expect(answer.body).toMatchObject({
        jsonrpc: '2.0',
        id: 1,
        error: { data: { code: 'insufficient-scope', status: 403, scopes: ['b:write'] } },
      })
    }
  })

  test('keeps status and challenge when the body is nothing we know', async () => {
    at.door.intercept = (_received, response) => {
      response.writeHead(403, { 'www-authenticate': challenges.scope, 'content-type': 'text/html' }).end('<h1>inner')
      return true
    }
    const answer = await postModern(at, 'tools/call', { name: 'echo' })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('www-authenticate')).toBe(challenges.scope)
    expect(answer.text).not.toContain('inner')
  })
})

test('in a batch, what one message may not does not hide what another has done', async () => {
  at.door.intercept = ({ message }, response) => {
    if (message.params?.name !== 'forbidden') return false
    refuse(response, new Problem('insufficient-scope', 'Needs b:write.'), challenges.scope)
    return true
  }
  const call = (id: number, name: string) => ({ jsonrpc: '2.0', id, method: 'tools/call', params: { name } })
  const answer = await post(at, JSON.stringify([call(1, 'done'), call(2, 'forbidden')]))
  expect(answer.status).toBe(200)
  const byId = new Map(answer.body.map((one: { id: number }) => [one.id, one]))
  expect(byId.get(1)).toMatchObject({ result: { futureResultMember: 'kept' } })
  expect(byId.get(2)).toMatchObject({ error: { message: 'Needs b:write.', data: { code: 'insufficient-scope' } } })
})

test('the token goes to the door and nowhere else: no answer and no other header has it', async () => {
  const answer = await postLegacy(at, 'tools/call', { name: 'other' }, { bearer: 'good.secret-one' })
  expect(at.door.received[0]?.headers.authorization).toBe('Bearer good.secret-one')
  const { authorization: _authorization, ...others } = at.door.received[0]?.headers ?? {}
  expect(JSON.stringify(others)).not.toContain('secret-one')
  expect(JSON.stringify([...answer.headers])).not.toContain('secret-one')
})
