// However often somebody is refused, the log stays readable and nothing goes uncounted.
import { beforeEach, describe, expect, test } from '@jest/globals'
import type { AuditEntry } from './audit-log.js'
import { AuditedRefusals, refusalLimits } from './refusals.js'

let written: AuditEntry[]
let refusals: AuditedRefusals

beforeEach(() => {
  written = []
  refusals = new AuditedRefusals({ record: async (entry) => void written.push(entry) })
})

const refusal = (clientId: string): AuditEntry => ({
  kind: 'access',
  action: 'refuse',
  outcome: 'refused',
  reason: 'token-expired',
  clientId,
})

async function refuse(key: string, times: number): Promise<void> {
  for (let time = 0; time < times; time++) await refusals.record(key, refusal(key))
}

describe('refusals of one key', () => {
  test('are written one by one while they are few', async () => {
    await refuse('a', refusalLimits.perKey)
    expect(written).toHaveLength(refusalLimits.perKey)
    await refusals.endMinute()
    expect(written).toHaveLength(refusalLimits.perKey)
  })

  test('are counted when they are many, and told as one entry when the minute is over', async () => {
    await refuse('a', refusalLimits.perKey + 995)
    expect(written).toHaveLength(refusalLimits.perKey)
    await refusals.endMinute()
    expect(written.slice(refusalLimits.perKey)).toEqual([{ ...refusal('a'), details: { further_times: 995 } }])
  })

  test('have room again in the next minute', async () => {
    await refuse('a', 1_000)
    await refusals.endMinute()
    written = []
    await refuse('a', 1)
    expect(written).toEqual([refusal('a')])
  })

  test('leave the room of others alone', async () => {
    await refuse('a', 1_000)
    await refuse('b', 1)
    expect(written.at(-1)).toEqual(refusal('b'))
  })
})

describe('refusals of very many keys', () => {
  test('take no more than the room of all, and are told as a number', async () => {
    for (let key = 0; key < refusalLimits.total + 700; key++) await refuse(`key ${key}`, 1)
    expect(written).toHaveLength(refusalLimits.total)
    await refusals.endMinute()
    expect(written).toHaveLength(refusalLimits.total + 1)
    expect(written.at(-1)).toMatchObject({ reason: 'too-many-to-list', details: { further_times: 700 } })
  })

  test('still count for keys that were written, when the room of all is taken', async () => {
    for (let key = 0; key < refusalLimits.total; key++) await refuse(`key ${key}`, 1)
    await refuse('key 7', 3)
    await refusals.endMinute()
    expect(written.at(-1)).toMatchObject({ clientId: 'key 7', details: { further_times: 3 } })
  })

  test('are told at the end of the process too', async () => {
    await refuse('a', refusalLimits.perKey + 1)
    await refusals.onApplicationShutdown()
    expect(written.at(-1)).toMatchObject({ details: { further_times: 1 } })
  })
})
