// Settings: what is refused, and what they are when unset.
import { describe, expect, test } from '@jest/globals'
import { FaultySettings } from '@sekisho/contracts'
import { loadSettings, settingNames } from './settings.js'

function faultsOf(env: Record<string, string>): readonly string[] {
  try {
    loadSettings(env)
  } catch (error) {
    if (error instanceof FaultySettings) return error.faults
    throw error
  }
  return []
}

test('needs nothing to be set to run on one machine', () => {
  expect(loadSettings({})).toEqual({
    host: '127.0.0.1',
    port: 8080,
    mcpUrl: undefined,
    appServerUrl: 'http://127.0.0.1:3000',
    allowedOrigins: [],
    allowedHosts: [],
    maxConcurrentCalls: 512,
    callTimeoutMs: 65_000,
    drainDelayMs: 0,
    metricsPort: undefined,
    metricsHost: '127.0.0.1',
    traces: { endpoint: undefined, sampler: 'parentbased_always_on', samplerRatio: 1 },
    logLevel: 'info',
    endsWithStdin: false,
  })
})

test('waits longer than the app server works', async () => {
  const { doorLimits } = await import('@sekisho/contracts')
  expect(loadSettings({}).callTimeoutMs).toBeGreaterThan(doorLimits.callDeadlineMs)
})

describe('garbage is a fault that names its variable, never a default', () => {
  test.each([
    ['NODE_ENV', 'prod'],
    ['ROUTER_PORT', 'http'],
    ['ROUTER_PORT', '70000'],
    ['ROUTER_PORT', '80.5'],
    ['ROUTER_HOST', '::1'],
    ['ROUTER_HOST', 'http://localhost'],
    ['MCP_URL', 'localhost/mcp'],
    ['MCP_URL', 'ftp://example.com/mcp'],
    ['MCP_URL', 'https://example.com'],
    ['MCP_URL', 'https://example.com/other'],
    ['MCP_URL', 'https://example.com/mcp?x=1'],
    ['MCP_URL', 'https://user:word@example.com/mcp'],
    ['APP_SERVER_URL', 'app-server:3000'],
    ['APP_SERVER_URL', 'http://app-server:3000/#x'],
    ['ALLOWED_ORIGINS', 'inspector.example.com'],
    ['ALLOWED_ORIGINS', 'https://inspector.example.com/path'],
    ['ALLOWED_ORIGINS', '*'],
    ['ALLOWED_HOSTS', 'https://mcp-router'],
    ['ALLOWED_HOSTS', 'mcp-router:8080'],
    ['ALLOWED_HOSTS', '*.example.com'],
    ['MAX_CONCURRENT_CALLS', '0'],
    ['CALL_TIMEOUT_MS', '999'],
    ['LOG_LEVEL', 'loud'],
    ['SEKISHO_PARENT_PIPE', 'yes'],
  ])('%s=%s', (name, value) => {
    expect(faultsOf({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name}: `))])
  })

  test('lists all of them at once', () => {
    const faults = faultsOf({ ROUTER_PORT: 'x', CALL_TIMEOUT_MS: 'x', LOG_LEVEL: 'x' })
    expect(faults).toHaveLength(3)
  })
})

test('wants https in production, except on this machine', () => {
  const at = (url: string) => faultsOf({ NODE_ENV: 'production', MCP_URL: url })
  expect(at('http://mcp.example.com/mcp')).toHaveLength(1)
  expect(at('https://mcp.example.com/mcp')).toEqual([])
  expect(at('http://localhost:8080/mcp')).toEqual([])
})

test('reads lists, and URLs without their last slash', () => {
  expect(
    loadSettings({
      MCP_URL: 'https://mcp.example.com/mcp/',
      APP_SERVER_URL: 'http://app-server:3000/',
      ALLOWED_ORIGINS: ' https://a.example , HTTPS://B.example:8443,',
      ALLOWED_HOSTS: 'mcp-router,Other.Example',
      SEKISHO_PARENT_PIPE: 'stdin',
    }),
  ).toMatchObject({
    mcpUrl: 'https://mcp.example.com/mcp',
    appServerUrl: 'http://app-server:3000',
    allowedOrigins: ['https://a.example', 'https://b.example:8443'],
    allowedHosts: ['mcp-router', 'other.example'],
    endsWithStdin: true,
  })
})

test('holds no secret: no variable is one', () => {
  expect(settingNames.filter((name) => /KEY|SECRET|TOKEN|PASSWORD|DATABASE/.test(name))).toEqual([])
})
