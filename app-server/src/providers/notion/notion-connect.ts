// How Notion workspaces are connected: by OAuth, where a person picks pages, or by the token of an internal connection.
import { Problem } from '@sekisho/contracts'
import type { Services } from '../../platform/service-settings.js'
import { type Account, type Connect, TokenRefused, type UpstreamFetch } from '../connect.js'
import { oneLine } from '../foreign-text.js'
import { bodyOf, NotionApi, notionProblem, objectOf, textOf } from './notion-api.js'

const connectionsUrl = 'https://www.notion.so/developers/connections'

export const notionConnect: Connect = {
  service: 'Notion',
  apiUrls: ({ notion }) => [`${notion.api}/v1`],
  identify,
  problemOf: async (response) => notionProblem(response, await bodyOf(response.clone())),
  oauth: {
    endpoints: ({ notion }) => ({
      authorizationUrl: `${notion.api}/v1/oauth/authorize`,
      tokenUrl: `${notion.api}/v1/oauth/token`,
    }),
    parameters: { owner: 'user' },
    clientAuthentication: 'client_secret_basic',
    tokenRequest: 'json',
    // Notion has no scopes: what a connection may do is chosen where it is made, and what it sees by whoever connects.
    alwaysScopes: [],
    scopes: { 'notion:read': [], 'notion:write': [] },
    givenScopes: () => undefined,
    incremental: false,
    revocation: ({ clientId, clientSecret, accessToken }, { notion }) => ({
      url: `${notion.api}/v1/oauth/revoke`,
      request: {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify({ token: accessToken }),
      },
    }),
    setUp: {
      url: connectionsUrl,
      steps: [
        'Create a new connection, choose OAuth (a public connection) and a name that people will recognise.',
        'Enter the redirect URI shown here under OAuth domain & URIs.',
        'Under Capabilities, turn on reading, updating and inserting content, reading and inserting comments, and user information without e-mail addresses.',
        'Copy the OAuth client ID and the client secret from the Configuration tab and enter both here.',
      ],
    },
  },
  token: {
    name: 'internal connection token',
    url: connectionsUrl,
    hint: 'Create an internal connection for your workspace, copy its access token (it begins with ntn_), and add the pages it may see under its Content access tab or by ••• → Connections on a page.',
  },
}

/**
 * The workspace of a token, and who gave it: two people of one workspace share different pages. Ids of bots are of no use,
 * for somebody who removes the connection at Notion and comes back has a new one.
 */
async function identify(fetch: UpstreamFetch, services: Services): Promise<Account> {
  const me = await new NotionApi(refusing(fetch), services).get('/v1/users/me')
  const bot = objectOf(me.bot)
  const workspaceId = textOf(bot.workspace_id)
  const giver = textOf(objectOf(objectOf(bot.owner).user).id) || textOf(me.id)
  if (giver === '') {
    throw new Problem('upstream-failed', 'Notion does not say whose token this is. Try again in a minute.')
  }
  const id = workspaceId === '' ? giver : `${workspaceId}/${giver}`
  const name = oneLine(textOf(bot.workspace_name), 150)
  return { id, label: name || `Notion workspace ${id.slice(0, 8)}`, details: {} }
}

function refusing(fetch: UpstreamFetch): UpstreamFetch {
  return async (url, request) => {
    const response = await fetch(url, request)
    if (response.status === 401) throw new TokenRefused()
    return response
  }
}
