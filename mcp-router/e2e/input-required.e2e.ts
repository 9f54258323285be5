// Questions of the app server to a modern client, and what comes back: the router passes both on as they are, and adds nothing.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { succeed } from './fake-door.js'
import { postModern, type RouterAtTest, startRouterAtTest } from './router-at-test.js'

/** With members that no SDK of today knows, and a state that no parser must touch. */
const question = {
  resultType: 'input_required',
  inputRequests: {
    connect: {
      method: 'elicitation/create',
      params: { mode: 'url', message: 'Connect.', url: 'https://app.example/a?b=c&d=%20', futureParam: [1.5, null] },
      futureMember: 'kept',
    },
  },
  requestState: ' 1.é\u2028"\\/== ',
  futureResultMember: { kept: true },
}
const capabilities = 'io.modelcontextprotocol/clientCapabilities'

describe.each([true, false])('with the plain lane: %s', (plainLane) => {
  let at: RouterAtTest

  beforeAll(async () => {
    at = await startRouterAtTest({}, { plainLane })
    at.door.tools.set('asks', (received, response) => succeed(received, response, question))
    at.door.tools.set('needs', ({ message: { id } }, response) => {
      const data = { requiredCapabilities: { elicitation: { url: {} } } }
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32021, message: 'Needs links.', data } }))
    })
  })
  afterAll(() => at.close())
  beforeEach(() => {
    at.door.received.length = 0
  })

  test.each([
    ['declares that it opens links', { elicitation: { url: {} } }],
    // Whether it may be asked is for the app server to know.
    ['declares nothing', {}],
  ])('a question reaches a client that %s as it was put', async (_what, declared) => {
    const { status, body } = await postModern(at, 'tools/call', { name: 'asks', _meta: { [capabilities]: declared } })
    expect(status).toBe(200)
    const { _meta, ...result } = body.result
    expect(result).toEqual(question)
    expect(_meta).toEqual({ 'io.modelcontextprotocol/serverInfo': expect.objectContaining({ name: 'sekisho' }) })
    expect(at.door.calls).toHaveLength(1)
  })

  test('what the client says to it reaches the app server as it was said', async () => {
    const params = {
      name: 'echo',
      arguments: { said: 'again' },
      inputResponses: { connect: { action: 'accept', futureMember: [1] }, other: { odd: null } },
      requestState: question.requestState,
      _meta: { [capabilities]: { elicitation: { url: { futureOption: 1 } }, futureCapability: {} } },
    }
    const { body } = await postModern(at, 'tools/call', params)
    expect(body.result.structuredContent).toMatchObject({ said: 'again' })
    expect(at.door.calls[0]?.message.params).toMatchObject(params)
  })

  test('that a capability is missing is said with its own code, as a bad request', async () => {
    const { status, body } = await postModern(at, 'tools/call', { name: 'needs' })
    expect(body.error).toEqual({
      code: -32021,
      message: 'Needs links.',
      data: { requiredCapabilities: { elicitation: { url: {} } } },
    })
    expect(status).toBe(400)
  })
})
