// A connected provider that exists in tests only; cloud-service.ts is the service behind it.
import type { FakeAccount } from '@sekisho/fakes'
import { z } from 'zod'
import { type Connect, connectionInput, TokenRefused } from '../src/providers/connect.js'
import { defineProvider, defineTool, type ToolAnnotations, upstreamOf } from '../src/providers/provider.js'
import { upstreamProblem } from '../src/providers/upstream.js'

/** The provider's service comes along with it. */
export * from './cloud-service.js'

const reading: ToolAnnotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: true,
}

const connect: Connect = {
  service: 'Cloud',
  apiUrls: ({ notion }) => [`${notion.api}/api`],
  async identify(fetch, { notion }) {
    const response = await fetch(`${notion.api}/api/me`)
    if (response.status === 401) throw new TokenRefused()
    if (!response.ok) throw upstreamProblem({ service: 'Cloud', status: response.status, words: undefined })
    const { id, email, name } = (await response.json()) as FakeAccount
    return { id, label: email, details: { name } }
  },
  oauth: {
    endpoints: ({ notion }) => ({ authorizationUrl: `${notion.api}/authorize`, tokenUrl: `${notion.api}/token` }),
    clientAuthentication: 'client_secret_basic',
    tokenRequest: 'form',
    alwaysScopes: ['profile'],
    scopes: { 'cloud:read': ['files.read'], 'cloud:write': ['files.read', 'files.write'] },
    incremental: false,
    refreshIdleDays: 30,
    setUp: { url: 'https://cloud.example/apps', steps: ['Make a client.'] },
  },
  token: { name: 'personal access token', url: 'https://cloud.example/tokens', hint: 'Choose files.' },
}

const whoOutput = z.object({ id: z.string(), label: z.string(), saw: z.string() })

/** Asks the service whose token it is, at one of its paths, or at several side by side. */
function whoTool(name: string, scope: string, ...paths: [string, ...string[]]) {
  return defineTool({
    name,
    title: 'Who',
    description: 'Fixture: whose account it is.',
    scope,
    annotations: reading,
    input: z.strictObject({ ...connectionInput }),
    output: whoOutput,
    async run(_input, call) {
      const { account, services, fetch } = upstreamOf(call)
      const ask = async (path: string) => {
        const response = await fetch(`${services.notion.api}${path}`)
        if (!response.ok) throw upstreamProblem({ service: 'Cloud', status: response.status, words: undefined })
        return ((await response.json()) as FakeAccount).email
      }
      const seen = new Set(await Promise.all(paths.map(ask)))
      return { id: account.id, label: account.label, saw: [...seen].join(' and ') }
    },
  })
}

/** Its addresses are those of Notion, because every address a provider knows is a setting. */
export const cloudProvider = defineProvider({
  id: 'cloud',
  title: 'Cloud',
  description: 'Files for tests.',
  scopes: {
    'cloud:read': { allows: 'read your test files', access: 'read' },
    'cloud:write': { allows: 'change your test files', access: 'write' },
  },
  connect,
  tools: [
    whoTool('cloud.who', 'cloud:read', '/api/me'),
    whoTool('cloud.change', 'cloud:write', '/api/files'),
    whoTool('cloud.both', 'cloud:read', '/api/me', '/api/files'),
  ],
})

/** A provider of the same service that nobody has set up. */
export const strayProvider = defineProvider({
  ...cloudProvider,
  id: 'stray',
  scopes: { 'stray:read': { allows: 'read nothing', access: 'read' } },
  connect: { ...connect, service: 'Stray' },
  tools: [whoTool('stray.who', 'stray:read', '/api/me')],
})
