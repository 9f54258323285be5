// What tests of language models share: a request, what came of it, and the way out to a fake.
import { expect } from '@jest/globals'
import type { FakeService } from '@sekisho/fakes'
import type { ModelAccess, ModelEvent, ModelMessage, ModelRequest, ModelVendor } from '../src/models/model.js'
import { ModelFailure } from '../src/models/model.js'
import { GuardedFetch } from '../src/platform/guarded-fetch.js'

export function wayTo(...fakes: readonly FakeService[]): GuardedFetch {
  return new GuardedFetch({ outboundAllowedHosts: fakes.map(({ host }) => host) })
}

export function asks(text: string): ModelMessage {
  return { role: 'user', text, files: [] }
}

/** A question about the weather, unless told. */
export function requestOf(model: string, rest: Partial<ModelRequest> = {}): ModelRequest {
  return {
    model,
    system: 'Be short.',
    messages: [asks('How is the weather?')],
    tools: [],
    maxOutputTokens: 1000,
    signal: new AbortController().signal,
    ...rest,
  }
}

export interface Outcome {
  readonly events: readonly ModelEvent[]
  readonly failure: ModelFailure | undefined
}

/** Everything that came, and how it went wrong if it did. */
export async function outcomeOf(vendor: ModelVendor, access: ModelAccess, request: ModelRequest): Promise<Outcome> {
  const events: ModelEvent[] = []
  try {
    for await (const event of vendor.stream(access, request)) events.push(event)
    return { events, failure: undefined }
  } catch (error) {
    if (error instanceof ModelFailure) return { events, failure: error }
    throw error
  }
}

export function textOf({ events }: Outcome): string {
  return events.map((event) => (event.kind === 'text' ? event.text : '')).join('')
}

export function callsOf({ events }: Outcome) {
  return events.flatMap((event) => (event.kind === 'call' ? [event.call] : []))
}

export function endOf({ events }: Outcome) {
  const last = events.at(-1)
  return last?.kind === 'end' ? last : undefined
}

/** The body of what a fake was asked last. */
export function lastBodyOf({ seen }: FakeService): Record<string, unknown> {
  return JSON.parse(seen.at(-1)?.text ?? '{}') as Record<string, unknown>
}

/** What a fake says of the weather, thinking first, and what any vendor makes of it. */
export const weather = {
  script: {
    pieces: [{ thinking: 'Rain?' }, { text: 'It ' }, { text: 'rains.' }],
    usage: { input: 120, output: 7, thinking: 30, cached: 100 },
  },
  words: [
    { kind: 'thinking', text: 'Rain?' },
    { kind: 'text', text: 'It ' },
    { kind: 'text', text: 'rains.' },
  ],
  end: {
    kind: 'end',
    reason: 'stop',
    usage: { inputTokens: 120, outputTokens: 7, thinkingTokens: 30, cachedTokens: 100 },
  },
} as const

/** Asks, and wants no more after the first event. Expects the answer to end with that reason. @returns what came */
export async function stopped(vendor: ModelVendor, access: ModelAccess, model: string): Promise<string[]> {
  const stop = new AbortController()
  const kinds: string[] = []
  const reading = (async () => {
    for await (const { kind } of vendor.stream(access, requestOf(model, { signal: stop.signal }))) {
      if (kind !== 'usage') kinds.push(kind)
      stop.abort(new Error('stopped by the person'))
    }
  })()
  await expect(reading).rejects.toThrow('stopped by the person')
  return kinds
}
