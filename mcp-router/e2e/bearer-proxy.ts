// Stands before the router and adds a bearer to each request, for a client that cannot; nothing else is changed.
import { createServer, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface BearerProxy {
  /** The MCP endpoint as its client is to call it. */
  url: string
  close(): Promise<void>
}

/** @param port where the router listens */
export async function startBearerProxy(port: number, bearer: string): Promise<BearerProxy> {
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming
    // Host and Origin are the client's: the router's answer to them is looked at too.
    const onward = send({
      host: '127.0.0.1',
      port,
      path: url,
      ...(method ? { method } : {}),
      headers: { ...headers, authorization: `Bearer ${bearer}` },
    })
    onward.on('response', (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    outgoing.on('close', () => onward.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/mcp`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
