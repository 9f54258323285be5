// The router as a whole: its parts put together, and an end that does not break off what runs.
import type { AddressInfo } from 'node:net'
import { stopListening } from '@sekisho/contracts'
import { type MetricsEndpoint, openTracing, serveMetrics } from '@sekisho/telemetry'
import { corsHeaders } from './cors.js'
import { DoorClient } from './door-client.js'
import { type Host, startHost } from './fastmcp-host.js'
import { Front } from './front.js'
import { createGate } from './gate.js'
import type { Log } from './log.js'
import { McpEndpoint } from './mcp-endpoint.js'
import { identity } from './mcp-server.js'
import { createModernLeg, type ModernLeg } from './modern-leg.js'
import { PlainLane } from './plain-lane.js'
import { remember } from './remember.js'
import { ResourceMetadata } from './resource-metadata.js'
import type { RouterSettings } from './settings.js'

/** How long running calls may take to finish once the router is told to end. */
const drainMs = 10_000
/** How long those that did not finish may take to be told so. */
const lastWordsMs = 500
/** How long a client may take for the head of a request, and for the whole of it. */
const headDeadlineMs = 10_000
const requestDeadlineMs = 30_000
/** Idle connections are kept for longer than the usual minute of a load balancer, so that it is the one to let go. */
const idleConnectionMs = 75_000
const readyTimeoutMs = 3_000

export interface RunningRouter {
  /** The public URL of the MCP endpoint. */
  url: string
  /** The port it listens on. */
  port: number
  /** Where its figures are; undefined when they are served nowhere. */
  metricsUrl: string | undefined
  /** Takes no new connections, lets what runs finish for up to ten seconds, then ends. */
  close(): Promise<void>
}

export interface RouterOptions {
  /**
   * False sends every request through host and SDK. Nothing but speed may depend on it, so it is no setting: it is
   * there for the test that compares the two.
   */
  plainLane?: boolean
}

/**
 * Starts the router. A port of 0 takes any free one.
 * Rejects with the system's error (EADDRINUSE, EACCES …) when it cannot listen.
 */
export async function startRouter(
  settings: RouterSettings,
  log: Log,
  { plainLane = true }: RouterOptions = {},
): Promise<RunningRouter> {
  let front: Front | undefined
  const host = await startHost({
    host: settings.host,
    port: settings.port,
    headersFor: ({ method, headers }) => corsHeaders(method, headers, gate),
    serve: async (incoming, outgoing, path) => front?.serve(incoming, outgoing, path),
    shortcut: plainLane ? '/mcp' : undefined,
    onDebug: (message) => log.debug(message),
  })
  limitConnections(host, settings.maxConcurrentCalls)

  // Only now, because a port of 0 has become a real one.
  const { port } = host.server.address() as AddressInfo
  const mcpUrl = settings.mcpUrl ?? `http://localhost:${port}/mcp`
  const onError = (error: Error) => log.debug({ reason: error.message }, 'turned down')
  const gate = createGate({ ...settings, mcpUrl })
  const tracing = await openTracing({
    ...settings.traces,
    serviceName: 'sekisho-mcp-router',
    serviceVersion: identity.version,
    onFault: (message) => log.warn({ reason: message }, 'traces could not be sent'),
  })
  const door = new DoorClient(settings.appServerUrl, settings.maxConcurrentCalls)
  const modern = createModernLeg(onError)
  const metadata = new ResourceMetadata(door, mcpUrl, (resource) =>
    log.error({ mcpUrl, resource }, 'the app server speaks for another resource: give both the same MCP_URL'),
  )
  const lane = plainLane ? new PlainLane(door, settings.callTimeoutMs) : undefined
  const endpoint = new McpEndpoint({
    ...settings,
    mcpUrl,
    gate,
    door,
    metadata,
    modern,
    plainLane: lane,
    tracing,
    onError,
  })
  const appServerIsReady = remember(() => answersReady(door), { freshMs: 1_000, failureMs: 1_000 })
  front = new Front({ gate, metadata, endpoint, appServerIsReady, log })
  const figures = await serveFigures(settings, front)
  const { host: address, appServerUrl } = settings
  log.info({ mcpUrl, host: address, port, appServerUrl, metrics: figures?.url }, 'the router listens')

  let ended: Promise<void> | undefined
  return {
    url: mcpUrl,
    port,
    metricsUrl: figures?.url,
    close() {
      ended ??= drain(host, front as Front, door, modern, settings.drainDelayMs, log).then(async () => {
        await figures?.close()
        await tracing?.close()
      })
      return ended
    },
  }
}

function limitConnections({ server }: Host, maxConcurrentCalls: number): void {
  server.headersTimeout = headDeadlineMs
  server.requestTimeout = requestDeadlineMs
  server.keepAliveTimeout = idleConnectionMs
  // Every call holds one connection; four for each leaves room for idle ones and for clients that are still sending.
  server.maxConnections = Math.max(1_024, 4 * maxConcurrentCalls)
}

async function serveFigures(
  { metricsPort: port, metricsHost: host, allowedHosts }: RouterSettings,
  { metrics }: Front,
): Promise<MetricsEndpoint | undefined> {
  return port === undefined ? undefined : serveMetrics(metrics.registry, { host, port, allowedHosts })
}

async function answersReady(door: DoorClient): Promise<boolean> {
  const { status } = await door.getDocument('/readyz', readyTimeoutMs).catch(() => ({ status: 0 }))
  return status === 200
}

async function drain(
  host: Host,
  front: Front,
  door: DoorClient,
  modern: ModernLeg,
  idleMs: number,
  log: Log,
): Promise<void> {
  log.info({ underWay: front.load }, 'the router is ending')
  await stopListening(host.server, idleMs, () => front.prepareToEnd())
  host.server.closeIdleConnections()
  await front.idleWithin(drainMs)
  if (front.load > 0) log.warn({ underWay: front.load }, 'broke off what did not finish in time')
  // Whoever still waits is told by an answer, so the door goes before the connections of the clients do.
  await door.destroy()
  await front.idleWithin(lastWordsMs)
  await modern.close()
  await host.stop()
  log.info('the router has ended')
}
