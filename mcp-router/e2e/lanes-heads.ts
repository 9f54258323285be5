// Requests with a request line or headers other than the usual.
import { as, type Bend, type Draft, drop, each, encoded, label, set, twice } from './lanes-draft.js'

const headerValues: [string, string[]][] = [
  [
    'MCP-Protocol-Version',
    ['2026-07-28', '2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2099-01-01', '', 'x'],
  ],
  ['Mcp-Method', ['tools/list', 'tools/call', 'Tools/Call', 'ping', '', 'tools/call, tools/call']],
  [
    'Mcp-Name',
    [
      'echo',
      'Echo',
      'other',
      '',
      ' echo',
      encoded('echo'),
      encoded('other'),
      '=?base64?!!?=',
      '=?base64?ZWNobw?=',
      '=?BASE64?ZWNobw==?=',
      'éch',
      'echo, echo',
    ],
  ],
  [
    'Accept',
    [
      'application/json',
      'text/event-stream',
      '*/*',
      '',
      'text/event-stream, application/json',
      'application/json,text/event-stream',
      'application/json, text/event-stream, */*',
      'text/html',
      'application/json;q=0, text/event-stream',
    ],
  ],
  [
    'Content-Type',
    [
      'application/json; charset=utf-8',
      'application/json;charset=UTF-8',
      'Application/JSON',
      'text/plain',
      '',
      'application/json, text/plain',
      'application/jsonp',
      'application/json; charset=latin1',
      'multipart/form-data',
    ],
  ],
  [
    'Authorization',
    [
      'bearer good.0',
      'BEARER good.0',
      'Bearer  good.0',
      'Bearer good.0 ',
      'Bearer bad',
      'Basic dTpw',
      'Bearer',
      '',
      'Bearer a b',
      'Bearer good.0=',
      'Bearer "good"',
      'Bearer good.0, Bearer good.0',
    ],
  ],
  ['Mcp-Session-Id', [label, label.toUpperCase(), 'not ours', '', `${label}, ${label}`, label.slice(1)]],
  ['Host', ['localhost:1', '127.0.0.1', '[::1]:9', 'evil.example', '', 'localhost/x', 'LOCALHOST']],
  ['Origin', ['http://localhost:6274', 'https://evil.example', 'null', '']],
  ['X-Request-Id', ['', 'a b', 'x'.repeat(65)]],
  ['Content-Encoding', ['identity', 'gzip', 'IDENTITY', '']],
  ['Last-Event-Id', ['7', '']],
  ['Expect', ['100-continue']],
  ['Connection', ['close', 'keep-alive']],
  ['Traceparent', ['00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'x']],
  ['Mcp-Param-Region', ['eu', encoded('eu')]],
  ['X-Forwarded-For', ['1.2.3.4']],
  ['X-Sekisho-Era', ['legacy', 'modern']],
]

/** Single changes to the head of a request; a good many leave it as right as it was. */
export const headBends: readonly Bend[] = [
  ...headerValues.flatMap(([name, values]) => [
    ...each(values, (value): Bend => [`${name}: ${value}`, set(name, value)]),
    ...each(values, (value): Bend => [`another ${name}: ${value}`, twice(name, value)]),
    [`no ${name}`, drop(name)] as Bend,
    [`${name} twice`, twice(name)] as Bend,
    [
      `${name} in other case`,
      (d: Draft) => {
        d.headers = d.headers.map(([given, value]) => [
          given.toLowerCase() === name.toLowerCase() ? name.toUpperCase() : given,
          value,
        ])
      },
    ] as Bend,
    [
      `${name} with space around`,
      (d: Draft) => {
        d.headers = d.headers.map(([given, value]) => [
          given,
          given.toLowerCase() === name.toLowerCase() ? ` \t${value}\t ` : value,
        ])
      },
    ] as Bend,
  ]),
  ...each(
    [
      'GET /mcp',
      'DELETE /mcp',
      'PUT /mcp',
      'post /mcp',
      'POST /mcp/',
      'POST /mcp?a=1',
      'POST /MCP',
      'POST //mcp',
      'POST /%6dcp',
      'POST /mcp#a',
      'POST http://localhost/mcp',
      'POST /',
      'POST /sse',
      'OPTIONS /mcp',
    ],
    (line): Bend => [line, as(`${line} HTTP/1.1`)],
  ),
  ['HTTP/1.0', as('POST /mcp HTTP/1.0')],
]
