// The tokens that turns call tools with, as the router sees them: how wide, how long, for whom, and where they end.
import { createServer, request as forward, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { ScriptedAnswer } from '@sekisho/fakes'
import { eventually, startStack } from '@sekisho/testing'
import { decodeJwt, type JWTPayload } from 'jose'
import { type ChatPerson, type ChatStack, startChatStack, words } from './chat-bench.js'
import { postModern } from './router-at-test.js'

/** Between the app server and the router: what was sent, and on. */
const seen: IncomingMessage[] = []
const proxy = createServer((incoming, outgoing) => {
  seen.push(incoming)
  const { host: _own, ...headers } = incoming.headers
  const onward = forward(
    new URL(incoming.url ?? '/', chat.stack.mcpUrl),
    { method: incoming.method, headers },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(outgoing)
    },
  )
  onward.on('error', () => outgoing.destroy())
  incoming.pipe(onward)
})

let chat: ChatStack
let mei: ChatPerson

beforeAll(async () => {
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const { port } = proxy.address() as AddressInfo
  chat = await startChatStack({ appEnv: { ROUTER_URL: `http://127.0.0.1:${port}/mcp` } })
  mei = await chat.newcomer('Mei Sato')
})
afterAll(async () => {
  await chat.close()
  proxy.closeAllConnections()
  await new Promise((resolve) => proxy.close(resolve))
})
beforeEach(() => {
  seen.length = 0
})
afterEach(() => chat.gemini.behave())

const look: ScriptedAnswer = { pieces: [{ call: { name: 'product.search', arguments: { query: 'tea' } } }] }
const answered = (text: string): ScriptedAnswer => ({ pieces: words(text) })

const tokenOf = ({ headers }: IncomingMessage) => headers.authorization?.replace('Bearer ', '') ?? ''
const claims = (): (JWTPayload & Record<string, unknown>)[] => seen.map((one) => decodeJwt(tokenOf(one)))

/** A turn that has called a tool, and the token it did so with. */
async function lookedUp(who = mei, room?: string): Promise<{ token: string; room: string }> {
  chat.gemini.script(look, answered('Found.'))
  const at = room ?? (await who.room(['product']))
  const turn = await who.ended(await who.send(at, 'Tea?'))
  expect(turn).toMatchObject({ status: 'done', text: 'Found.' })
  return { token: tokenOf(seen.at(-1) as IncomingMessage), room: at }
}

const base = () => ({ base: chat.stack.mcpUrl.origin })
const search = (bearer: string) =>
  postModern(base(), 'tools/call', { name: 'product.search', arguments: { query: 'tea' } }, { bearer })

describe('the token of a turn', () => {
  test('is for this person, this server, the scopes of the room and no other, and for minutes', async () => {
    await lookedUp()
    for (const claim of claims()) {
      expect(claim).toMatchObject({
        sub: mei.id,
        iss: chat.stack.appServer.url,
        aud: chat.stack.mcpUrl.href,
        client_id: 'urn:sekisho:chat',
        scope: 'product:read',
      })
      expect(Number(claim.exp) - Number(claim.iat)).toBeLessThanOrEqual(300)
    }
  })

  test('opens no tool outside the room', async () => {
    const { token } = await lookedUp()
    const inside = await search(token)
    expect([inside.status, inside.body.result?.isError]).toEqual([200, undefined])
    const outside = await postModern(base(), 'tools/call', { name: 'order.list', arguments: {} }, { bearer: token })
    expect(outside.status).toBe(403)
    expect(outside.headers.get('www-authenticate')).toContain('insufficient_scope')
  })

  test('is worth nothing at another Sekisho, and opens no page', async () => {
    const { token } = await lookedUp()
    const other = await startStack()
    try {
      const there = { base: other.mcpUrl.origin }
      expect((await postModern(there, 'tools/list', {}, { bearer: token })).status).toBe(401)
    } finally {
      await other.close()
    }
    const page = await fetch(`${chat.stack.appServer.url}/chat`, {
      headers: { authorization: `Bearer ${token}`, accept: 'text/html' },
      redirect: 'manual',
    })
    expect([page.status, page.headers.get('location')]).toEqual([302, expect.stringContaining('/auth/login')])
  })

  test('ends with the session it was made for', async () => {
    const yui = await chat.newcomer('Yui Ito')
    const { token } = await lookedUp(yui)
    expect((await search(token)).status).toBe(200)
    await chat.stack.sql('DELETE FROM sessions WHERE user_id = $1', [yui.id])
    expect((await search(token)).status).toBe(401)
  })

  test('goes to the router alone: neither the model nor its service ever sees it', async () => {
    const { token } = await lookedUp()
    expect(JSON.stringify(chat.gemini.seen.map(({ headers, text, path }) => [headers, text, path]))).not.toContain(
      token,
    )
    expect(JSON.stringify(chat.stack.appServer.logLines)).not.toContain(token)
  })
})

describe('a member who lends their accounts', () => {
  async function lent() {
    const ken = await chat.newcomer(`Ken ${seen.length}${Math.random().toString(36).slice(2, 6)}`)
    const room = await mei.room(['product'])
    const [row] = await chat.stack.sql<{ email: string }>('SELECT email FROM users WHERE id = $1', [ken.id])
    await mei.press(`/chat/${room}/settings`, `/chat/${room}/members`, { email: row?.email ?? '', role: 'writer' })
    await ken.press(`/chat/${room}/settings`, `/chat/${room}/lending`)
    return { ken, room }
  }

  test('has tools act for them, with what the room had then, seen among their programs', async () => {
    const { ken, room } = await lent()
    await lookedUp(mei, room)
    expect(claims().every(({ sub, scope }) => sub === ken.id && scope === 'product:read')).toBe(true)
    expect((await ken.browser.open('/programs')).body).toContain('Sekisho chat')
    // A tool that came into the room later was not lent.
    await mei.set(room, { providers: 'order' })
    chat.gemini.script({ pieces: [{ call: { name: 'order.list', arguments: {} } }] }, answered('No.'))
    const turn = await mei.ended(await mei.send(room, 'Orders?'))
    expect(turn.calls.map(({ data }) => data.state)).toEqual(['failed'])
  })

  test('takes them back, and the very next call is refused; nobody else’s take their place', async () => {
    const { ken, room } = await lent()
    const { token } = await lookedUp(mei, room)
    await chat.stack.sql(`DELETE FROM oauth_grants WHERE user_id = $1 AND client_id = 'urn:sekisho:chat'`, [ken.id])
    expect((await search(token)).status).toBe(401)
    const turn = await mei.ended(await mei.send(room, 'Tea?'))
    expect(turn).toMatchObject({ status: 'failed', failure: { code: 'lending-ended' } })
  })

  test('leaves the room, and their accounts with them', async () => {
    const { ken, room } = await lent()
    const { token } = await lookedUp(mei, room)
    await mei.press(`/chat/${room}/settings`, `/chat/${room}/members/remove`, { user: ken.id })
    await eventually(async () => (await search(token)).status === 401)
    seen.length = 0
    await lookedUp(mei, room)
    expect(claims().every(({ sub }) => sub === mei.id)).toBe(true)
  })
})
