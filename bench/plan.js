// What is measured: the targets, the two eras' requests, and how long each is asked.
import { parseArgs } from 'node:util'

/** @typedef {'modern' | 'legacy'} Era */
/** @type {readonly Era[]} */
export const eras = ['modern', 'legacy']
export const concurrencies = [1, 16, 64]

/** How long one target is asked at one concurrency in one era, and how often the whole is gone through. */
const fullPlan = { rounds: 5, chatTurns: 40, slotMs: 850, leadInMs: 150, warmUpMs: 2_000 }
const quickPlan = { rounds: 1, chatTurns: 10, slotMs: 500, leadInMs: 100, warmUpMs: 1_000 }

/** @typedef {ReturnType<typeof readPlan>} Plan */

/** @param {string[]} given */
export function readPlan(given) {
  const { values } = parseArgs({
    args: given,
    options: {
      quick: { type: 'boolean', default: false },
      'skip-build': { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] },
      at: { type: 'string', multiple: true, default: [] },
      profile: { type: 'string' },
      json: { type: 'string' },
      rounds: { type: 'string' },
      chat: { type: 'boolean', default: false },
    },
  })
  const at = values.at.map(Number).filter((number) => concurrencies.includes(number))
  return {
    ...(values.quick ? quickPlan : fullPlan),
    ...(values.rounds === undefined
      ? {}
      : { rounds: Math.min(Math.max(Number.parseInt(values.rounds, 10) || 1, 1), 50) }),
    /** Names of targets besides the relay, which is always asked because everything is told in relation to it. */
    only: values.only,
    concurrencies: at.length > 0 ? at : concurrencies,
    /** A directory for CPU profiles of the app server and the router. */
    profile: values.profile,
    skipBuild: values['skip-build'],
    /** Only the chat is measured. */
    chatOnly: values.chat,
    /** A file for the figures. */
    json: values.json,
  }
}

/**
 * A call of product.get as a client of the era sends it; `{id}` stands for the JSON-RPC id.
 * @param {Era} era
 * @param {string} productId
 * @returns {{ headers: Record<string, string>, body: string }}
 */
export function callOf(era, productId) {
  const params = { name: 'product.get', arguments: { product_id: productId } }
  const headers = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  const message = (/** @type {object} */ all) =>
    JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'tools/call', params: all }).replace('"id":0', '"id":{id}')
  if (era === 'legacy') {
    return { headers: { ...headers, 'mcp-protocol-version': '2025-11-25' }, body: message(params) }
  }
  const envelope = {
    'io.modelcontextprotocol/protocolVersion': '2026-07-28',
    'io.modelcontextprotocol/clientInfo': { name: 'bench', version: '1' },
    'io.modelcontextprotocol/clientCapabilities': {},
  }
  return {
    headers: {
      ...headers,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'product.get',
    },
    body: message({ ...params, _meta: envelope }),
  }
}
