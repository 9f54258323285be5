// The load generator, a process of its own: raw keep-alive connections, each with one call under way, every answer checked.
import { connect } from 'node:net'

/**
 * What to ask of whom.
 * @typedef {object} LoadOrder
 * @property {number} port on 127.0.0.1
 * @property {string} path
 * @property {string} host the Host header
 * @property {Record<string, string>} headers
 * @property {string} body with {id} where the JSON-RPC id goes
 * @property {string[]} bearers given out to the connections in turn; empty for none
 * @property {string} expected text that every right answer holds besides its id
 * @property {number} concurrency
 * @property {number} leadInMs asked but not counted
 * @property {number} measureMs
 *
 * @typedef {object} LoadReport
 * @property {number} calls
 * @property {number} seconds
 * @property {number} p50Ms
 * @property {number} p99Ms
 * @property {number} cpuMs of the generator itself
 * @property {string[]} faults the first few wrong answers
 * @property {number} faultCount
 */

/** A call that takes longer is a fault; a bench must end. */
const answerDeadlineMs = 10_000

/** One connection of the closed loop. */
class Caller {
  /** @type {Buffer} */
  #received = Buffer.alloc(0)
  #sentAt = 0
  #id = 0

  /**
   * @param {LoadOrder} order
   * @param {number} number
   * @param {(ms: number, fault: string | undefined) => boolean} onAnswer whether to go on
   */
  constructor(order, number, onAnswer) {
    const bearer = order.bearers[number % order.bearers.length]
    const headers = { host: order.host, ...order.headers, ...(bearer && { authorization: `Bearer ${bearer}` }) }
    this.head = `POST ${order.path} HTTP/1.1\r\n${Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}content-length: `
    const [before = '', after = ''] = order.body.split('{id}')
    this.before = before
    this.after = after
    this.expected = order.expected
    this.onAnswer = onAnswer
    // Ids differ between callers, so that an answer to somebody else is noticed.
    this.#id = number * 10_000_000
    this.socket = connect(order.port, '127.0.0.1')
    this.socket.setNoDelay(true)
    this.socket.setTimeout(answerDeadlineMs, () => this.#end('no answer in time'))
    this.socket.on('data', (chunk) => this.#read(chunk))
    this.socket.on('error', (error) => this.#end(error.message))
    this.socket.on('close', () => this.#end('the connection was closed'))
    this.#send()
  }

  #send() {
    this.#id += 1
    const body = `${this.before}${this.#id}${this.after}`
    this.#sentAt = performance.now()
    this.socket.write(`${this.head}${body.length}\r\n\r\n${body}`)
  }

  /** @param {Buffer} chunk */
  #read(chunk) {
    const bytes = this.#received.length === 0 ? chunk : Buffer.concat([this.#received, chunk])
    const answer = readAnswer(bytes)
    if (answer === undefined) {
      this.#received = bytes
      return
    }
    this.#received = Buffer.alloc(0)
    this.#next(this.#faultOf(answer))
  }

  /** @param {string | undefined} fault */
  #next(fault) {
    if (this.onAnswer(performance.now() - this.#sentAt, fault)) return this.#send()
    this.socket.removeAllListeners('close')
    this.socket.destroy()
  }

  /** @param {{ status: number, body: string }} answer */
  #faultOf({ status, body }) {
    if (status !== 200) return `status ${status}: ${body.slice(0, 300)}`
    if (!body.includes(this.expected)) return `not the product: ${body.slice(0, 300)}`
    const { id, result } = JSON.parse(body.startsWith('event:') ? dataOf(body) : body)
    if (id !== this.#id) return `the answer to ${id} instead of ${this.#id}`
    if (result?.isError || !result?.structuredContent?.product) return `no result: ${body.slice(0, 300)}`
    return undefined
  }

  /** @param {string} fault */
  #end(fault) {
    this.socket.removeAllListeners()
    this.socket.on('error', () => {})
    this.socket.destroy()
    this.onAnswer(performance.now() - this.#sentAt, fault)
  }
}

/**
 * An HTTP answer that has come whole; undefined while more must come.
 * @param {Buffer} bytes
 */
function readAnswer(bytes) {
  const headEnd = bytes.indexOf('\r\n\r\n')
  if (headEnd < 0) return undefined
  const head = bytes.toString('latin1', 0, headEnd)
  const status = Number(head.slice(9, 12))
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1]
  if (length !== undefined) {
    const end = headEnd + 4 + Number(length)
    return bytes.length < end ? undefined : { status, body: bytes.toString('utf8', headEnd + 4, end) }
  }
  // Chunked: the bodies here are small, so the whole is read anew with each piece.
  let at = headEnd + 4
  let body = ''
  for (;;) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return undefined
    const size = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    if (bytes.length < lineEnd + 4 + size) return undefined
    if (size === 0) return { status, body }
    body += bytes.toString('utf8', lineEnd + 2, lineEnd + 2 + size)
    at = lineEnd + 4 + size
  }
}

/** @param {string} events a server-sent event stream with one message */
function dataOf(events) {
  return /^data: (.*)$/m.exec(events)?.[1] ?? events
}

/**
 * @param {LoadOrder} order
 * @returns {Promise<LoadReport>}
 */
export function runLoad(order) {
  return new Promise((resolve) => {
    const startedAt = performance.now()
    const from = startedAt + order.leadInMs
    const until = from + order.measureMs
    /** @type {number[]} */
    const latencies = []
    /** @type {string[]} */
    const faults = []
    let faultCount = 0
    let running = order.concurrency
    let cpu = process.cpuUsage()
    let counting = false
    const onAnswer = (/** @type {number} */ ms, /** @type {string | undefined} */ fault) => {
      const now = performance.now()
      if (!counting && now >= from) {
        counting = true
        cpu = process.cpuUsage()
        process.send?.({ counting: true })
      }
      if (fault !== undefined) {
        faultCount += 1
        if (faults.length < 5) faults.push(fault)
      } else if (counting && now <= until) latencies.push(ms)
      if (now < until && fault === undefined) return true
      running -= 1
      if (running === 0) finish()
      return false
    }
    const finish = () => {
      const { user, system } = process.cpuUsage(cpu)
      latencies.sort((a, b) => a - b)
      const at = (/** @type {number} */ share) => latencies[Math.floor(latencies.length * share)] ?? Number.NaN
      resolve({
        calls: latencies.length,
        seconds: order.measureMs / 1000,
        p50Ms: at(0.5),
        p99Ms: at(0.99),
        cpuMs: (user + system) / 1000,
        faults,
        faultCount,
      })
    }
    for (let number = 0; number < order.concurrency; number++) new Caller(order, number, onAnswer)
  })
}

process.on('message', async (/** @type {LoadOrder} */ order) => {
  process.send?.({ report: await runLoad(order) })
})
process.on('disconnect', () => process.exit(0))
