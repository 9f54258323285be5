// The sample data of every provider: it fits its tables, and the first call shows something real.
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { type Bench, openBench, readPages } from '../../e2e/provider-bench.js'
import { providers } from './index.js'
import type { Caller } from './provider.js'

let bench: Bench
let hana: Caller

beforeAll(async () => {
  bench = await openBench(providers)
  hana = await bench.person('Hana')
  for (const provider of providers) await bench.database.transaction(async (sql) => provider.sampleData?.(sql))
})
afterAll(() => bench.close())

test('there are products to search, most of them in stock, and one can be ordered', async () => {
  const all = await readPages<{ id: string; stock: number }>(bench, hana, 'product.search', {}, 'products')
  const inStock = await readPages<{ id: string }>(bench, hana, 'product.search', { in_stock: true }, 'products')
  expect(all).toHaveLength(12)
  expect(inStock.length).toBeGreaterThan(8)
  expect(inStock.length).toBeLessThan(12)
  const lines = [{ product_id: inStock[0]?.id, quantity: 1 }]
  const { order } = await bench.call<{ order: { total: string } }>(hana, 'order.create', { lines })
  expect(order.total).toMatch(/^JPY \d+$/)
})

test('there are services in two time zones, each with free slots, and each can be booked', async () => {
  const services = await readPages<{ id: string; time_zone: string }>(
    bench,
    hana,
    'booking.list_services',
    {},
    'services',
  )
  expect(services.map(({ time_zone }) => time_zone).sort()).toEqual([...Array(4).fill('Asia/Tokyo'), 'Europe/Berlin'])
  for (const { id: service_id } of services) {
    const to = new Date(Date.now() + 20 * 86_400_000).toISOString().slice(0, 10)
    const { slots } = await bench.call<{ slots: { start: string }[] }>(hana, 'booking.find_slots', { service_id, to })
    expect(slots.length).toBeGreaterThan(1)
    await expect(bench.call(hana, 'booking.create', { service_id, start: slots[1]?.start })).resolves.toBeDefined()
  }
})

test('there are forms, and one can be filled in', async () => {
  const forms = await readPages<{ id: string; title: string }>(bench, hana, 'form.list', {}, 'forms')
  expect(forms).toHaveLength(2)
  const answers = {
    full_name: 'Hana Mori',
    email: 'hana@example.com',
    hair_length: 'long',
    wishes: ['cut', 'head spa'],
    sensitive_skin: false,
  }
  const form_id = forms.find(({ title }) => title.startsWith('First visit'))?.id
  const { submission } = await bench.call<{ submission: unknown }>(hana, 'form.submit', { form_id, answers })
  expect(submission).toMatchObject({ answers })
})
