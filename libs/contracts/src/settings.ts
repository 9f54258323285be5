// How a process reads its settings: one schema over the environment, all faults listed at once, garbage never a default.
import { readFileSync } from 'node:fs'
import { z } from 'zod'

/** A start that cannot go on because of its settings; the message names every faulty variable and what to put there. */
export class FaultySettings extends Error {
  constructor(readonly faults: readonly string[]) {
    super(`These settings need your attention:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`)
    this.name = 'FaultySettings'
  }
}

/**
 * Reads settings from an environment.
 * An empty variable counts as unset. Throws FaultySettings with one line for each fault.
 */
export function readSettings<Schema extends z.ZodType>(
  schema: Schema,
  env: Readonly<Record<string, string | undefined>>,
): z.output<Schema> {
  const present = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = schema.safeParse(present)
  if (parsed.success) return parsed.data
  throw new FaultySettings(
    parsed.error.issues.map((issue) => {
      const name = issue.path.join('.')
      return name ? `${name}: ${issue.message}` : issue.message
    }),
  )
}

/**
 * Fills in settings that are kept in files: `NAME_FILE=/run/secrets/name` stands for NAME with the file's text, trimmed.
 * Throws FaultySettings when a file cannot be read or both NAME and NAME_FILE are set.
 */
export function withSettingsFromFiles(
  env: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): Record<string, string | undefined> {
  const filled = { ...env }
  const faults: string[] = []
  for (const name of names) {
    const path = env[`${name}_FILE`]
    if (!path) continue
    if (env[name]) {
      faults.push(`${name}_FILE: is set together with ${name}; unset one of the two`)
      continue
    }
    try {
      filled[name] = readFileSync(path, 'utf8').trim()
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      faults.push(`${name}_FILE: ${path} cannot be read (${code ?? 'unknown reason'})`)
    }
  }
  if (faults.length > 0) throw new FaultySettings(faults)
  return filled
}

/** Building blocks for settings. Each says in its message what a right value looks like. */
export const setting = {
  port: (fallback: number) =>
    z.coerce.number({ error: 'must be a port number between 0 and 65535' }).int().min(0).max(65535).default(fallback),
  flag: () =>
    z
      .enum(['true', 'false', '1', '0'], { error: 'must be true or false' })
      .transform((value) => value === 'true' || value === '1'),
  wholeNumber: (fallback: number, min: number, max: number) =>
    z.coerce
      .number({ error: `must be a whole number from ${min} to ${max}` })
      .int(`must be a whole number from ${min} to ${max}`)
      .min(min, `must be ${min} or more`)
      .max(max, `must be ${max} or less`)
      .default(fallback),
  /** An http(s) origin or URL without a trailing slash. */
  url: () =>
    z
      .url({ protocol: /^https?$/, error: 'must be an http:// or https:// URL' })
      .transform((value) => value.replace(/\/+$/, '')),
  /** Comma-separated words; empty entries are dropped. */
  list: () =>
    z
      .string()
      .default('')
      .transform((value) =>
        value
          .split(',')
          .map((entry) => entry.trim())
          .filter(Boolean),
      ),
} as const
