// Real MCP clients against both processes as shipped: from a URL alone to an appointment, and to being shown out.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  type ClientMetadataServer,
  type Person,
  type Stack,
  startClientMetadataServer,
  startStack,
} from '@sekisho/testing'
import { ClientProgram, redirectUrl, type SdkKind, sdkKinds, type ToolAnswer } from './client-program.js'

let metadataServer: ClientMetadataServer
let stack: Stack
let person: Person

beforeAll(async () => {
  metadataServer = await startClientMetadataServer()
  stack = await startStack({ appEnv: { OUTBOUND_ALLOWED_HOSTS: metadataServer.host } })
  person = await stack.signedIn('Aki Tanaka')
}, 60_000)

afterAll(async () => {
  await stack?.close()
  await metadataServer.close()
})

function publishProgram(): string {
  return metadataServer.publish(`program-${randomUUID()}`, {
    client_name: 'Journey',
    redirect_uris: [redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  })
}

function program(kind: SdkKind, registration: 'CIMD' | 'DCR'): ClientProgram {
  const base = { kind, mcpUrl: stack.mcpUrl, person }
  return new ClientProgram(registration === 'CIMD' ? { ...base, clientMetadataUrl: publishProgram() } : base)
}

describe.each(sdkKinds)('%s', (kind) => {
  describe.each(['CIMD', 'DCR'] as const)('known by %s', (registration) => {
    test('signs in, lists, books, is stepped up, refreshes, is withdrawn and refused', async () => {
      const client = program(kind, registration)
      // The person lets it only read at first.
      client.consent = { decision: 'allow', scopes: ['product:read', 'booking:read'] }
      await client.connect()
      expect(client.consentPages).toHaveLength(1)
      expect(client.registrations > 0).toBe(true)
      expect(client.protocolVersion).toBe(kind.includes('v1') || kind.includes('legacy') ? '2025-11-25' : '2026-07-28')

      const tools = (await client.listTools()).map(({ name }) => name)
      expect(tools).toEqual(expect.arrayContaining(['product.search', 'booking.create', 'order.create', 'form.submit']))

      const products = await client.callTool('product.search', { limit: 3 })
      expect(products.isError ?? false).toBe(false)
      expect(itemsOf(products, 'products')).toHaveLength(3)

      const slot = await freeSlot(client)

      // Booking needs more than reading: a 403, another consent, and the same call again.
      client.consent = { decision: 'allow' }
      const booked = await stepUp(client, kind, 'booking.create', slot)
      expect(booked).toMatchObject({ structuredContent: { booking: { status: 'confirmed' } } })
      expect(client.consentPages.length).toBe(2)
      expect(client.tokens?.scope?.split(' ')).toEqual(
        expect.arrayContaining(['booking:read', 'booking:create', 'product:read']),
      )

      // An access token that is no longer good is renewed without the person.
      const before = client.tokens
      if (client.tokens) client.tokens = { ...client.tokens, access_token: 'no.longer.good' }
      await client.callTool('product.search', { limit: 1 })
      expect(client.tokens?.access_token).not.toBe('no.longer.good')
      expect(client.tokens?.refresh_token).not.toBe(before?.refresh_token)
      expect(client.consentPages.length).toBe(2)

      // The person withdraws it: the next call with any of its tokens is refused, and so is a refresh.
      await withdraw(client)
      const token = client.tokens
      expect(await statusOf(token?.access_token ?? '')).toBe(401)
      expect(await statusOf(before?.access_token ?? '')).toBe(401)
      const refreshed = await fetch(`${stack.appServer.url}/oauth/token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'refresh_token',
          refresh_token: token?.refresh_token ?? '',
          client_id: client.clientId ?? '',
        }),
      })
      expect([refreshed.status, await refreshed.json()]).toEqual([
        400,
        expect.objectContaining({ error: 'invalid_grant' }),
      ])
      await client.close()
    }, 60_000)
  })

  test('is told when the person says no', async () => {
    const client = program(kind, 'DCR')
    client.consent = { decision: 'deny' }
    await expect(client.connect()).rejects.toThrow('access_denied')
    await client.close()
  })
})

test('every call of the journeys has its audit entry', async () => {
  const rows = await stack.sql<{ tool: string; outcome: string; reason: string | null; n: number }>(
    'SELECT tool, outcome, reason, count(*)::int AS n FROM audit_entries GROUP BY 1, 2, 3',
  )
  const journeys = sdkKinds.length * 2
  expect(rows.find(({ tool, outcome }) => tool === 'booking.create' && outcome === 'ok')?.n).toBe(journeys)
  expect(rows.find(({ reason }) => reason === 'insufficient-scope')?.n).toBeGreaterThanOrEqual(journeys)
})

function itemsOf<Item>(answer: ToolAnswer, name: string): Item[] {
  return (answer.structuredContent?.[name] ?? []) as Item[]
}

let journey = 0

/** Arguments for booking.create that are free now. */
async function freeSlot(client: ClientProgram): Promise<Record<string, unknown>> {
  const services = await client.callTool('booking.list_services')
  const [service] = itemsOf<{ id: string }>(services, 'services')
  const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10)
  const slots = await client.callTool('booking.find_slots', {
    service_id: service?.id,
    from: day(1),
    to: day(21),
    limit: 100,
  })
  expect(slots.isError ?? false).toBe(false)
  // Each journey another slot: one person cannot be in two chairs at once.
  const free = itemsOf<{ start: string }>(slots, 'slots')
  const slot = free[journey++ * 6]
  return { service_id: service?.id, start: slot?.start, idempotency_key: randomUUID() }
}

/**
 * Calls a tool that needs more scopes. SDK v1 refreshes first, which cannot widen a token (RFC 6749 §6);
 * a host that wants more drops the refresh token and connects anew, as this does.
 */
async function stepUp(client: ClientProgram, kind: SdkKind, name: string, args: Record<string, unknown>) {
  if (kind !== 'SDK v1') return client.callTool(name, args)
  await expect(client.callOnce(name, args)).rejects.toThrow('403')
  const { refresh_token: _dropped, ...rest } = client.tokens ?? { access_token: '', token_type: 'Bearer' }
  client.tokens = rest
  await client.close()
  await client.connect()
  return client.callTool(name, args)
}

async function withdraw(client: ClientProgram): Promise<void> {
  const programs = await person.open('/programs')
  expect(programs.body).toContain('Journey')
  const id = client.clientId ?? ''
  const asked = await person.open(`/programs/withdraw?program=${encodeURIComponent(id)}`)
  const form = asked.forms.find(({ fields }) => fields.some(([, value]) => value === id))
  if (!form) throw new Error(`no form to withdraw ${id} among ${JSON.stringify(asked.forms)}`)
  const after = await person.submit(asked, form)
  expect([after.status, after.url.pathname]).toEqual([200, '/programs'])
}

async function statusOf(token: string): Promise<number> {
  const response = await fetch(stack.mcpUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${token}`,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list', params: {} }),
  })
  await response.text()
  return response.status
}
