// The figures of the router after things have happened, and who may see them.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { postLegacy, postModern, type RouterAtTest, startRouterAtTest } from './router-at-test.js'

let at: RouterAtTest

beforeAll(async () => {
  at = await startRouterAtTest({ ROUTER_METRICS_PORT: '0' })
})

afterAll(() => at.close())

async function figures(): Promise<string> {
  return (await fetch(at.router.metricsUrl ?? '')).text()
}

function value(text: string, name: string, ...labels: string[]): number {
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => labels.every((pair) => line.includes(pair)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
}

const count = 'sekisho_router_request_duration_seconds_count'

describe('the figures', () => {
  test('count requests by method, era and status', async () => {
    await postModern(at, 'tools/call', { name: 'echo', arguments: {} })
    await postLegacy(at, 'tools/call', { name: 'echo', arguments: {} })
    await postLegacy(at, 'tools/list')
    const text = await figures()
    expect(value(text, count, 'method="tools/call"', 'era="modern"', 'status="200"', 'path="/mcp"')).toBe(1)
    expect(value(text, count, 'method="tools/call"', 'era="legacy"', 'status="200"')).toBe(1)
    expect(value(text, count, 'method="tools/list"', 'era="legacy"', 'status="200"')).toBe(1)
  })

  test('count refusals by their reason', async () => {
    const before = await figures()
    await postLegacy(at, 'tools/list', {}, { bearer: undefined })
    await postLegacy(at, 'tools/list', {}, { bearer: 'bad' })
    await postLegacy(at, 'tools/list', {}, { headers: { origin: 'https://evil.example' } })
    await fetch(`${at.base}/nowhere`)
    const after = await figures()
    const grown = (reason: string) => {
      const name = 'sekisho_router_refusals_total'
      return value(after, name, `reason="${reason}"`) - value(before, name, `reason="${reason}"`)
    }
    expect(grown('invalid-token')).toBe(2)
    expect(grown('forbidden')).toBe(1)
    expect(grown('not-found')).toBe(1)
  })

  test('do not grow by what clients make up, and name no tool and no token', async () => {
    await postModern(at, 'made/up', {})
    await postModern(at, 'tools/call', { name: 'made_up_tool', arguments: {} })
    await fetch(`${at.base}/made-up`)
    const text = await figures()
    expect(text).not.toMatch(/made|good\.bearer/)
    expect(value(text, count, 'method="other"')).toBe(1)
  })

  test('tell of the requests under way and of the process', async () => {
    at.door.tools.set('slow', async (_received, response) => {
      await new Promise((resolve) => setTimeout(resolve, 600))
      response.destroy()
    })
    const waiting = postLegacy(at, 'tools/call', { name: 'slow', arguments: {} })
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(value(await figures(), 'sekisho_router_requests_in_flight')).toBe(1)
    await waiting
    const text = await figures()
    expect(value(text, 'sekisho_router_requests_in_flight')).toBe(0)
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m)
  })

  test('are not where the public comes in', async () => {
    expect((await fetch(`${at.base}/metrics`)).status).toBe(404)
  })
})
