// Which scopes an authorization request stands for.
import { expect, test } from '@jest/globals'
import { defineProvider } from '../providers/provider.js'
import { ProviderRegistry } from '../providers/provider-registry.js'
import { requestedScopes } from './resource.js'

const registry = new ProviderRegistry([
  defineProvider({
    id: 'form',
    title: 'Forms',
    description: '',
    scopes: {
      'form:read': { allows: 'see forms', access: 'read' },
      'form:submit': { allows: 'fill in forms', access: 'write' },
    },
    tools: [],
  }),
])
const all = ['form:read', 'form:submit']

test.each([
  ['nothing', undefined, all],
  ['an empty text', '', all],
  ['only what every program gets', 'openid offline_access', all],
  ['one', 'form:submit', ['form:submit']],
  ['some in another order, twice', 'form:submit form:read form:submit', all],
  ['one and unknown ones', 'mcp:tools form:read profile', ['form:read']],
  ['one and refresh', 'form:read offline_access', ['form:read']],
  ['only unknown ones', 'mcp:tools', undefined],
  ['only unknown ones and refresh', 'mcp:tools offline_access', undefined],
])('a program that names %s asks for that and no more', (_what, scope, scopes) => {
  expect(requestedScopes(scope, registry)).toEqual(scopes)
})
