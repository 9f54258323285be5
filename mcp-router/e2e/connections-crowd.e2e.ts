// A crowd with accounts of their own, on two app servers at once: nobody gets another's data, and no token goes where it must not.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { eventually, type Page, type Replica } from '@sekisho/testing'
import {
  ask,
  type ConnectedStack,
  connect,
  type Newcomer,
  type Service,
  services,
  startConnectedStack,
} from './connections-bench.js'
import type { Answer } from './router-at-test.js'

const peopleCount = 20
/** Of each person at each service. */
const callsEach = 10
const callsAtOnce = 60

let at: ConnectedStack
let replica: Replica
let people: Newcomer[]
/** Signed in like the others, and with accounts at the services that they never connect. */
let stranger: Newcomer
let answers: { newcomer: Newcomer; service: Service; answer: Answer }[]
let strangersAnswers: Answer[]

beforeAll(async () => {
  // All that can be said is said.
  at = await startConnectedStack({ appEnv: { LOG_LEVEL: 'trace' }, routerEnv: { LOG_LEVEL: 'trace' } })
  replica = await at.stack.replica()
  people = []
  for (let number = 0; number < peopleCount; number++) {
    const newcomer = await at.newcomer()
    for (const service of services) await connect(newcomer, service)
    people.push(newcomer)
  }
  stranger = await at.newcomer()
}, 180_000)

afterAll(() => at?.close())

/** The secrets of accounts in a text. */
function secretsIn(text: string): string[] {
  return [...new Set(text.match(/(?:appointment|diary)\.\d+\.of\.one/g) ?? [])].sort()
}

describe('400 interleaved calls of 20 people with accounts of their own, on two app servers', () => {
  test('each have the data of the caller’s own account, and whoever connected none gets none', async () => {
    const routers = [at.stack.router.url, replica.router.url]
    const wanted = Array.from({ length: callsEach }, () =>
      people.flatMap((newcomer) => services.map((service) => ({ newcomer, service }))),
    ).flat()
    const strange = Array.from({ length: 20 }, (_, index) => ({
      newcomer: stranger,
      service: services[index % 2] ?? 'gcal',
    }))
    // Every twentieth call is the stranger's.
    const calls = wanted.flatMap((call, index) => (index % 20 === 0 ? [call, ...strange.splice(0, 1)] : [call]))
    answers = []
    strangersAnswers = []
    let next = 0
    const work = async () => {
      for (let index = next++; index < calls.length; index = next++) {
        const { newcomer, service } = calls[index] as (typeof calls)[number]
        // Each person and each service meets both eras and both app servers.
        const era = index % 3 === 0 ? 'legacy' : 'modern'
        const answer = await ask(routers[Math.floor(index / 7) % 2] as string, newcomer, service, era)
        if (newcomer === stranger) strangersAnswers.push(answer)
        else answers.push({ newcomer, service, answer })
      }
    }
    await Promise.all(Array.from({ length: callsAtOnce }, work))
    expect(answers).toHaveLength(400)
    const wrong = answers.filter(({ newcomer, service, answer }) => {
      return secretsIn(answer.text).join() !== newcomer.secrets[service]
    })
    expect(wrong.map(({ service, answer }) => `${service}: ${answer.text.slice(0, 300)}`)).toEqual([])
    expect(strangersAnswers).toHaveLength(20)
    for (const { text, body } of strangersAnswers) {
      expect(body.result).toMatchObject({
        isError: true,
        structuredContent: { code: 'not-connected', reason: 'no-account' },
      })
      expect(secretsIn(text)).toEqual([])
    }
    const [entries] = await at.stack.sql<{ calls: number; strange: number }>(
      `SELECT count(*)::int AS calls, count(*) FILTER (WHERE c.user_id IS DISTINCT FROM a.actor_id)::int AS strange
         FROM audit_entries a LEFT JOIN connections c ON c.id::text = a.details->'connection'->>'id'
        WHERE a.kind = 'call' AND a.outcome = 'ok'`,
    )
    expect(entries).toEqual({ calls: 400, strange: 0 })
  }, 120_000)
})

