// A bench to try providers on: a migrated database with people, and tools called as the tool runner calls them.
import { randomUUID } from 'node:crypto'
import type { Problem } from '@sekisho/contracts'
import { createTestDatabase } from '@sekisho/testing'
import type { z } from 'zod'
import { createDataSource } from '../src/platform/database/data-source.js'
import { Database } from '../src/platform/database/database.js'
import { once, onceOutside } from '../src/platform/database/once.js'
import { GuardedFetch } from '../src/platform/guarded-fetch.js'
import type { Services } from '../src/platform/service-settings.js'
import type { Account, Connect, Upstream } from '../src/providers/connect.js'
import type { Caller, Provider, Tool, ToolCall } from '../src/providers/provider.js'
import { type TokenSource, upstreamFetch } from '../src/providers/upstream.js'

/** Connections of the pool: fewer than the callers of the crowded tests, as in life. */
const databasePoolSize = 20

export interface Bench {
  readonly database: Database
  /** A new person of the accounts table. */
  person(name?: string): Promise<Caller>
  people(count: number): Promise<Caller[]>
  /**
   * Calls a tool of the provider with arguments off the wire and gives its output as the wire would carry it.
   * Throws ZodError for arguments that its input refuses.
   */
  call<Output = Record<string, unknown>>(caller: Caller, tool: string, given?: unknown): Promise<Output>
  close(): Promise<void>
}

/** The services behind connected providers, as fakes, and the accounts people have there. */
export interface BenchServices {
  readonly services: Services
  /** `host:port` of every fake. */
  readonly hosts: readonly string[]
  /** The connected account of a caller, and how its token is sent. */
  accountOf(caller: Caller): { readonly account: Account; readonly tokens: TokenSource }
}

/** Where nothing is; tests put the addresses of their fakes over it. */
export const noServices: Services = {
  google: { accounts: 'http://x', api: 'http://x', token: 'http://x', revoke: 'http://x' },
  github: { web: 'http://x', api: 'http://x' },
  notion: { api: 'http://x' },
  atlassian: { auth: 'http://x', api: 'http://x' },
  gemini: { api: 'http://x' },
}

/** A token that stays as it is. */
export function steadyToken(token: string): TokenSource {
  return { authorization: async () => `Bearer ${token}`, renewed: async () => undefined }
}

export async function openBench(providers: readonly Provider[], behind?: BenchServices): Promise<Bench> {
  const testDatabase = await createTestDatabase()
  const dataSource = createDataSource({ databaseUrl: testDatabase.url, databasePoolSize }, [])
  await dataSource.initialize()
  const database = new Database(dataSource)
  const tools = new Map(
    providers.flatMap((provider) => provider.tools.map((tool) => [tool.name, { tool, provider }] as const)),
  )
  const guardedFetch = new GuardedFetch({ outboundAllowedHosts: behind?.hosts ?? [] })
  const upstreamOf = ({ connect }: Provider, caller: Caller, signal: AbortSignal) =>
    connect && behind ? openUpstream(connect, behind, caller, guardedFetch, signal) : undefined

  const person = async (name = 'Somebody'): Promise<Caller> => {
    const email = `${randomUUID()}@example.com`
    const [row] = await database.query<{ id: string }>('INSERT INTO users (email, name) VALUES ($1, $2) RETURNING id', [
      email,
      name,
    ])
    if (!row) throw new Error('a person was not kept')
    return { userId: row.id, email, name }
  }

  return {
    database,
    person,
    people: (count) => Promise.all(Array.from({ length: count }, () => person())),
    async call<Output>(caller: Caller, name: string, given: unknown = {}): Promise<Output> {
      const found = tools.get(name)
      if (!found) throw new Error(`there is no tool ${name} on the bench`)
      const { tool, provider } = found
      const input = tool.input.parse(given)
      const { signal } = new AbortController()
      return (await run(tool, input, {
        caller,
        database,
        signal,
        upstream: upstreamOf(provider, caller, signal),
      })) as Output
    },
    async close() {
      await guardedFetch.onApplicationShutdown()
      await database.close()
      await dataSource.destroy()
      await testDatabase.drop()
    },
  }
}

function openUpstream(
  connect: Connect,
  { services, accountOf }: BenchServices,
  caller: Caller,
  fetch: GuardedFetch,
  signal: AbortSignal,
): Upstream {
  const { account, tokens } = accountOf(caller)
  const { details } = account
  return { account, services, fetch: upstreamFetch({ connect, services, details, tokens, fetch, signal }) }
}

interface Around extends Pick<ToolCall, 'caller' | 'database' | 'signal'> {
  upstream: Upstream | undefined
}

async function run(tool: Tool, input: Record<string, unknown>, around: Around): Promise<unknown> {
  const { caller, database, signal, upstream } = around
  const key = input.idempotency_key as string | undefined
  const action = { ownerId: caller.userId, operation: tool.name, key, arguments: input }
  const call: ToolCall = {
    caller,
    database,
    signal,
    reportProgress: () => undefined,
    once: (write) => once(database, action, write),
    onceUpstream: (act) => onceOutside(database, action, act),
    ...(upstream ? { upstream } : {}),
  }
  const output: unknown = JSON.parse(JSON.stringify(await tool.run(input, call)))
  return tool.output.strict().parse(output)
}

/** What a call that must be refused was refused with. Throws when it went through. */
export async function problemOf(call: Promise<unknown>): Promise<Problem> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!(outcome instanceof Error) || outcome.name !== 'Problem') throw outcome ?? new Error('the call was not refused')
  return outcome as Problem
}

/** The paths and messages of what a tool's input finds wrong with arguments; empty when it takes them. */
export function faultsOf(provider: Provider, name: string, given: unknown): string[] {
  const tool = provider.tools.find((one) => one.name === name)
  const parsed = tool?.input.safeParse(given)
  return parsed?.error?.issues.map(({ path, message }: z.core.$ZodIssue) => `${path.join('.')}: ${message}`) ?? []
}

/** Reads a paged tool to its end. `between` runs after each page. Throws when it does not end within 100 pages. */
export async function readPages<Item>(
  bench: Bench,
  caller: Caller,
  tool: string,
  given: Record<string, unknown>,
  member: string,
  between: () => Promise<unknown> = async () => undefined,
): Promise<Item[]> {
  const items: Item[] = []
  let cursor: string | null | undefined
  for (let page = 0; page < 100; page++) {
    const output = await bench.call(caller, tool, { ...given, ...(cursor ? { cursor } : {}) })
    items.push(...(output[member] as Item[]))
    cursor = output.next_cursor as string | null
    if (cursor === null) return items
    await between()
  }
  throw new Error(`${tool} did not come to an end`)
}
