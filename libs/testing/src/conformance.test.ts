// What counts as conformance: every failure has its reason, every reason its failure.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from '@jest/globals'
import { differences, runConformance, type Verdict } from './conformance.js'

const verdicts = (given: Record<string, Verdict['status']>) =>
  new Map(Object.entries(given).map(([check, status]) => [check, { status, message: 'so it is' }]))

describe('a baseline', () => {
  const reason = 'It cannot be.'

  test('that names what fails, and nothing else, agrees', () => {
    const found = verdicts({ 'a/one': 'FAILURE', 'a/two': 'SUCCESS', 'b/one': 'SKIPPED', 'b/two': 'INFO' })
    expect(differences(found, [{ reason, checks: ['a/one'] }])).toEqual({ unexpected: [], stale: [] })
  })

  test('excuses one check, not its scenario nor its name elsewhere', () => {
    const found = verdicts({ 'a/one': 'FAILURE', 'a/two': 'FAILURE', 'b/one': 'FAILURE' })
    expect(differences(found, [{ reason, checks: ['a/one'] }])).toEqual({
      unexpected: ['a/two: FAILURE: so it is', 'b/one: FAILURE: so it is'],
      stale: [],
    })
  })

  test('is needed for a warning as for a failure', () => {
    const found = verdicts({ 'a/one': 'WARNING' })
    expect(differences(found, []).unexpected).toEqual(['a/one: WARNING: so it is'])
    expect(differences(found, [{ reason, checks: ['a/one'] }])).toEqual({ unexpected: [], stale: [] })
  })

  test.each(['SUCCESS', 'SKIPPED', 'INFO'] as const)('is stale when what it names is a %s', (status) => {
    expect(differences(verdicts({ 'a/one': status }), [{ reason, checks: ['a/one'] }])).toEqual({
      unexpected: [],
      stale: ['a/one'],
    })
  })

  test('is stale when what it names is not there any more', () => {
    expect(differences(verdicts({}), [{ reason, checks: ['a/one'] }]).stale).toEqual(['a/one'])
  })

  test('may excuse a scenario as a whole, as long as anything of it fails', () => {
    const whole = [{ reason, checks: ['a/*'] }]
    const found = verdicts({ 'a/one': 'FAILURE', 'a/two': 'SUCCESS', 'ab/one': 'FAILURE' })
    expect(differences(found, whole)).toEqual({ unexpected: ['ab/one: FAILURE: so it is'], stale: [] })
    expect(differences(verdicts({ 'a/one': 'SUCCESS' }), whole).stale).toEqual(['a/*'])
  })
})

describe('the suite', () => {
  const nobody = ['server', '--url', 'http://127.0.0.1:9/mcp']

  test('is ended when its time is over', async () => {
    await expect(runConformance([...nobody, '--suite', 'all'], { deadlineMs: 1 })).rejects.toThrow('within 1 ms')
  })

  test('that did nothing proves nothing', async () => {
    await expect(runConformance([...nobody, '--suite', 'none'], { deadlineMs: 20_000 })).rejects.toThrow(
      'the suite did',
    )
  })

  test('fails in a scenario it had to give up', async () => {
    const silent = createServer(() => undefined).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/mcp`
    const hasty = ['--requirements', '2025-11-25', '--timeout', '20']
    const found = await runConformance(['server', '--url', url, ...hasty], { deadlineMs: 20_000 }).finally(() => {
      silent.closeAllConnections()
      silent.close()
    })
    expect(found.get('tools-list/scenario-timeout')).toMatchObject({ status: 'FAILURE' })
    expect(differences(found, []).unexpected.length).toBeGreaterThanOrEqual(30)
  })
})
