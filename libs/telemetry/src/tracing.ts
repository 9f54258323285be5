// Traces for whoever collects them. Without a collector nothing of OpenTelemetry is even loaded.
import type { OpenTelemetryOptions } from './open-telemetry.js'
import type { Tracing } from './span.js'

/** Begins tracing, or gives undefined where no collector is set. */
export async function openTracing(
  options: Omit<OpenTelemetryOptions, 'endpoint'> & { endpoint: string | undefined },
): Promise<Tracing | undefined> {
  const { endpoint } = options
  if (endpoint === undefined) return undefined
  const { startOpenTelemetry } = await import('./open-telemetry.js')
  return startOpenTelemetry({ ...options, endpoint })
}
