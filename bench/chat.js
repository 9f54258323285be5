// What the chat adds to a model and to tools: how long the model's first word takes to the browser, and a whole turn.
import { request } from 'node:http'
import { GeminiFake } from '@sekisho/fakes'
import { Person, signIn } from '@sekisho/testing'

/** The most that is meant to be added: milliseconds to the first word, and a turn over its model and tools. */
export const chatTargets = { firstWordMs: 10, turnRatio: 1.05 }

/**
 * How long the pretended model thinks before it calls tools, and takes for its answer afterwards, in milliseconds: a usual one
 * needs half a second to its first word and writes some 200 tokens in a second; none is yet as quick as the other.
 */
const models = { usual: { thinksMs: 700, writesMs: 1_500 }, quick: { thinksMs: 250, writesMs: 500 } }
/** Turns of one person: nobody sends more than so many messages a minute. */
const turnsOfOne = 10

/** A pretended Gemini and the settings by which the app server asks it. */
export async function startPretendedModel() {
  const gemini = await new GeminiFake().listen()
  return { gemini, env: gemini.env }
}

/**
 * Measures turns one after the other, in a room with tools, through a page's stream.
 * @param {{ appUrl: string, mcpUrl: string, bearer: string, gemini: GeminiFake, turns: number }} options
 */
export async function measureChat({ appUrl, mcpUrl, bearer, gemini, turns }) {
  /** @type {Record<'first' | 'usual' | 'quick' | 'added', number[]>} */
  const seen = { first: [], usual: [], quick: [], added: [] }
  for (let done = 0; done < turns; ) {
    const chat = await openRoom(`chat.person.${done}@example.test`, appUrl, gemini)
    try {
      // The first of each room warms it up.
      for (let n = 0; n <= turnsOfOne && done < turns; n++) {
        const first = await firstWordMs(n, chat)
        const isUsual = n % 2 === 0
        const { ratio, addedMs } = await wholeTurn(
          n,
          { ...chat, mcpUrl, bearer },
          isUsual ? models.usual : models.quick,
        )
        if (n === 0) continue
        seen.first.push(first)
        seen.added.push(addedMs)
        seen[isUsual ? 'usual' : 'quick'].push(ratio)
        done++
      }
    } finally {
      chat.page.close()
    }
  }
  return {
    turns,
    firstWordMs: quantiles(seen.first),
    turnRatio: quantiles(seen.usual),
    quickRatio: quantiles(seen.quick),
    addedMs: quantiles(seen.added),
  }
}

/**
 * Somebody new with a room, and its page open.
 * @param {string} email
 * @param {string} appUrl
 * @param {GeminiFake} gemini
 * @returns {Promise<Chat>}
 */
async function openRoom(email, appUrl, gemini) {
  const person = new Person([appUrl])
  await signIn(person, 'Chat Person', email)
  const { room, csrfToken } = await makeRoom(person, appUrl)
  const cookie = `sekisho_session=${person.cookie('sekisho_session')}`
  return {
    gemini,
    send: (prompt) => post(`${appUrl}/chat/${room}/turns`, { cookie, csrfToken }, { prompt }),
    page: openStream(`${appUrl}/chat/${room}/events?seq=0`, cookie),
  }
}

/** @typedef {{ gemini: GeminiFake, send(prompt: string): Promise<void>, page: ReturnType<typeof openStream> }} Chat */

/**
 * From the moment the model says its first word to the moment the page has it.
 * @param {number} n
 * @param {Chat} chat
 */
async function firstWordMs(n, { gemini, send, page }) {
  const word = `first${n + 100}word`
  let saidAt = 0
  gemini.script(() => {
    saidAt = performance.now()
    return { pieces: [{ text: word }, { waitMs: 30 }, { text: ' end.' }] }
  })
  const seen = page.when(word)
  const over = page.when('end.', 'event: end')
  await send('Say a word.')
  const ms = (await seen) - saidAt
  await over
  return ms
}

/**
 * The whole turn, from the message to its end on the page: over what its model and its tools take by themselves, and less that.
 * @param {number} n
 * @param {Chat & { mcpUrl: string, bearer: string }} chat
 * @param {{ thinksMs: number, writesMs: number }} model
 */
async function wholeTurn(n, { gemini, send, page, mcpUrl, bearer }, { thinksMs, writesMs }) {
  const toolMs = await callDirectly(mcpUrl, bearer)
  const word = `last${n + 100}word`
  // Few pauses: each lasts a little longer than it should, and that is not the chat's doing.
  const words = Array.from({ length: 4 }, (_, at) => ({ text: `word${at} `.repeat(5) }))
  gemini.script(
    {
      pieces: [
        { waitMs: thinksMs },
        { call: { name: 'product.search', arguments: { query: 'tea' } } },
        { call: { name: 'product.search', arguments: { query: 'coffee' } } },
      ],
    },
    { pieces: words.flatMap((piece) => [{ waitMs: writesMs / words.length }, piece]).concat({ text: word }) },
  )
  const over = page.when(word, 'event: end')
  const startedAt = performance.now()
  await send('Look for two things.')
  const tookMs = (await over) - startedAt
  const needsMs = thinksMs + writesMs + toolMs
  return { ratio: tookMs / needsMs, addedMs: tookMs - needsMs }
}

