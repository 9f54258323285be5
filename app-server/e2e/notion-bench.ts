// A bench with a pretended Notion behind it: one workspace, everything in it shared, and a person connected to it.
import { NotionFake, type NotionWorkspace } from '@sekisho/fakes'
import { notion } from '../src/providers/notion/notion.js'
import type { Caller } from '../src/providers/provider.js'
import { type Bench, noServices, openBench, steadyToken } from './provider-bench.js'

export interface NotionBench {
  readonly fake: NotionFake
  readonly workspace: NotionWorkspace
  readonly bench: Bench
  readonly caller: Caller
  call<Output = Record<string, unknown>>(tool: string, given: unknown): Promise<Output>
  close(): Promise<void>
}

export const ada = { id: '11111111-1111-4111-8111-111111111111', email: 'ada@example.com', name: 'Ada' }
export const bob = { id: '22222222-2222-4222-8222-222222222222', email: 'bob@example.com', name: 'Bob' }

export async function openNotionBench(): Promise<NotionBench> {
  const fake = await new NotionFake().listen()
  const workspace = fake.addWorkspace('Acme', [ada, bob])
  const token = fake.internalToken(workspace)
  const bench = await openBench([notion], {
    services: { ...noServices, notion: { api: fake.url } },
    hosts: [fake.host],
    accountOf: () => ({ account: { id: workspace.id, label: 'Acme', details: {} }, tokens: steadyToken(token) }),
  })
  const caller = await bench.person()
  return {
    fake,
    workspace,
    bench,
    caller,
    call: (tool, given) => bench.call(caller, `notion.${tool}`, given),
    async close() {
      await bench.close()
      await fake.close()
    },
  }
}
