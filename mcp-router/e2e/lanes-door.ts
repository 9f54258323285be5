// A door for the comparison of the two lanes: it writes down all it sees and answers as the bearer tells it to.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Problem } from '@sekisho/contracts'

/** What came through the door: its headers, and the message as a parser reads it. */
export interface Seen {
  headers: Record<string, string | string[] | undefined>
  message: unknown
}

type Message = { id?: unknown; method?: unknown; params?: { name?: unknown } }

/** Ways to answer, by name; the bearer `good.<name>` chooses one. */
const answers: Record<
  string,
  (message: Message, era: string) => [status: number, type: string, body: string | Buffer]
> = {
  plain: (message, era) => json(message, resultOf(message, era)),
  'without resultType': (message, era) => json(message, { ...resultOf(message, era), resultType: undefined }),
  'input required': (message, era) =>
    json(message, { ...resultOf(message, era), resultType: 'input_required', inputRequests: {}, requestState: 's' }),
  'another resultType': (message, era) => json(message, { ...resultOf(message, era), resultType: 'task' }),
  'resultType in any era': (message) => json(message, { ...resultOf(message, 'modern') }),
  'a _meta': (message, era) => json(message, { ...resultOf(message, era), _meta: { ours: 1 } }),
  'a _meta that is text': (message, era) => json(message, { ...resultOf(message, era), _meta: 'x' }),
  'a name already': (message, era) =>
    json(message, {
      ...resultOf(message, era),
      _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'other', version: '1' } },
    }),
  'no ttl': (message, era) => json(message, { ...resultOf(message, era), ttlMs: undefined }),
  'a bad ttl': (message, era) => json(message, { ...resultOf(message, era), ttlMs: -1.5 }),
  'a bad scope': (message, era) => json(message, { ...resultOf(message, era), cacheScope: 'shared' }),
  'tools with execution': (message, era) =>
    json(message, { ...resultOf(message, era), tools: [{ name: 'a', execution: { taskSupport: 'optional' } }] }),
  'tools with other outputs': (message, era) =>
    json(message, {
      ...resultOf(message, era),
      tools: [{ name: 'a', inputSchema: { type: 'object' }, outputSchema: { type: 'array' } }],
    }),
  'tools that are none': (message, era) => json(message, { ...resultOf(message, era), tools: 'none' }),
  'tools among which is nothing': (message, era) => json(message, { ...resultOf(message, era), tools: [null, 7, []] }),
  'capabilities with tasks': (message, era) =>
    json(message, { ...resultOf(message, era), capabilities: { tasks: {}, tools: {} } }),
  'an empty result': (message) => json(message, {}),
  'a result that is text': (message) => json(message, 'text' as never),
  'a result that is a list': (message) => json(message, [] as never),
  'no result': ({ id }) => ok(JSON.stringify({ jsonrpc: '2.0', id })),
  'result and error': ({ id }) =>
    ok(JSON.stringify({ jsonrpc: '2.0', id, result: {}, error: { code: 1, message: '' } })),
  'a JSON-RPC error': ({ id }) => ok(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32602, message: 'No.' } })),
  'an error of the past': ({ id }) =>
    ok(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32002, message: 'No.', data: [1] } })),
  'a broken error': ({ id }) => ok(JSON.stringify({ jsonrpc: '2.0', id, error: { code: 'x' } })),
  'the id of another': (message, era) => json({ ...message, id: 4_711 }, resultOf(message, era)),
  'the id as text': (message, era) => json({ ...message, id: String(message.id) }, resultOf(message, era)),
  'no id': (message, era) => ok(JSON.stringify({ jsonrpc: '2.0', result: resultOf(message, era) })),
  'two ids': (message, era) => spliced(message, era, (text) => `${text.slice(0, -1)},"id":4711}`),
  'two results': (message, era) =>
    spliced(message, era, (text) => `${text.slice(0, -1)},"result":{"resultType":"complete"}}`),
  'a member more': (message, era) => spliced(message, era, (text) => `${text.slice(0, -1)},"more":1}`),
  'members in another order': (message, era) =>
    ok(JSON.stringify({ result: resultOf(message, era), id: message.id, jsonrpc: '2.0' })),
  'another jsonrpc': (message, era) => spliced(message, era, (text) => text.replace('"2.0"', '"1.0"')),
  'space within': ({ id, method, params }, era) =>
    ok(JSON.stringify({ jsonrpc: '2.0', id, result: resultOf({ method, params: params ?? {} }, era) }, null, 2)),
  'space around': (message, era) => spliced(message, era, (text) => ` \n${text}\n `),
  'a byte order mark': (message, era) => spliced(message, era, (text) => `\ufeff${text}`),
  'something behind it': (message, era) => spliced(message, era, (text) => `${text}}`),
  'a second object behind it': (message, era) => spliced(message, era, (text) => text + text),
  'a broken inside': (message, era) =>
    spliced(message, era, (text) => text.replace('"futureMember":', '"futureMember"')),
  'an end too early': (message, era) => spliced(message, era, (text) => text.slice(0, -1)),
  'bytes that are no UTF-8': (message, era) =>
    ok(Buffer.from(textOf(message, resultOf(message, era)).replace('☃', '\u00ff'), 'latin1')),
  'numbers of all kinds': (message, era) =>
    spliced(message, era, (text) =>
      text.replace('"futureMember":', '"n":[1e3,-0,0.10,1E-7,12345678901234567890],"futureMember":'),
    ),
  'escapes of all kinds': (message, era) =>
    spliced(message, era, (text) =>
      text.replace('"futureMember":', String.raw`"e\u0041":"\ud800 \/ \"}\\","futureMember":`),
    ),
  'a name twice within': (message, era) =>
    spliced(message, era, (text) => text.replace('"futureMember":', '"futureMember":1,"futureMember":')),
  'nothing at all': () => ok(''),
  null: () => ok('null'),
  'a list': () => ok('[]'),
  'another content type': (message, era) => [
    200,
    'application/json; charset=utf-8',
    textOf(message, resultOf(message, era)),
  ],
  'a content type of no JSON': (message, era) => [200, 'text/html', textOf(message, resultOf(message, era))],
  'a content type like JSON': (message, era) => [200, 'application/jsonl', textOf(message, resultOf(message, era))],
  'status 201': (message, era) => [201, 'application/json', textOf(message, resultOf(message, era))],
  'status 202': () => [202, 'application/json', ''],
  'a redirect': () => [302, 'text/plain', ''],
  'a refusal': () => problem(new Problem('insufficient-scope', 'Needs more.', { scopes: ['a'] })),
  'a limit': () => problem(new Problem('rate-limited', 'Wait.', {}, { headers: { 'Retry-After': '3' } })),
  'a fault': () => [500, 'text/plain', 'inner words'],
  'a long result': (message, era) => json(message, { ...resultOf(message, era), long: 'ü'.repeat(200_000) }),
}

