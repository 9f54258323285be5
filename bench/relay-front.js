// The front process of the bare relay: node:http that passes everything on to another node:http, kept alive. Any two-process design pays this.
import { Agent, createServer, request } from 'node:http'
import { listening } from './child.js'

const upstreamPort = Number(process.argv[2])
const agent = new Agent({ keepAlive: true, maxSockets: 256 })

const server = createServer((incoming, outgoing) => {
  const { host: _host, connection: _connection, ...headers } = incoming.headers
  const upstream = request(
    { host: '127.0.0.1', port: upstreamPort, method: incoming.method, path: incoming.url, headers, agent },
    (answer) => {
      collect(answer, (body) => {
        outgoing.writeHead(answer.statusCode ?? 502, {
          'content-type': answer.headers['content-type'],
          'content-length': body.length,
        })
        outgoing.end(body)
      })
    },
  )
  upstream.on('error', () => outgoing.writeHead(502).end())
  collect(incoming, (body) => upstream.end(body))
})
listening(server)

/**
 * Reads a body to its end: for messages this short, that is faster than a pipe.
 * @param {import('node:http').IncomingMessage} stream
 * @param {(body: Buffer) => void} done
 */
function collect(stream, done) {
  /** @type {Buffer[]} */
  const chunks = []
  stream.on('data', (chunk) => chunks.push(chunk))
  stream.on('end', () => done(chunks.length === 1 ? /** @type {Buffer} */ (chunks[0]) : Buffer.concat(chunks)))
}
