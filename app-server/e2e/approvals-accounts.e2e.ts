// Approvals of calls that act with an account at a service: asked when the account is there, and good for that account.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { akisAccount, akisOtherAccount } from './connected-provider.js'
import { callTool, openVaultBench, type VaultBench, type VaultCaller } from './vault-bench.js'

let bench: VaultBench
let aki: VaultCaller
let people = 0

beforeAll(async () => {
  bench = await openVaultBench()
})

afterAll(() => bench?.close())

beforeEach(async () => {
  aki = await bench.caller(`Aki ${++people}`)
  await bench.app.sql(`INSERT INTO tool_policies (user_id, tool, policy) VALUES ($1, 'cloud.who', 'ask')`, [aki.userId])
})

const who = (given: Record<string, unknown> = {}) => callTool(bench.app.url, aki, 'cloud.who', given)

async function allow(approvalId: unknown): Promise<void> {
  const page = await aki.person.open(new URL(`/approvals/${approvalId}`, bench.app.url))
  const form = page.forms.find(({ buttons }) => buttons.some(([, value]) => value === 'approve'))
  if (!form) throw new Error(`nothing to allow at ${page.url}`)
  await aki.person.submit(page, form, {}, 'approve')
}

describe('a call that acts with an account', () => {
  test('is asked about only when there is one', async () => {
    expect((await who()).body).toMatchObject({ code: 'not-connected' })
    expect(await bench.app.sql('SELECT FROM approvals WHERE user_id = $1', [aki.userId])).toEqual([])
    await bench.connect(aki, akisAccount)
    expect((await who()).body).toMatchObject({ code: 'approval-needed' })
  })

  test('shows its person which account that is, and reaches the service only with their word', async () => {
    await bench.connect(aki, akisAccount)
    const before = bench.cloud.seen.length
    const { body } = await who()
    const page = await aki.person.open(new URL(`/approvals/${body.approval_id}`, bench.app.url))
    expect(page.body).toContain(akisAccount.email)
    expect(bench.cloud.seen.slice(before).filter(({ path }) => path === '/api/me')).toEqual([])
    await allow(body.approval_id)
    expect(await who()).toMatchObject({ status: 200, body: { saw: akisAccount.email } })
  })

  test('asks again when the same arguments have come to mean another account', async () => {
    const first = await bench.connect(aki, akisAccount)
    const { body } = await who()
    await allow(body.approval_id)
    const second = await bench.connect(aki, akisOtherAccount)
    await bench.connections.setDefault(aki.userId, second.id)
    const other = await who()
    expect(other.body).toMatchObject({ code: 'approval-needed' })
    expect(other.body.approval_id).not.toBe(body.approval_id)
    await bench.connections.setDefault(aki.userId, first.id)
    expect(await who()).toMatchObject({ status: 200, body: { saw: akisAccount.email } })
  })
})