describe('no request that reached a service', () => {
  test('had anything of ours in it: no access token or part of one, no refresh token, no session cookie', () => {
    const requests = at.seen().map(({ method, path, query, headers, text }) => {
      const raw = `${method} ${path}?${query} ${JSON.stringify(headers)} ${text}`
      return `${raw}\n${decoded(raw)}`
    })
    // Of each call at least its own request, and of each connecting its own exchange.
    expect(requests.length).toBeGreaterThan(400 + 2 * peopleCount)
    const sent = requests.join('\n')
    const ours = [...people, stranger].flatMap(({ browser, bearer, refreshToken }) => [
      ...bearer.split('.'),
      refreshToken,
      browser.cookie('sekisho_session') ?? '',
    ])
    expect(ours).toHaveLength(5 * (peopleCount + 1))
    for (const secret of ours) expect(secret.length).toBeGreaterThan(20)
    expect(ours.filter((secret) => sent.includes(secret))).toEqual([])
    // The same search finds what must be there.
    expect(at.google.oauth.given.some((token) => sent.includes(token))).toBe(true)
  })
})

describe('no token of a service', () => {
  test('is in an answer, a log line, an audit entry, a page or a column of the database', async () => {
    const tokens = [
      ...[at.google, at.gitHub].flatMap(({ oauth }) => [...oauth.given, oauth.options.clientSecret]),
      // What a code exchange sends and gets besides.
      ...at.seen().flatMap(({ path, text }) => {
        const form = new URLSearchParams(path.includes('token') ? text : '')
        return ['code', 'code_verifier'].flatMap((name) => form.get(name) ?? [])
      }),
    ]
    expect(tokens.length).toBeGreaterThan(6 * peopleCount)
    for (const token of tokens) expect(token.length).toBeGreaterThan(10)

    const processes = [at.stack.appServer, at.stack.router, replica.appServer, replica.router]
    await eventually(() => processes.every(({ logLines }) => logLines.length > 100))
    const audit = await at.stack.sql<{ entry: string }>('SELECT e::text AS entry FROM audit_entries e')
    const rows = await at.stack.sql<{ row: string }>(
      `SELECT t::text AS row FROM oauth_tokens t UNION ALL SELECT c::text FROM connections c
        UNION ALL SELECT k::text FROM credentials k UNION ALL SELECT s::text FROM oauth_states s`,
    )
    const places: Record<string, string[]> = {
      answers: answers.map(({ answer }) => answer.text + JSON.stringify([...answer.headers])),
      logs: processes.flatMap(({ logLines }) => logLines.map((line) => JSON.stringify(line))),
      audit: audit.map(({ entry }) => entry),
      pages: (await pages()).map(({ body }) => body),
      database: rows.map(({ row }) => row),
    }
    expect(Object.values(places).every((texts) => texts.length > 5)).toBe(true)
    const leaks = Object.entries(places).flatMap(([place, texts]) => {
      const text = texts.join('\n')
      // The database shows bytes as hexadecimal digits.
      const forms = (token: string) => [token, encodeURIComponent(token), Buffer.from(token).toString('hex')]
      return tokens
        .filter((token) => forms(token).some((form) => text.includes(form)))
        .map((token) => `${place}: ${token}`)
    })
    expect(leaks).toEqual([])
  }, 60_000)
})

/** The pages that have to do with accounts, as their owner and as an administrator sees them. */
async function pages(): Promise<Page[]> {
  const [first] = people
  const found: Page[] = []
  for (const path of ['/', '/connections', '/connections/gcal/connect', '/connections/github/connect', '/programs']) {
    if (first) found.push(await first.browser.open(path))
  }
  for (const path of ['/admin', '/admin/audit', '/admin/credentials', '/admin/credentials/gcal', '/admin/settings']) {
    found.push(await at.administrator.open(path))
  }
  for (const { url, status } of found) expect([url.pathname, status]).toEqual([url.pathname, 200])
  return found
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}
