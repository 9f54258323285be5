// Every tool there is, offered to a model of each vendor: all are taken, and what the pretended model calls fits its tool.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { GeminiFake, OpenAiFake } from '@sekisho/fakes'
import { z } from 'zod'
import { Gemini } from '../src/models/gemini.js'
import type { ModelAccess, ModelVendor } from '../src/models/model.js'
import { OpenAiCompatible } from '../src/models/openai-compatible.js'
import type { GuardedFetch } from '../src/platform/guarded-fetch.js'
import { providers } from '../src/providers/index.js'
import { asks, callsOf, endOf, outcomeOf, requestOf, textOf, wayTo } from './model-bench.js'

const inputs = new Map(providers.flatMap(({ tools }) => tools).map(({ name, input }) => [name, input]))
const tools = providers
  .flatMap((provider) => provider.tools)
  .map(({ name, description, input }) => ({
    name,
    description,
    parameters: z.toJSONSchema(input, { io: 'input' }) as Record<string, unknown>,
  }))

describe.each(['gemini', 'openai-compatible'])('a model of %s', (id) => {
  let gemini: GeminiFake
  let openAi: OpenAiFake
  let way: GuardedFetch
  let vendor: ModelVendor
  let access: ModelAccess
  let model: string

  beforeAll(async () => {
    gemini = await new GeminiFake().listen()
    openAi = await new OpenAiFake().listen()
    way = wayTo(gemini, openAi)
    const isGemini = id === 'gemini'
    vendor = isGemini ? new Gemini(way, gemini.url) : new OpenAiCompatible(way)
    model = isGemini ? 'gemini-3.8-flash' : 'llama-4-scout'
    access = isGemini
      ? { vendor: id, apiKey: gemini.apiKey }
      : { vendor: id, apiKey: openAi.options.apiKey ?? '', baseUrl: openAi.baseUrl }
  })

  afterAll(async () => {
    await way.onApplicationShutdown()
    await gemini.close()
    await openAi.close()
  })

  const ask = (question: string) => outcomeOf(vendor, access, requestOf(model, { tools, messages: [asks(question)] }))

  test.each([
    ['Which events do I have next week?', ['gcal.list_events']],
    ['来週の予定と自分のチケットを教えて', ['gcal.list_events', 'jira.search_issues']],
    ['Open issues on GitHub', ['github.search_issues']],
    ['Free haircut times tomorrow', ['booking.list_services']],
    ['Add lunch with Ken to my calendar tomorrow at noon', ['gcal.create_event']],
    ['Which tea do you sell?', ['product.search']],
    ['My orders', ['order.list']],
    ['Find the notes in Notion', ['notion.search']],
  ])('takes all tools and is asked "%s": it calls what fits, with what fits', async (question, names) => {
    const outcome = await ask(question)
    expect(outcome.failure).toBeUndefined()
    const calls = callsOf(outcome)
    expect(calls.map(({ name }) => name)).toEqual(names)
    for (const call of calls) {
      expect([call.arguments, inputs.get(call.name)?.safeParse(call.arguments).error]).toEqual([
        call.arguments,
        undefined,
      ])
    }
    expect(endOf(outcome)?.reason).toBe('calls')
  })

  test('says what it could be asked when nothing fits', async () => {
    const outcome = await ask('Hello')
    expect(textOf(outcome)).toContain('Which events do I have next week?')
    expect(endOf(outcome)?.reason).toBe('stop')
  })
})
