// Reading the code by which the system, or undici, names what went wrong.

/** The `code` of an error, e.g. ECONNREFUSED; undefined when it has none. */
export function errorCodeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}
