// Our scopes and a service's: which cover which, and what is asked for.
import { describe, expect, test } from '@jest/globals'
import type { OAuthConnect } from '../providers/connect.js'
import {
  accessOf,
  choosable,
  covered,
  inseparable,
  namedScopes,
  readOnly,
  scopesToAsk,
  someTitles,
} from './access-words.js'
import type { ConnectedProvider } from './not-connected.js'

const oauth: OAuthConnect = {
  endpoints: () => ({ authorizationUrl: 'https://a.example', tokenUrl: 'https://a.example' }),
  clientAuthentication: 'client_secret_post',
  tokenRequest: 'form',
  alwaysScopes: ['who'],
  scopes: { 'x:write': ['r', 'w'], 'x:read': ['r'], 'x:free': [], 'x:list': ['r'] },
  incremental: false,
  setUp: { url: 'https://a.example', steps: [] },
}
const provider: ConnectedProvider = {
  id: 'x',
  title: 'X',
  description: '',
  scopes: {
    'x:write': { allows: 'change it', access: 'write' },
    'x:read': { allows: 'see it', access: 'read' },
    'x:free': { allows: 'guess it', access: 'read' },
    'x:list': { allows: 'list it', access: 'read' },
  },
  connect: { service: 'X', apiUrls: () => [], identify: async () => ({ id: '1', label: 'l', details: {} }), oauth },
  tools: [],
}

test('what an account may be used for is what its scopes cover, and everything where nobody knows them', () => {
  expect(covered(provider, [])).toEqual(['x:free'])
  expect(covered(provider, ['r'])).toEqual(['x:read', 'x:free', 'x:list'])
  expect(covered(provider, ['w'])).toEqual(['x:free'])
  expect(covered(provider, ['r', 'w', 'other'])).toHaveLength(4)
  expect(covered(provider, null)).toHaveLength(4)
})

test('a person chooses only what the service has permissions for, and as one what it does not tell apart', () => {
  expect(choosable(provider)).toEqual(['x:write', 'x:read', 'x:list'])
  expect(inseparable(provider)).toEqual([['x:write'], ['x:read', 'x:list'], ['x:free']])
})

test('reading comes first, and is what is chosen when nobody said anything', () => {
  expect(accessOf(provider).map(({ name }) => name)).toEqual(['x:read', 'x:free', 'x:list', 'x:write'])
  expect(readOnly(provider)).toEqual(['x:read', 'x:free', 'x:list'])
})

describe('what is asked for', () => {
  test('is what was chosen, with what tells whose account it is, each once', () => {
    expect(scopesToAsk(oauth, ['x:read', 'x:write'])).toEqual(['who', 'r', 'w'])
    expect(scopesToAsk(oauth, [])).toEqual(['who'])
    expect(scopesToAsk(oauth, ['x:nothing'])).toEqual(['who'])
  })

  test('includes what the account has where the service would forget it, and only there', () => {
    expect(scopesToAsk(oauth, ['x:read'], ['w', 'r'])).toEqual(['who', 'r', 'w'])
    expect(scopesToAsk({ ...oauth, incremental: true }, ['x:read'], ['w', 'r'])).toEqual(['who', 'r'])
    expect(scopesToAsk(oauth, ['x:read'], null)).toEqual(['who', 'r'])
  })
})

test.each([
  ['x:read,x:write', ['x:write', 'x:read']],
  ['x:read x:read', ['x:read']],
  [
    ['x:read', 'x:list x:free'],
    ['x:read', 'x:free', 'x:list'],
  ],
  ['y:read __proto__ constructor', []],
  [undefined, []],
  [{}, []],
])('scopes are named by %j', (given, names) => {
  expect(namedScopes(provider, given)).toEqual(names)
})

test('of many tools some are named and the rest counted', () => {
  const tools = (count: number) => Array.from({ length: count }, (_, index) => ({ title: `T${index}` }))
  expect(someTitles(tools(2), 2)).toBe('T0, T1')
  expect(someTitles(tools(3), 2)).toBe('T0, T1, T2')
  expect(someTitles(tools(5), 2)).toBe('T0, T1 and 3 more')
})
