// A collector of traces that speaks OTLP over HTTP in protobuf, read by hand so that what is tested is the wire.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A span as it came over the wire (opentelemetry-proto, trace.proto). */
export interface CollectedSpan {
  service: string
  traceId: string
  spanId: string
  /** Empty for the first span of a trace. */
  parentSpanId: string
  name: string
  kind: 'internal' | 'server' | 'client' | 'other'
  attributes: Record<string, string | number>
  /** Whether its status is ERROR. */
  isError: boolean
  /** Trace ids of the spans it is linked to. */
  links: string[]
}

export class TraceCollector {
  readonly spans: CollectedSpan[] = []
  /** Everything that came, as text, to look for what must never be sent. */
  raw = ''
  private readonly server: Server

  private constructor() {
    this.server = createServer(async (request, response) => {
      const chunks: Uint8Array[] = []
      for await (const chunk of request) chunks.push(chunk)
      const body = Buffer.concat(chunks)
      if (request.url === '/v1/traces' && request.headers['content-type'] === 'application/x-protobuf') {
        this.raw += body.toString('latin1')
        this.spans.push(...spansIn(body))
      }
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
    })
  }

  static async start(): Promise<TraceCollector> {
    const collector = new TraceCollector()
    await new Promise<void>((resolve) => collector.server.listen(0, '127.0.0.1', resolve))
    return collector
  }

  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`
  }

  async close(): Promise<void> {
    this.server.closeAllConnections()
    await new Promise((resolve) => this.server.close(resolve))
  }
}

type Fields = Map<number, (Buffer | bigint)[]>

/** The fields of one protobuf message: wire types 0, 1, 2 and 5. */
function fieldsOf(message: Buffer): Fields {
  const fields: Fields = new Map()
  let at = 0
  const varint = () => {
    let value = 0n
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++]
      if (byte === undefined) throw new Error('a protobuf message that ends in the middle')
      value |= BigInt(byte & 0x7f) << shift
      if (byte < 0x80) return value
    }
  }
  const bytes = (length: number) => {
    at += length
    return message.subarray(at - length, at)
  }
  while (at < message.length) {
    const key = Number(varint())
    const type = key & 7
    const value = type === 0 ? varint() : bytes(type === 1 ? 8 : type === 5 ? 4 : Number(varint()))
    const known = fields.get(key >> 3)
    if (known) known.push(value)
    else fields.set(key >> 3, [value])
  }
  return fields
}

function messagesIn(fields: Fields, number: number): Fields[] {
  return (fields.get(number) ?? []).map((value) => fieldsOf(value as Buffer))
}

function bytesIn(fields: Fields, number: number): Buffer {
  return (fields.get(number)?.[0] as Buffer | undefined) ?? Buffer.alloc(0)
}

function attributesIn(fields: Fields, number: number): Record<string, string | number> {
  return Object.fromEntries(
    messagesIn(fields, number).map((pair) => {
      const [value = new Map()] = messagesIn(pair, 2)
      const text = value.get(1)?.[0] as Buffer | undefined
      return [bytesIn(pair, 1).toString(), text?.toString() ?? Number(value.get(3)?.[0] ?? Number.NaN)]
    }),
  )
}

const kinds: Record<number, CollectedSpan['kind']> = { 1: 'internal', 2: 'server', 3: 'client' }

function spansIn(body: Buffer): CollectedSpan[] {
  return messagesIn(fieldsOf(body), 1).flatMap((resourceSpans) => {
    const resource = messagesIn(resourceSpans, 1)[0] ?? new Map()
    const service = String(attributesIn(resource, 1)['service.name'])
    return messagesIn(resourceSpans, 2)
      .flatMap((scopeSpans) => messagesIn(scopeSpans, 2))
      .map((span) => ({
        service,
        traceId: bytesIn(span, 1).toString('hex'),
        spanId: bytesIn(span, 2).toString('hex'),
        parentSpanId: bytesIn(span, 4).toString('hex'),
        name: bytesIn(span, 5).toString(),
        kind: kinds[Number(span.get(6)?.[0] ?? 0n)] ?? 'other',
        attributes: attributesIn(span, 9),
        isError: Number(messagesIn(span, 15)[0]?.get(3)?.[0] ?? 0n) === 2,
        links: messagesIn(span, 13).map((link) => bytesIn(link, 1).toString('hex')),
      }))
  })
}
