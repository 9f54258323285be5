// Tools of a service show up when the service is set up, for everybody or for the one who has something of their own there.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { OAuthProgram } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'
import { akisAccount, cloudProvider, settingsFor } from './connected-provider.js'
import { fixturesProvider } from './fixtures-provider.js'
import { knock } from './oauth-bench.js'
import { callTool, openVaultBench, type VaultBench, type VaultCaller } from './vault-bench.js'

describe('the list of tools', () => {
  let bench: VaultBench
  let aki: VaultCaller
  let ben: VaultCaller

  beforeAll(async () => {
    bench = await openVaultBench()
    aki = await bench.caller('Aki Tanaka')
    ben = await bench.caller('Ben Sato')
  })

  afterAll(() => bench?.close())

  const cloudTools = ['cloud.who', 'cloud.change', 'cloud.both']

  /** As MCP, the direct API, its description and its pages have it; they must agree. */
  async function listed(caller: VaultCaller): Promise<string[]> {
    const { url } = bench.app
    const list = (await (await knock(url, caller.bearer)).json()) as { result: { tools: { name: string }[] } }
    const names = list.result.tools.map(({ name }) => name)
    const api = await fetch(`${url}/api/tools`, { headers: { authorization: `Bearer ${caller.bearer}` } })
    const { tools } = (await api.json()) as { tools: { name: string }[] }
    expect(tools.map(({ name }) => name)).toEqual(names)
    const page = await caller.person.open('/api/docs')
    expect([...new Set(page.body.match(/(cloud|stray)\.\w+/g) ?? [])].sort()).toEqual([...names].sort())
    return names
  }

  async function described(): Promise<string[]> {
    const document = (await (await fetch(`${bench.app.url}/api/openapi.json`)).json()) as { paths: object }
    return Object.keys(document.paths).filter((path) => /cloud|stray/.test(path))
  }

  test('has the tools of services that are set up for everybody, and no others', async () => {
    expect(await listed(aki)).toEqual(cloudTools)
    expect(await listed(ben)).toEqual(cloudTools)
    expect(await described()).toEqual(cloudTools.map((name) => `/api/tools/${name}`))
  })

  test('has those of a service that one person has a credential for, for that person alone', async () => {
    const own = { provider: 'stray', kind: 'token', ownerId: aki.userId, label: 'mine', secret: 'mine' } as const
    const { id } = await bench.credentials.create(own)
    expect(await listed(aki)).toEqual([...cloudTools, 'stray.who'])
    expect(await listed(ben)).toEqual(cloudTools)
    expect(await described()).not.toContain('/api/tools/stray.who')
    await bench.credentials.delete(id)
    expect(await listed(aki)).toEqual(cloudTools)
  })

  test('follows what the operator sets up and takes away, at once, and a hidden tool says what is missing', async () => {
    await bench.connect(aki, akisAccount)
    await bench.credentials.delete(bench.sharedClientId)
    expect(await listed(aki)).toEqual([])
    expect(await described()).toEqual([])
    for (const tool of [...cloudTools, 'stray.who']) {
      expect((await callTool(bench.app.url, aki, tool)).body).toMatchObject({
        code: 'not-connected',
        reason: 'not-set-up',
      })
    }
    await bench.credentials.create({ provider: 'stray', kind: 'token', label: 'shared', secret: 'shared' })
    expect(await listed(ben)).toEqual(['stray.who'])
    expect(await described()).toEqual(['/api/tools/stray.who'])
  })
})

describe('a tool that needs no account', () => {
  let app: TestApp

  afterAll(() => app?.close())

  test('asks the vault nothing, and neither does a list without services', async () => {
    const service = { url: 'http://127.0.0.1:9', host: '127.0.0.1:9' } as Parameters<typeof settingsFor>[0]
    app = await startTestApp({ providers: [fixturesProvider, cloudProvider], env: settingsFor(service) })
    const program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
    const { access_token: bearer } = await program.authorize(await app.signedIn('Aki'), 'fixtures:use')
    expect((await callTool(app.url, { bearer }, 'fixtures.echo', { text: 'x' })).status).toBe(200)
    expect(await vaultConnections(app)).toBe(0)
    // And it would be seen if it did.
    expect((await knock(app.url, bearer)).status).toBe(200)
    expect(await vaultConnections(app)).toBe(1)
    await app.close()

    app = await startTestApp({ providers: [fixturesProvider] })
    const again = await OAuthProgram.at(app.url, app.settings.mcpUrl)
    const { access_token: other } = await again.authorize(await app.signedIn('Aki'), 'fixtures:use')
    expect((await knock(app.url, other)).status).toBe(200)
    expect(await vaultConnections(app)).toBe(0)
  })

  /** The vault reads on a connection of its own, which opens with the first use. */
  async function vaultConnections({ sql }: TestApp): Promise<number> {
    const found = await sql(
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE '%held-accounts'`,
    )
    return found.length
  }
})
