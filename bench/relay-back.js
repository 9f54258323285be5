// The back process of the relays. Bare, it reads the call and answers. Honest, it first does what a checkpoint cannot leave out: verify one
// JWT, select one row by its key, insert one row durably.
import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose'
import pg from 'pg'
import { listening } from './child.js'

const answer = JSON.parse(process.env.BENCH_ANSWER ?? '')
const databaseUrl = process.env.BENCH_DATABASE_URL
const work = databaseUrl === undefined ? undefined : await honestWork(databaseUrl)

const server = createServer((incoming, outgoing) => {
  /** @type {Buffer[]} */
  const chunks = []
  incoming.on('data', (chunk) => chunks.push(chunk))
  incoming.on('end', async () => {
    const message = JSON.parse(Buffer.concat(chunks).toString('utf8'))
    const result = work === undefined ? answer : await work(message)
    const body = JSON.stringify({ jsonrpc: '2.0', id: message.id, result })
    outgoing.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
    outgoing.end(body)
  })
})
listening(server)

/** @param {string} connectionString */
async function honestWork(connectionString) {
  const pool = new pg.Pool({ connectionString, max: 20 })
  await pool.query('CREATE TABLE IF NOT EXISTS bench_people (id int PRIMARY KEY, name text NOT NULL)')
  await pool.query('CREATE TABLE IF NOT EXISTS bench_calls (at timestamptz DEFAULT now(), person int, call jsonb)')
  await pool.query(
    `INSERT INTO bench_people SELECT n, 'person ' || n FROM generate_series(1, 1000) n ON CONFLICT DO NOTHING`,
  )
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
  const token = await new SignJWT({ scope: 'product:read', person: 7 })
    .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: (await exportJWK(publicKey)).n?.slice(0, 8) ?? '' })
    .setIssuedAt()
    .setIssuer('http://bench.example')
    .setAudience('http://bench.example/mcp')
    .setExpirationTime('1h')
    .sign(privateKey)
  return async (/** @type {object} */ message) => {
    const { payload } = await jwtVerify(token, publicKey, { issuer: 'http://bench.example', algorithms: ['RS256'] })
    await pool.query('SELECT id, name FROM bench_people WHERE id = $1', [payload.person])
    await pool.query('INSERT INTO bench_calls (person, call) VALUES ($1, $2)', [
      payload.person,
      JSON.stringify(message),
    ])
    return answer
  }
}
