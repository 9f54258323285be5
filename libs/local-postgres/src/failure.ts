// Why the local Postgres cannot start, in words for the person who typed the command.

/** A start that cannot go on; `message` alone is meant to be shown, it says what happened and what to change. */
export class LocalPostgresFailure extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'LocalPostgresFailure'
  }
}

/** The way out that always exists, for the end of a message. */
export const useOwnDatabase = 'Or set DATABASE_URL to a Postgres of your own (postgres://user:password@host:5432/name).'

/** The code of a system error such as EACCES, or an empty string for anything else. */
export function systemCode(error: unknown): string {
  // Not instanceof: an error of Node's own comes from another realm when a test runner has made one.
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' ? code : ''
}
