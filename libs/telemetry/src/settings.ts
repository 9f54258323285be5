// The settings of both processes about being seen from outside, to be spread into their schemas.
import { setting } from '@sekisho/contracts'
import { z } from 'zod'

/** Sampling as OTEL_TRACES_SAMPLER names it (OpenTelemetry specification, SDK environment variables). */
const traceSamplers = [
  'always_on',
  'always_off',
  'traceidratio',
  'parentbased_always_on',
  'parentbased_always_off',
  'parentbased_traceidratio',
] as const
export type TraceSampler = (typeof traceSamplers)[number]

/** Members of a settings schema; `<PROCESS>_METRICS_PORT` is beside them, with `metricsPort`. */
export const telemetrySettings = {
  METRICS_HOST: z.string().default('127.0.0.1'),
  OTEL_EXPORTER_OTLP_ENDPOINT: setting.url().optional(),
  OTEL_TRACES_SAMPLER: z
    .enum(traceSamplers, { error: `must be one of ${traceSamplers.join(', ')}` })
    .default('parentbased_always_on'),
  OTEL_TRACES_SAMPLER_ARG: z.coerce
    .number({ error: 'must be the share of traces to keep, from 0 to 1' })
    .min(0, 'must be 0 or more')
    .max(1, 'must be 1 or less')
    .default(1),
} as const

/** The port figures are served at, 0 for any free one; unset, they are served nowhere. */
export const metricsPort = () => setting.port(0).unwrap().optional()

/** What the members above mean together, for openTracing and serveMetrics. */
export interface TelemetrySettings {
  metricsHost: string
  traces: { endpoint: string | undefined; sampler: TraceSampler; samplerRatio: number }
}

/** Turns the read members into settings. */
export function telemetryOf(env: z.output<z.ZodObject<typeof telemetrySettings>>): TelemetrySettings {
  return {
    metricsHost: env.METRICS_HOST,
    traces: {
      endpoint: env.OTEL_EXPORTER_OTLP_ENDPOINT,
      sampler: env.OTEL_TRACES_SAMPLER,
      samplerRatio: env.OTEL_TRACES_SAMPLER_ARG,
    },
  }
}