/**
 * How long the same tool takes an MCP client at the router, in milliseconds.
 * @param {string} mcpUrl
 * @param {string} bearer
 */
async function callDirectly(mcpUrl, bearer) {
  const startedAt = performance.now()
  const response = await fetch(mcpUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${bearer}`,
      'mcp-protocol-version': '2025-11-25',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: 'product.search', arguments: { query: 'tea' } },
    }),
  })
  const answer = await response.text()
  if (!response.ok || answer.includes('"isError":true')) throw new Error(`the tool failed: ${answer.slice(0, 500)}`)
  return performance.now() - startedAt
}

/**
 * @param {Person} person
 * @param {string} appUrl
 */
async function makeRoom(person, appUrl) {
  const page = await person.open('/chat/new')
  const form = page.forms.find(({ action }) => action === '/chat')
  if (!form) throw new Error(`no room can be made: ${page.status}`)
  const made = await person.submit(page, form, { name: 'Bench', providers: 'product' })
  const room = /\/chat\/([0-9a-f-]{36})$/.exec(made.url.pathname)?.[1]
  const csrfToken = form.fields.find(([name]) => name === '_csrf')?.[1]
  if (!room || !csrfToken) throw new Error(`no room was made at ${appUrl}: ${made.status}`)
  return { room, csrfToken }
}

/**
 * @param {string} url
 * @param {{ cookie: string, csrfToken: string }} session
 * @param {object} body
 */
async function post(url, { cookie, csrfToken }, body) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json', cookie, 'x-csrf-token': csrfToken },
    body: JSON.stringify(body),
  })
  const answer = await response.text()
  if (!response.ok) throw new Error(`the message was not taken: ${response.status} ${answer}`)
}

/**
 * A page's stream, read as bytes.
 * @param {string} url
 * @param {string} cookie
 */
function openStream(url, cookie) {
  let text = ''
  /** @type {{ words: string[], resolve(at: number): void, reject(error: Error): void }[]} */
  let waiting = []
  const look = () => {
    const at = performance.now()
    waiting = waiting.filter(({ words, resolve }) => {
      let from = 0
      for (const word of words) {
        from = text.indexOf(word, from)
        if (from < 0) return true
      }
      resolve(at)
      return false
    })
  }
  const asked = request(url, { headers: { cookie, accept: 'text/event-stream' } }, (response) => {
    response.setEncoding('utf8').on('data', (chunk) => {
      text += chunk
      look()
    })
  })
  const fail = (/** @type {Error} */ error) => {
    for (const { reject } of waiting) reject(error)
  }
  asked.on('error', fail)
  asked.end()
  return {
    /**
     * The moment when all these words have come, in this order, from now on.
     * @param {...string} words
     * @returns {Promise<number>}
     */
    when(...words) {
      text = ''
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`the page never had ${words.join(', ')}`)), 20_000)
        waiting.push({
          words,
          reject,
          resolve: (at) => {
            clearTimeout(timer)
            resolve(at)
          },
        })
      })
    },
    close() {
      asked.off('error', fail).on('error', () => undefined)
      asked.destroy()
    },
  }
}

/** @param {readonly number[]} values */
function quantiles(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (/** @type {number} */ share) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
  return { p50: at(0.5), p90: at(0.9), worst: at(1) }
}

/** @param {Awaited<ReturnType<typeof measureChat>>} figures */
export function chatTable({ turns, firstWordMs: first, turnRatio: ratio, quickRatio, addedMs }) {
  const verdict = (/** @type {boolean} */ met) => (met ? 'met' : 'MISSED')
  const ms = (/** @type {{ p50: number, p90: number, worst: number }} */ { p50, p90, worst }) =>
    [p50, p90, worst].map((one) => `${one.toFixed(1)} ms`).join('  ')
  const times = (/** @type {{ p50: number, p90: number, worst: number }} */ { p50, p90, worst }) =>
    [p50, p90, worst].map((one) => one.toFixed(3)).join('  ')
  const seconds = ({ thinksMs, writesMs } = models.usual) => `${(thinksMs + writesMs) / 1000} s`
  return [
    `The chat, ${turns} turns one after the other (p50, p90, worst):`,
    `  the model's first word in the browser     ${ms(first)}   under ${chatTargets.firstWordMs} ms at p50: ${verdict(first.p50 < chatTargets.firstWordMs)}`,
    `  a turn over a usual model (${seconds()}) + tools ${times(ratio)}   under ${chatTargets.turnRatio} at p50: ${verdict(ratio.p50 < chatTargets.turnRatio)}`,
    `  over one that takes ${seconds(models.quick)}              ${times(quickRatio)}`,
    `  what the chat adds to a turn              ${ms(addedMs)}`,
  ].join('\n')
}
