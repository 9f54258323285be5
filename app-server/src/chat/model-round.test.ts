// One round of a model: what it says is written, and what is too much of it is told.
import { expect, test } from '@jest/globals'
import type { ModelEvent, ModelUsage, ModelVendor } from '../models/model.js'
import { LiveTurn } from './live-turn.js'
import { maxCallsPerRound, runModelRound } from './model-round.js'
import type { Turn } from './turn.js'

const usage = { inputTokens: 5, outputTokens: 2, thinkingTokens: 0, cachedTokens: 0 }

test('calls beyond what is made at a time are there with the word that they were not made', async () => {
  const live = new LiveTurn({ id: 'turn', roomId: 'room', rounds: 1 } as Turn, [], [], () => undefined)
  const asked = maxCallsPerRound + 2
  const told: ModelUsage[] = []
  const vendor = {
    async *stream(): AsyncGenerator<ModelEvent> {
      for (let at = 0; at < asked; at++)
        yield { kind: 'call', call: { kind: 'call', id: `c${at}`, name: 'a.b', arguments: {} } }
      yield { kind: 'end', reason: 'calls', usage }
    },
  } as Partial<ModelVendor> as ModelVendor
  const end = await runModelRound({
    live,
    vendor,
    access: { vendor: 'any', apiKey: '' },
    request: {} as never,
    tools: new Map(),
    onUsage: (used) => told.push(used),
  })
  expect(end.reason).toBe('calls')
  expect(live.calls('asked')).toHaveLength(maxCallsPerRound)
  expect(live.calls('failed').map(({ data }) => [data.callId, data.result])).toEqual([
    ['c32', expect.stringContaining('32 calls')],
    ['c33', expect.stringContaining('32 calls')],
  ])
  expect(told).toEqual([usage])
})
