// A plain request before it is sent, and the small changes from which bent ones are made.
import { bearerFor } from './lanes-door.js'

type Headers = [string, string][]
// biome-ignore lint/suspicious/noExplicitAny: the point of a bent message is that nothing about its shape is certain
type Bent = any

export interface Draft {
  line: string
  headers: Headers
  message: Bent
  /** Changes to the text of the message, after all others. */
  text: ((text: string) => string)[]
  bytes: ((bytes: Buffer) => Buffer)[]
}

export const version = 'io.modelcontextprotocol/protocolVersion'
export const capabilities = 'io.modelcontextprotocol/clientCapabilities'
export const clientInfo = 'io.modelcontextprotocol/clientInfo'
export const logLevel = 'io.modelcontextprotocol/logLevel'
export const label = '0f3c2a52-7a55-4c39-9d6e-1a2b3c4d5e6f'

export type Era = 'modern' | 'legacy'
export type Method = 'tools/list' | 'tools/call'

/** A request as the official SDK sends it. */
export function draft(era: Era, method: Method, bearer = bearerFor('plain')): Draft {
  const params: Bent = method === 'tools/call' ? { name: 'echo', arguments: { said: 'hi', n: [1, 0.5, null] } } : {}
  const headers: Headers = [
    ['Host', 'localhost'],
    ['Authorization', `Bearer ${bearer}`],
    ['Content-Type', 'application/json'],
    ['Accept', 'application/json, text/event-stream'],
    ['User-Agent', 'a client'],
    ['MCP-Protocol-Version', era === 'modern' ? '2026-07-28' : '2025-11-25'],
  ]
  if (era === 'modern') {
    params._meta = { [version]: '2026-07-28', [clientInfo]: { name: 'c', version: '1' }, [capabilities]: {} }
    headers.push(['Mcp-Method', method])
    if (method === 'tools/call') headers.push(['Mcp-Name', 'echo'])
  }
  const message = { jsonrpc: '2.0', id: 1, method, params }
  return { line: 'POST /mcp HTTP/1.1', headers, message, text: [], bytes: [] }
}

export const set = (name: string, value: string) => (d: Draft) => {
  const at = d.headers.findIndex(([given]) => given.toLowerCase() === name.toLowerCase())
  if (at < 0) d.headers.push([name, value])
  else d.headers[at] = [name, value]
}
export const drop = (name: string) => (d: Draft) => {
  d.headers = d.headers.filter(([given]) => given.toLowerCase() !== name.toLowerCase())
}
export const twice = (name: string, value?: string) => (d: Draft) => {
  const first = d.headers.find(([given]) => given.toLowerCase() === name.toLowerCase())
  d.headers.push([name, value ?? first?.[1] ?? ''])
}
export const put = (path: readonly string[], value: unknown) => (d: Draft) => {
  let at: Bent = d.message
  for (const step of path.slice(0, -1)) {
    if (typeof at?.[step] !== 'object' || at[step] === null) return
    at = at[step]
  }
  // As JSON.parse does it, so that a member may be called __proto__.
  Object.defineProperty(at, path.at(-1) as string, { value, writable: true, enumerable: true, configurable: true })
}
export const named = (name: string) => (d: Draft) => {
  put(['params', 'name'], name)(d)
  if (d.headers.some(([given]) => given === 'Mcp-Name')) set('Mcp-Name', name)(d)
}
export const as = (line: string) => (d: Draft) => {
  d.line = line
}
export const inText = (change: (text: string) => string) => (d: Draft) => void d.text.push(change)
export const inBytes = (change: (bytes: Buffer) => Buffer) => (d: Draft) => void d.bytes.push(change)
export const encoded = (name: string) => `=?base64?${Buffer.from(name).toString('base64')}?=`
export const nested = (levels: number) => JSON.parse('['.repeat(levels) + ']'.repeat(levels))

export type Bend = [what: string, apply: (d: Draft) => void]
export const each = <T>(values: readonly T[], bend: (value: T) => Bend): Bend[] => values.map(bend)
export const said = (value: unknown) => {
  const text = JSON.stringify(value) ?? 'undefined'
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
