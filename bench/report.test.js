// The figures of the bench: medians, ratios of the same moments, and an honest verdict.
import { describe, expect, test } from '@jest/globals'
import { othersShareOf, summaryOf, verdictsOf } from './report.js'

/** One target at 16 at once, asked in several rounds. */
const slotsOf = (target, callsOfRounds, more = {}) =>
  callsOfRounds.map((calls) => ({
    target,
    era: 'modern',
    concurrency: 16,
    calls,
    seconds: 2,
    p50Ms: 1,
    p99Ms: 4,
    cpuMs: 10,
    cpu: { app: calls / 10 },
    othersMs: 1_000,
    rssMb: { app: 100 },
    faultCount: 0,
    faults: [],
    ...more,
  }))

describe('a summary', () => {
  test('compares each round with the relay of the same round, and gives the median', () => {
    // The machine was busy in the second round: both had a tenth.
    const slots = [...slotsOf('relay', [10_000, 1_000, 10_000]), ...slotsOf('sekisho', [4_000, 400, 5_000])]
    const [, sekisho] = summaryOf(slots)
    expect(sekisho).toMatchObject({
      target: 'sekisho',
      perSecond: 2_000,
      ofRelay: 0.4,
      p50OfRelay: 1,
      rssMb: { app: 100 },
    })
    expect(sekisho?.cpuMsPerCall.app).toBeCloseTo(0.1)
  })

  test('counts wrong answers of all rounds', () => {
    const slots = [...slotsOf('relay', [1, 1]), ...slotsOf('sekisho', [1, 1], { faultCount: 2 })]
    expect(summaryOf(slots)[1]?.faultCount).toBe(4)
  })
})

test('what other programs took is a share of all processors', () => {
  expect(othersShareOf(slotsOf('relay', [1, 1]), 2)).toBe(0.25)
})

describe('a verdict', () => {
  const verdict = (calls) => verdictsOf(summaryOf([...slotsOf('relay', [1_000]), ...slotsOf('sekisho', [calls])]))

  test('is met from the goal on', () => {
    expect(verdict(250)).toEqual([expect.stringMatching(/^met .*0\.25/)])
  })

  test('is missed below it', () => {
    expect(verdict(240)).toEqual([expect.stringMatching(/^MISSED .*0\.24/)])
  })
})
