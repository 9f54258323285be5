// Requests whose body is written in another way than the usual.
import { type Bend, capabilities, each, inBytes, inText, version } from './lanes-draft.js'

/** Numbers as nobody's JSON.stringify writes them, and those it does. */
const numbers = [
  '-0',
  '0',
  '-1',
  '1.0',
  '1e3',
  '1E400',
  '-1e-400',
  '1.5',
  '0.1',
  '9007199254740993',
  '-5',
  '1'.repeat(400),
]

/** Single changes to the text or the bytes of a body; a good many leave it as right as it was. */
export const bodyBends: readonly Bend[] = [
  ...each(
    ['jsonrpc', 'id', 'method', 'params', 'name', 'arguments', '_meta', 'said', version, capabilities],
    (name): Bend => [
      `${name} twice, the first another`,
      inText((text) => text.replace(`"${name}":`, `"${name}":7,"${name}":`)),
    ],
  ),
  ...each(
    [
      '"id":9',
      '"method":"tools/list"',
      '"method":"ping"',
      '"params":{}',
      '"i\\u0064":9',
      '"jsonrpc":"2.0"',
      '"more":{"a":":"}',
    ],
    (member): Bend => [`then ${member}`, inText((text) => `${text.slice(0, -1)},${member}}`)],
  ),
  ...each(
    numbers,
    (number): Bend => [
      `the number ${number.slice(0, 20)} in arguments`,
      inText((text) => text.replace('"hi"', number)),
    ],
  ),
  ...each(
    numbers,
    (number): Bend => [`the id ${number.slice(0, 20)}`, inText((text) => text.replace('"id":1', `"id":${number}`))],
  ),
  ...each(
    ['\\u0068i', 'h\\/i', '\\ud83d\\ude00', '\\ud800', '\\x', '\u0001', '\\"}', 'ü☃😀', '\u2028'],
    (text): Bend => [`the text ${JSON.stringify(text)}`, inText((whole) => whole.replace('hi', () => text))],
  ),
  ...each(
    ['\ufeff', ' ', '\n', '\t\r\n', '\u00a0', '\0', 'x', '/**/', '[', '{', '"'],
    (text): Bend => [`${JSON.stringify(text)} before`, inText((whole) => text + whole)],
  ),
  ...each(
    ['\ufeff', ' ', '\n', '\u00a0', '\0', 'x', '}', ']', ',', '{}', '//', '"'],
    (text): Bend => [`${JSON.stringify(text)} behind`, inText((whole) => whole + text)],
  ),
  ['spaces between', inText((text) => text.replaceAll(/([,:{}[\]])/g, ' $1\n\t'))],
  [
    'indented',
    inText((text) => {
      try {
        return JSON.stringify(JSON.parse(text), null, 2)
      } catch {
        return text
      }
    }),
  ],
  ['a comma too many', inText((text) => `${text.slice(0, -1)},}`)],
  ['single quotes', inText((text) => text.replaceAll('"', "'"))],
  ['an escape in a name', inText((text) => text.replace('"method"', '"metho\\u0064"'))],
  ['an escape in the method', inText((text) => text.replace('tools/', 'tools\\/'))],
  ['its end cut off', inText((text) => text.slice(0, -1))],
  ['its half', inText((text) => text.slice(0, text.length / 2))],
  ['a batch of one', inText((text) => `[${text}]`)],
  ['a batch of two', inText((text) => `[${text},${text.replace('"id":1', '"id":2')}]`)],
  ['as text', inText((text) => JSON.stringify(text))],
  ['nothing', inText(() => '')],
  ['a response', inText(() => '{"jsonrpc":"2.0","id":1,"result":{}}')],
  ['a notification', inText((text) => text.replace('"id":1,', ''))],
  [
    'no UTF-8',
    inBytes((bytes) => Buffer.concat([bytes.subarray(0, -4), Buffer.from([0xff, 0xfe]), bytes.subarray(-4)])),
  ],
  ['no UTF-8 in text', inBytes((bytes) => Buffer.from(bytes.toString('latin1').replace('hi', '\xc3\x28'), 'latin1'))],
  [
    'overlong UTF-8 in text',
    inBytes((bytes) => Buffer.from(bytes.toString('latin1').replace('hi', '\xc0\xaf'), 'latin1')),
  ],
  ['UTF-16', inBytes((bytes) => Buffer.from(bytes.toString(), 'utf16le'))],
  [
    'in chunks',
    (d) => {
      d.headers.push(['Transfer-Encoding', 'chunked'])
      d.bytes.push((bytes) =>
        Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n0\r\n\r\n')]),
      )
    },
  ],
  [
    'a length too short',
    (d) =>
      d.bytes.push((bytes) => {
        d.headers.push(['Content-Length', String(Math.max(0, bytes.length - 1))])
        return bytes
      }),
  ],
]
