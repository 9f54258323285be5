// The address of the figures: who gets them, and who does not.
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Counter, Registry } from 'prom-client'
import { type MetricsEndpoint, serveMetrics } from './metrics-endpoint.js'

let endpoint: MetricsEndpoint

beforeAll(async () => {
  const registry = new Registry()
  new Counter({ name: 'things_total', help: 'Things.', registers: [registry] }).inc(3)
  endpoint = await serveMetrics(registry, { host: '127.0.0.1', port: 0, allowedHosts: ['metrics.example.com'] })
})

afterAll(() => endpoint.close())

function get(host: string, path = '/metrics', method = 'GET'): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(endpoint.url, { method, path, headers: { host } }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    sent.on('error', reject).end()
  })
}

describe('the figures', () => {
  test('are what was counted, and those of the process itself', async () => {
    const { status, text } = await get('127.0.0.1')
    expect(status).toBe(200)
    expect(text).toMatch(/^things_total 3$/m)
    expect(text).toMatch(/^process_resident_memory_bytes \d+/m)
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds \d/m)
  })

  test.each(['localhost:9464', '[::1]', '10.1.2.3', 'app-server', 'metrics.example.com'])(
    'are given to who comes by the name %s',
    async (host) => expect((await get(host)).status).toBe(200),
  )

  test.each(['evil.example', 'localhost.evil.example:9464', '127.0.0.1.evil.example'])(
    'are kept from a page whose own name, %s, was made to lead here',
    async (host) => {
      const { status, text } = await get(host)
      expect(status).toBe(403)
      expect(text).not.toContain('things_total')
    },
  )

  test('are at one path and for reading only', async () => {
    expect((await get('localhost', '/')).status).toBe(404)
    expect((await get('localhost', '/metrics', 'POST')).status).toBe(405)
  })
})
