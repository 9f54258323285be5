// The rules that every provider obeys, checked for each one that is listed.
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createTestDatabase, type TestDatabase } from '@sekisho/testing'
import type { DataSource } from 'typeorm'
import { z } from 'zod'
import { allMigrations } from '../migrations.js'
import { createDataSource } from '../platform/database/data-source.js'
import { providers } from './index.js'
import type { Provider, Tool } from './provider.js'
import { schemaOf } from './tool-schemas.js'

const tools = providers.flatMap((provider) => provider.tools.map((tool) => ({ name: tool.name, tool, provider })))
const toolNames = tools.map(({ name }) => name)
const writes = tools.filter(({ tool }) => !tool.annotations.readOnlyHint)
const lists = tools.filter(({ name }) => /\.(list|search|find)(_|$)/.test(name))

type Json = Record<string, unknown>

/** Every schema inside a JSON Schema, with the path to it. */
function* schemasIn(schema: Json, path = ''): Generator<{ path: string; schema: Json; isMember: boolean }> {
  yield { path, schema, isMember: path !== '' && !/[[{|]/.test(path.at(-1) ?? '') }
  for (const [name, member] of Object.entries((schema.properties ?? {}) as Record<string, Json>)) {
    yield* schemasIn(member, `${path}.${name}`)
  }
  if (schema.items) yield* schemasIn(schema.items as Json, `${path}[`)
  if (schema.propertyNames) yield* schemasIn(schema.propertyNames as Json, `${path}{`)
  if (typeof schema.additionalProperties === 'object') yield* schemasIn(schema.additionalProperties as Json, `${path}{`)
  for (const option of (schema.anyOf ?? schema.oneOf ?? []) as Json[]) yield* schemasIn(option, `${path}|`)
}

function inputSchemas(tool: Tool) {
  return [...schemasIn(schemaOf(tool.input, 'input'))]
}

/** What people read of a provider on pages. */
function textsForPeople({ title, description, scopes, tools: ofProvider, connect }: Provider): string[] {
  const fields = connect?.token?.fields ?? []
  const given = [
    title,
    description,
    ...Object.values(scopes).map(({ allows }) => allows),
    ...ofProvider.map((tool) => tool.title),
    ...(connect?.oauth?.setUp.steps ?? []),
    ...(connect?.token ? [connect.token.name, connect.token.hint] : []),
    ...fields.flatMap(({ label, hint }) => [label, hint]),
  ]
  return [...new Set(given)].sort()
}

/** Every zod schema of text inside a zod schema. Throws for a kind it does not know, so that none is passed over. */
function* textsIn(schema: z.core.$ZodType, path = ''): Generator<{ path: string; schema: z.core.$ZodType }> {
  const { def } = (schema as z.core.$ZodTypes)._zod
  switch (def.type) {
    case 'string':
      yield { path, schema }
      return
    case 'object':
      for (const [name, member] of Object.entries(def.shape)) yield* textsIn(member, `${path}.${name}`)
      return
    case 'array':
      yield* textsIn(def.element, `${path}[]`)
      return
    case 'record':
      yield* textsIn(def.keyType, `${path}{key}`)
      yield* textsIn(def.valueType, `${path}{}`)
      return
    case 'union':
      for (const option of def.options) yield* textsIn(option, path)
      return
    case 'optional':
    case 'default':
    case 'nullable':
      yield* textsIn(def.innerType, path)
      return
    case 'number':
    case 'boolean':
    case 'enum':
    case 'null':
      return
    default:
      throw new Error(`textsIn does not know ${def.type} at ${path}: teach it`)
  }
}

describe.each(providers.map((provider) => ({ id: provider.id, provider })))('the provider $id', ({ id, provider }) => {
  test('has an id of its own, a folder of that name, a title and a description', () => {
    expect(id).toMatch(/^[a-z][a-z0-9]*$/)
    expect(providers.filter((other) => other.id === id)).toHaveLength(1)
    expect(existsSync(new URL(`./${id}/${id}.ts`, import.meta.url))).toBe(true)
    expect(provider.title.length).toBeGreaterThan(2)
    expect(provider.description).toMatch(/^[A-Z].*\.$/)
  })

  test('declares scopes that continue "This program may …", and uses each of them', () => {
    const used = new Set(provider.tools.map(({ scope }) => scope))
    expect([...used].sort()).toEqual(Object.keys(provider.scopes).sort())
    for (const [name, { allows }] of Object.entries(provider.scopes)) {
      expect(name).toMatch(new RegExp(`^${id}:[a-z]+$`))
      expect(allows).toMatch(/^[a-z].*[^.]$/)
    }
  })
})

test.each(providers)('$id says what people read of it in Japanese too, and nothing that nobody reads', (provider) => {
  expect(Object.keys(provider.japanese ?? {}).sort()).toEqual(textsForPeople(provider))
})

describe.each(tools)('$name', ({ name, tool, provider }) => {
  test('is named for its provider, and nothing else has that name', () => {
    expect(name).toMatch(new RegExp(`^${provider.id}\\.[a-z]+(_[a-z]+)*$`))
    expect(name.length).toBeLessThanOrEqual(64)
    expect(toolNames.filter((other) => other === name)).toHaveLength(1)
  })

  test('says in a few sentences what it does, and names only tools that exist', () => {
    expect(tool.title).toMatch(/^[A-Z].{3,60}$/)
    expect(tool.description).toMatch(/^[A-Z].*\.$/s)
    expect(tool.description.length).toBeGreaterThan(60)
    expect(tool.description.length).toBeLessThan(800)
    const words = JSON.stringify([tool.description, schemaOf(tool.input, 'input'), schemaOf(tool.output, 'output')])
    const mentioned = [...words.matchAll(/\b([a-z]+)\.([a-z]+(?:_[a-z]+)*)\b/g)]
      .filter(([, first]) => providers.some(({ id }) => id === first))
      .map(([mention]) => mention)
    expect(mentioned.filter((mention) => !toolNames.includes(mention))).toEqual([])
  })

  test('asks for one declared scope that fits what it does', () => {
    const scope = provider.scopes[tool.scope]
    expect(scope?.access).toBe(tool.annotations.readOnlyHint ? 'read' : 'write')
  })

  test('states every annotation, without contradiction', () => {
    const { readOnlyHint, destructiveHint, idempotentHint, openWorldHint } = tool.annotations
    for (const hint of [readOnlyHint, destructiveHint, idempotentHint, openWorldHint])
      expect(typeof hint).toBe('boolean')
    if (readOnlyHint) expect([destructiveHint, idempotentHint]).toEqual([false, true])
  })

  test('takes a plain object, whose members are all described and none unknown', () => {
    const schemas = inputSchemas(tool)
    expect(schemas[0]?.schema).toMatchObject({ type: 'object', additionalProperties: false })
    expect(Object.keys(schemas[0]?.schema ?? {})).not.toEqual(
      expect.arrayContaining(['anyOf', 'oneOf', 'allOf', '$ref']),
    )
    for (const { path, schema, isMember } of schemas) {
      if (schema.properties)
        expect({ path, closed: schema.additionalProperties === false }).toEqual({ path, closed: true })
      if (isMember) expect({ path, described: Boolean(schema.description) }).toEqual({ path, described: true })
    }
  })

  test('takes nothing without bounds', () => {
    for (const { path, schema } of inputSchemas(tool)) {
      if (schema.type === 'string' && !schema.enum && schema.const === undefined) {
        expect({ path, bound: typeof schema.maxLength }).toEqual({ path, bound: 'number' })
      }
      if (schema.type === 'array') expect({ path, bound: typeof schema.maxItems }).toEqual({ path, bound: 'number' })
    }
  })

  test('takes no text that Postgres cannot hold', () => {
    for (const { path, schema } of textsIn(tool.input)) {
      // A cursor is decoded and held against the shape of its position before any of it is used.
      if (path === '.cursor') continue
      for (const text of ['01890a5d\u0000', '\ud800', 'a\u0000b']) {
        expect({ path, takes: z.safeParse(schema, text).success }).toEqual({ path, takes: false })
      }
    }
  })

  test('lets nobody say who they are: that comes from the token alone', () => {
    const identity = /^(user|caller|owner|account|person|subject|sub|principal|tenant)(_?id|_?email|_?name)?$/i
    expect(Object.keys(tool.input.shape).filter((member) => identity.test(member))).toEqual([])
  })

  test('gives a plain object, described where a name does not say it, and nowhere by saying the name again', () => {
    const schemas = [...schemasIn(schemaOf(tool.output, 'output'))]
    expect(schemas[0]?.schema).toMatchObject({ type: 'object' })
    const again = schemas.filter(({ path, schema }) => {
      const [, word] = /^(?:its|the|their) (\w+)\.$/i.exec(String(schema.description)) ?? []
      return word !== undefined && word.toLowerCase() === path.split('.').at(-1)
    })
    expect(again.map(({ path }) => path)).toEqual([])
  })

  test('fits in a list that a model reads: its definition stays under 4,700 characters', () => {
    expect(sizeOf(tool).all).toBeLessThan(4_700)
  })
})

/** Characters of a tool's definition in a list, and of what of it goes to a model before any call. */
function sizeOf({ name, title, description, input, output, annotations }: Tool): { all: number; asked: number } {
  const inputSchema = schemaOf(input, 'input')
  const outputSchema = schemaOf(output, 'output')
  const all = { name, title, description, inputSchema, outputSchema, annotations: { title, ...annotations } }
  return { all: JSON.stringify(all).length, asked: JSON.stringify({ name, description, inputSchema }).length }
}

test('all tools together leave a model room for its work', () => {
  const sizes = providers.map(({ id, tools: ofProvider }) => ({
    id,
    tools: ofProvider.length,
    ...ofProvider
      .map(sizeOf)
      .reduce((sum, { all, asked }) => ({ all: sum.all + all, asked: sum.asked + asked }), { all: 0, asked: 0 }),
  }))
  const sum = (of: 'all' | 'asked') => sizes.reduce((total, size) => total + size[of], 0)
  expect({ sizes, all: sum('all') < 205_000, asked: sum('asked') < 112_000 }).toMatchObject({ all: true, asked: true })
})

test.each(writes)('$name writes, so it takes an idempotency key that may be left out', ({ tool }) => {
  const member = tool.input.shape.idempotency_key
  expect(member).toBeDefined()
  expect(z.safeParse(member as z.core.$ZodType, undefined).success).toBe(true)
})

test.each(tools.filter((one) => !writes.includes(one)))(
  '$name only reads, so it takes no idempotency key',
  ({ tool }) => {
    expect(Object.keys(tool.input.shape)).not.toContain('idempotency_key')
  },
)

test('a tool that acts on a connected account takes which one, and says that it reaches outside', () => {
  for (const { name, tool, provider } of tools) {
    if (!provider.connect) continue
    const { openWorldHint } = tool.annotations
    expect({ name, openWorldHint, takes: 'connection' in tool.input.shape }).toEqual({
      name,
      openWorldHint: true,
      takes: true,
    })
  }
})

test('a provider that people connect says what each of its scopes needs at the service, and how to set it up', () => {
  for (const { connect, scopes } of providers) {
    if (!connect) continue
    expect(connect.oauth ?? connect.token).toBeDefined()
    if (!connect.oauth) continue
    expect(Object.keys(connect.oauth.scopes).sort()).toEqual(Object.keys(scopes).sort())
    expect(connect.oauth.setUp.steps.length).toBeGreaterThan(0)
  }
})

test.each(lists)('$name is paged', ({ tool }) => {
  expect(Object.keys(tool.input.shape)).toEqual(expect.arrayContaining(['limit', 'cursor']))
  expect(Object.keys(tool.output.shape)).toContain('next_cursor')
})

test('the rules see every tool', () => {
  expect(tools.length).toBeGreaterThanOrEqual(16)
  expect(writes.length).toBeGreaterThanOrEqual(6)
  expect(lists.length).toBeGreaterThanOrEqual(7)
})

test('no two scopes have one name', () => {
  const names = providers.flatMap((provider) => Object.keys(provider.scopes))
  expect(new Set(names).size).toBe(names.length)
})

describe('the migrations of all providers', () => {
  let testDatabase: TestDatabase
  let dataSource: DataSource
  beforeAll(async () => {
    testDatabase = await createTestDatabase()
    dataSource = createDataSource({ databaseUrl: testDatabase.url, databasePoolSize: 2 }, [])
    await dataSource.initialize()
  })
  afterAll(async () => {
    await dataSource.destroy()
    await testDatabase.drop()
  })

  test('carry timestamps of their own, among those of every room', () => {
    const timestamps = allMigrations(providers).map(({ name }) => /\d{13}$/.exec(name)?.[0])
    expect(timestamps).not.toContain(undefined)
    expect(new Set(timestamps).size).toBe(timestamps.length)
  })

  test('can be undone to the last table, and done again', async () => {
    const migrations = providers
      .flatMap((provider) => provider.migrations ?? [])
      .sort((a, b) => (a.name.slice(-13) < b.name.slice(-13) ? -1 : 1))
    const tables = async () => {
      const rows = await dataSource.query(
        `SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename`,
      )
      return (rows as { tablename: string }[]).map(({ tablename }) => tablename)
    }
    const before = await tables()
    const runner = dataSource.createQueryRunner()
    try {
      for (const Migration of [...migrations].reverse()) await new Migration().down(runner)
      expect((await tables()).filter((table) => /^(booking|order|form|product)/.test(table))).toEqual([])
      for (const Migration of migrations) await new Migration().up(runner)
    } finally {
      await runner.release()
    }
    expect(await tables()).toEqual(before)
  })
})
