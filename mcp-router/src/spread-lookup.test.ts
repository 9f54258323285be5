// How connections to a name with several addresses are spread.
import { expect, jest, test } from '@jest/globals'

const known = ['10.0.0.1', '10.0.0.2', '10.0.0.3'].map((address) => ({ address, family: 4 }))
jest.unstable_mockModule('node:dns', () => ({
  lookup: (name: string, _options: unknown, callback: (...answer: unknown[]) => void) =>
    name === 'nowhere' ? callback(new Error('ENOTFOUND')) : callback(null, known),
}))
const { spreadLookup } = await import('./spread-lookup.js')

type Answer = [error: Error | null, addresses: string | { address: string }[]]
const ask = (name: string, all: boolean) =>
  new Promise<Answer>((resolve) => spreadLookup(name, { all }, (error, addresses) => resolve([error, addresses])))

test('begins with each of the addresses now and then, and leaves none out', async () => {
  const firsts = new Map<string, number>()
  for (let at = 0; at < 300; at++) {
    const [, addresses] = (await ask('app-server', true)) as [null, { address: string }[]]
    expect(addresses.map(({ address }) => address).sort()).toEqual(known.map(({ address }) => address))
    const first = addresses[0]?.address ?? ''
    firsts.set(first, (firsts.get(first) ?? 0) + 1)
  }
  for (const { address } of known) expect(firsts.get(address)).toBeGreaterThan(50)
})

test('gives one address to who wants one', async () => {
  const [, address] = await ask('app-server', false)
  expect(known.map((entry) => entry.address)).toContain(address)
})

test('tells of a name that nobody knows', async () => {
  expect((await ask('nowhere', true))[0]?.message).toBe('ENOTFOUND')
})