export const answerNames = Object.keys(answers)

/** The bearer that makes the door answer so; names are no tokens, their places are. */
export const bearerFor = (name: string) => `good.${answerNames.indexOf(name)}`

export class LanesDoor {
  /** By the X-Request-Id that the client gave. */
  readonly seen = new Map<string, Seen[]>()
  private server: Server | undefined

  async start(): Promise<string> {
    const server = createServer((request, response) => {
      void this.answer(request, response)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    this.server = server
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  async stop(): Promise<void> {
    this.server?.closeAllConnections()
    await new Promise((resolve) => (this.server ? this.server.close(resolve) : resolve(undefined)))
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const text = Buffer.concat(chunks).toString()
    const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers
    let message: Message = {}
    try {
      message = JSON.parse(text)
    } catch {
      message = { method: `what came is no JSON: ${text}` }
    }
    const requestId = String(headers['x-request-id'])
    this.seen.set(requestId, [...(this.seen.get(requestId) ?? []), { headers, message }])
    const bearer = headers.authorization?.replace(/^Bearer good\.?/, '') ?? ''
    if (bearer.startsWith('Bearer')) {
      const [status, type, body] = problem(new Problem('invalid-token', 'Sign in again.'))
      response.writeHead(status, { 'content-type': type, 'www-authenticate': 'Bearer error="invalid_token"' }).end(body)
    } else if (message.id === undefined) {
      response.writeHead(202).end()
    } else {
      const name = answerNames[Number(bearer)] ?? 'plain'
      const [status, type, body] = (answers[name] as (typeof answers)[string])(
        message,
        String(headers['x-sekisho-era']),
      )
      response.writeHead(status, { 'content-type': type, 'x-inner': 'not for clients' }).end(body)
    }
  }
}

function resultOf({ method, params }: Message, era: string): Record<string, unknown> {
  const modern = era === 'modern'
  if (method === 'ping') return {}
  if (method === 'tools/list') {
    const tools = [{ name: 'echo ☃', inputSchema: { type: 'object' }, outputSchema: { type: 'object' }, future: 1 }]
    const list = { tools, futureMember: { kept: true } }
    return modern ? { resultType: 'complete', ...list, ttlMs: 7, cacheScope: 'private' } : list
  }
  const result = { content: [{ type: 'text', text: '☃ "}' }], structuredContent: { params }, futureMember: null }
  return modern ? { resultType: 'complete', ...result } : result
}

const textOf = ({ id }: Message, result: unknown) => JSON.stringify({ jsonrpc: '2.0', id, result })
const ok = (body: string | Buffer): [number, string, string | Buffer] => [200, 'application/json', body]
const json = (message: Message, result: Record<string, unknown>) => ok(textOf(message, result))
const spliced = (message: Message, era: string, change: (text: string) => string) =>
  ok(change(textOf(message, resultOf(message, era))))
const problem = (what: Problem): [number, string, string] => [
  what.status,
  'application/problem+json',
  JSON.stringify(what),
]
