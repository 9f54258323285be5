// One message of every method and kind of both eras, for tests of who gets an answer at all.
import { type Endpoint, initializeParams, post, postLegacy, postModern } from './router-at-test.js'

/** A name for people, and how to send it. */
export const everyMethod: [string, (at: Endpoint, options: { bearer: string }) => ReturnType<typeof post>][] = [
  ['server/discover', (at, options) => postModern(at, 'server/discover', {}, options)],
  ['tools/list, modern', (at, options) => postModern(at, 'tools/list', {}, options)],
  ['tools/call, modern', (at, options) => postModern(at, 'tools/call', { name: 'echo' }, options)],
  [
    'tools/call with progress, modern',
    (at, options) => postModern(at, 'tools/call', { name: 'echo', _meta: { progressToken: 1 } }, options),
  ],
  ['an unknown method, modern', (at, options) => postModern(at, 'no/such', {}, options)],
  ['subscriptions/listen', (at, options) => postModern(at, 'subscriptions/listen', { notifications: {} }, options)],
  [
    'a notification, modern',
    (at, options) =>
      post(at, '{"jsonrpc":"2.0","method":"notifications/x"}', {
        ...options,
        headers: { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'notifications/x' },
      }),
  ],
  ['initialize', (at, options) => postLegacy(at, 'initialize', initializeParams(), options)],
  ['ping', (at, options) => postLegacy(at, 'ping', {}, options)],
  ['logging/setLevel', (at, options) => postLegacy(at, 'logging/setLevel', { level: 'info' }, options)],
  ['tools/list, legacy', (at, options) => postLegacy(at, 'tools/list', {}, options)],
  ['tools/call, legacy', (at, options) => postLegacy(at, 'tools/call', { name: 'echo' }, options)],
  [
    'tools/call with progress, legacy',
    (at, options) => postLegacy(at, 'tools/call', { name: 'echo', _meta: { progressToken: 1 } }, options),
  ],
  [
    'a bad tools/call with progress, legacy',
    (at, options) => postLegacy(at, 'tools/call', { name: 7, _meta: { progressToken: 1 } }, options),
  ],
  ['an unknown method, legacy', (at, options) => postLegacy(at, 'no/such', {}, options)],
  [
    'an unknown method with progress, legacy',
    (at, options) => postLegacy(at, 'no/such', { _meta: { progressToken: 1 } }, options),
  ],
  [
    'notifications/initialized',
    (at, options) => post(at, '{"jsonrpc":"2.0","method":"notifications/initialized"}', options),
  ],
  [
    'notifications/cancelled',
    (at, options) => post(at, '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}', options),
  ],
  ['a response', (at, options) => post(at, '{"jsonrpc":"2.0","id":1,"result":{}}', options)],
  ['a batch', (at, options) => post(at, '[{"jsonrpc":"2.0","id":1,"method":"ping"}]', options)],
]
