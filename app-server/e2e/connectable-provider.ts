// A provider with everything connecting knows: consent, revocation, tokens made by hand with a field beside them.
import { clientOf, tokenParametersOf } from '@sekisho/fakes'
import type { Connect } from '../src/providers/connect.js'
import { defineProvider, type Provider } from '../src/providers/provider.js'
import { CloudService, cloudProvider } from './connected-provider.js'

const { connect: cloudConnect } = cloudProvider
if (!cloudConnect?.oauth || !cloudConnect.token) throw new Error('the cloud is connected by consent and by token')
const { oauth, token } = cloudConnect

/** A service that can be told of the end of an authorization. */
export class BoxService extends CloudService {
  constructor() {
    super()
    this.route('POST', '/revoke', (request) => {
      const { id, secret } = clientOf(request, tokenParametersOf(request))
      const { clientId, clientSecret } = this.oauth.options
      if (id !== clientId || secret !== clientSecret) return { status: 401, body: { error: 'invalid_client' } }
      return { status: this.oauth.revokeToken(request.form.get('token') ?? '') ? 200 : 400, body: {} }
    })
  }
}

const connect: Connect = {
  ...cloudConnect,
  service: 'Boxes',
  oauth: {
    ...oauth,
    revocation: ({ clientId, clientSecret, accessToken }, { notion }) => ({
      url: `${notion.api}/revoke`,
      request: {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: new URLSearchParams({ token: accessToken }).toString(),
      },
    }),
    setUp: {
      url: 'https://boxes.example/apps',
      steps: ['Choose “New application” of the kind “Web”.', 'Enter the redirect URI below, and copy id and secret.'],
    },
  },
  token: {
    ...token,
    fields: [{ name: 'shelf', label: 'Shelf', hint: 'The name of your shelf, e.g. north.', type: 'text' }],
    authorization: (value, details) => `Bearer ${details.shelf === 'north' ? value : 'no-such-shelf'}`,
  },
}

const read = 'box:read'
const write = 'box:write'

/** The tools of the cloud that read and change, under names of its own. */
function toolsOf(id: string): Provider['tools'] {
  return cloudProvider.tools.slice(0, 2).map((tool) => ({
    ...tool,
    name: tool.name.replace('cloud.', `${id}.`),
    scope: tool.scope.replace('cloud:', `${id}:`),
    title: tool.name === 'cloud.who' ? 'Look into boxes' : 'Fill boxes',
  }))
}

export const boxProvider = defineProvider({
  id: 'box',
  title: 'Boxes',
  description: 'What you keep in boxes, for tests.',
  scopes: {
    [write]: { allows: 'put things into your boxes and take them out', access: 'write' },
    [read]: { allows: 'see what is in your boxes', access: 'read' },
  },
  connect: {
    ...connect,
    oauth: {
      ...(connect.oauth as NonNullable<Connect['oauth']>),
      scopes: { [read]: ['files.read'], [write]: ['files.read', 'files.write'] },
    },
  },
  tools: toolsOf('box'),
})

/** The same service, which names itself when it sends people back. Nobody has set it up, and it takes no tokens. */
export const crateProvider = defineProvider({
  id: 'crate',
  title: 'Crates',
  description: 'Like boxes, of wood.',
  scopes: {
    'crate:read': { allows: 'see what is in your crates', access: 'read' },
    'crate:write': { allows: 'nail your crates shut', access: 'write' },
  },
  connect: {
    apiUrls: connect.apiUrls,
    identify: connect.identify,
    service: 'Crates',
    oauth: {
      ...(connect.oauth as NonNullable<Connect['oauth']>),
      endpoints: ({ notion }) => ({
        authorizationUrl: `${notion.api}/authorize`,
        tokenUrl: `${notion.api}/token`,
        issuer: 'https://crates.example',
      }),
      // One permission for both.
      scopes: { 'crate:read': ['files.read'], 'crate:write': ['files.read'] },
      incremental: true,
    },
  },
  tools: toolsOf('crate').filter(({ scope }) => scope === 'crate:read'),
})
