// The cheapest thing that answers, so that the load generator's own ceiling is known: raw sockets, no HTTP parser.
import { createServer } from 'node:net'
import { listening } from './child.js'

const result = process.env.BENCH_ANSWER ?? ''

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk) => {
    const id = /"id":(\d+)/.exec(chunk.toString('latin1'))?.[1] ?? 'null'
    const body = `{"jsonrpc":"2.0","id":${id},"result":${result}}`
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`)
  })
})
listening(server)
