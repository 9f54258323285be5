// What tests of language models share: a request, what came of it, and the way out to a fake.
import { type FakeService } from '@sekisho/fakes'
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
