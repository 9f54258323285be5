// Reading the bearer token of a request; the router looks at its form only and verifies nothing.

/** RFC 6750 section 2.1: the scheme in any case, then one b64token. */
const form = /^Bearer +([A-Za-z0-9._~+/-]+=*) *$/i

/** The token of an Authorization header, or undefined when there is none in the form RFC 6750 gives it. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : form.exec(authorization)?.[1]
}
