// Requests for the comparison of the two lanes: plain ones, and ones bent in every way the protocol has a rule about.
import { bodyBends } from './lanes-bodies.js'
import { answerNames, bearerFor } from './lanes-door.js'
import { type Bend, type Draft, draft, type Era, inBytes, label, type Method, set } from './lanes-draft.js'
import { headBends } from './lanes-heads.js'
import { messageBends } from './lanes-messages.js'
import type { RawRequest } from './raw-http.js'

export interface Input {
  /** What was done to it, for whoever has to understand a difference. */
  what: string
  request: RawRequest
}

const bends: readonly Bend[] = [...headBends, ...messageBends, ...bodyBends]

/** Numbers that look like chance and are the same every time (mulberry32). */
function chance(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const eras: readonly Era[] = ['modern', 'legacy']
const methods: readonly Method[] = ['tools/call', 'tools/list']

/** Every single change to a plain request, and every way of the door to answer one: in each era, list and call. */
export function* everyBend(): Generator<Input> {
  for (const era of eras) {
    for (const method of methods) {
      yield finished(`${era} ${method}`, draft(era, method))
      for (const [what, bend] of bends) yield bent(`${era} ${method}: ${what}`, draft(era, method), [bend])
      for (const name of answerNames) {
        yield finished(`${era} ${method}, the door answers with ${name}`, draft(era, method, bearerFor(name)))
      }
    }
  }
}

/** So many requests with none, one or several changes, with bytes that were hit by chance, and every answer of the door. */
export function* generated(count: number, seed: number): Generator<Input> {
  const next = chance(seed)
  const oneOf = <T>(values: readonly T[]) => values[Math.floor(next() * values.length)] as T
  for (let made = 0; made < count; made++) {
    const [era, method] = [oneOf(eras), oneOf(methods)]
    const answer = next() < 0.15 ? oneOf(answerNames) : 'plain'
    const start = draft(era, method, bearerFor(answer))
    start.message.id = next() < 0.5 ? Math.floor(next() * 1e6) : `id-${Math.floor(next() * 1e6)}`
    if (method === 'tools/call') start.message.params.arguments = { said: 'hi', value: valueBy(next, 4) }
    if (era === 'legacy' && next() < 0.5) set('Mcp-Session-Id', label)(start)
    const chosen = Array.from({ length: Math.floor(next() * 4) }, () => oneOf(bends))
    if (next() < 0.15) chosen.push(['a byte hit', hit(next)])
    const what = `${seed}/${made} ${era} ${method} (${answer}): ${chosen.map(([name]) => name).join(' + ')}`
    yield bent(
      what,
      start,
      chosen.map(([, bend]) => bend),
    )
  }
}

/** One byte changed, lost or added somewhere. */
function hit(next: () => number): (d: Draft) => void {
  const [kind, place, byte] = [next(), next(), Math.floor(next() * 256)]
  return inBytes((bytes) => {
    const at = Math.floor(place * bytes.length)
    const skipped = kind < 0.66 ? 1 : 0
    const added = kind < 0.33 || kind >= 0.66 ? [byte] : []
    return Buffer.concat([bytes.subarray(0, at), Buffer.from(added), bytes.subarray(at + skipped)])
  })
}

/** Some JSON value. */
function valueBy(next: () => number, depth: number): unknown {
  const kind = Math.floor(next() * (depth === 0 ? 5 : 7))
  const some = () => Math.floor(next() * 4)
  if (kind === 0) return null
  if (kind === 1) return next() < 0.5
  if (kind === 2) return (next() - 0.5) * 10 ** Math.floor(next() * 40 - 20)
  if (kind === 3) return Math.floor((next() - 0.5) * 1000)
  if (kind === 4) return String.fromCharCode(...Array.from({ length: some() * 3 }, () => Math.floor(next() * 0x300)))
  const items = Array.from({ length: some() }, () => valueBy(next, depth - 1))
  return kind === 5 ? items : Object.fromEntries(items.map((item, at) => [`${'k"\\é'[at] ?? 'k'}${at}`, item]))
}

function bent(what: string, d: Draft, changes: readonly ((d: Draft) => void)[]): Input {
  for (const change of changes) {
    try {
      change(d)
    } catch (error) {
      // What an earlier change has made of the message leaves this one nothing to change.
      if (!(error instanceof TypeError)) throw error
    }
  }
  return finished(what, d)
}

function finished(what: string, d: Draft): Input {
  const text = d.text.reduce((whole, change) => change(whole), JSON.stringify(d.message) ?? '')
  const body = d.bytes.reduce<Buffer>((whole, change) => change(whole), Buffer.from(text))
  return { what, request: { line: d.line, headers: d.headers, body } }
}
