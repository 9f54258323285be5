// Where to go after signing in: only ever a path of ours, whatever the address bar said.

/** Longest path that is carried through a sign-in, in characters; an authorization request fits. */
const maxLength = 4096

const base = 'https://own.invalid'

/** Pages that would lead straight back into signing in. */
const signInPages = ['/auth/login', '/auth/logout', '/auth/google', '/auth/development']

/** The path of ours that `value` names, or '/' when it names anything else or would lead straight back into signing in. */
export function ownPath(value: unknown): string {
  const path = ownPage(value)
  const { pathname } = new URL(path, base)
  return signInPages.some((page) => pathname === page || pathname.startsWith(`${page}/`)) ? '/' : path
}

/**
 * The path of ours that `value` names, or '/' when it names anything else.
 * Browsers take `//host`, `/\host` and `/<tab>/host` for other hosts, and `/.//host` becomes `//host` once resolved.
 */
export function ownPage(value: unknown): string {
  if (typeof value !== 'string' || value.length > maxLength || !value.startsWith('/')) return '/'
  if (hasControlCharacter(value) || value.includes('\\')) return '/'
  if (!URL.canParse(value, base)) return '/'
  const url = new URL(value, base)
  const path = `${url.pathname}${url.search}${url.hash}`
  return url.origin !== base || path.startsWith('//') ? '/' : path
}

function hasControlCharacter(value: string): boolean {
  return Array.from(value).some((character) => character <= ' ' || character === '\u007f')
}

/** The link that signs in and comes back to `path`. */
export function signInLink(path: unknown, page = '/auth/login'): string {
  const returnTo = ownPath(path)
  return returnTo === '/' && page === '/auth/login' ? page : `${page}?returnTo=${encodeURIComponent(returnTo)}`
}
