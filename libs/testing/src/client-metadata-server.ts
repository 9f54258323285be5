// Serves OAuth client ID metadata documents over https on loopback, as a client's home page would.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'

const certificates = new URL('../certificates/', import.meta.url)

/** The certificate of `localhost`, for NODE_EXTRA_CA_CERTS of the process that fetches. It protects nothing. */
export const localhostCertificate = new URL('localhost.crt', certificates)

export interface ClientMetadataServer {
  /** `localhost:port`, as OUTBOUND_ALLOWED_HOSTS wants it. */
  host: string
  /** Puts a document there and gives its URL, which is the client_id. */
  publish(name: string, metadata: Record<string, unknown>): string
  close(): Promise<void>
}

export async function startClientMetadataServer(): Promise<ClientMetadataServer> {
  const documents = new Map<string, string>()
  const server = createServer(
    { key: readFileSync(new URL('localhost.key', certificates)), cert: readFileSync(localhostCertificate) },
    (request, response) => {
      const document = documents.get(request.url ?? '')
      response.writeHead(document === undefined ? 404 : 200, { 'content-type': 'application/json' })
      response.end(document ?? '{}')
    },
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `localhost:${(server.address() as AddressInfo).port}`
  return {
    host,
    publish(name, metadata) {
      const clientId = `https://${host}/${name}.json`
      documents.set(`/${name}.json`, JSON.stringify({ client_id: clientId, ...metadata }))
      return clientId
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
