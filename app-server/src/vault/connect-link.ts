// The addresses of connecting: the page it begins at, and the one the service sends people back to.

/** The list of a person's accounts. */
export const connectionsPath = '/connections'

export interface ConnectLink {
  /** Of our scopes: those that are ticked on the page; reading unless told. */
  readonly scopes?: readonly string[] | undefined
  /** The connection that is to be connected anew. */
  readonly account?: string | undefined
  /** A path of ours to go on at. Without one the last page says to go back to one's program. */
  readonly returnTo?: string | undefined
}

/** The path that connects an account of a provider. */
export function connectPath(provider: string, { scopes = [], account, returnTo }: ConnectLink = {}): string {
  const query = new URLSearchParams({
    ...(scopes.length > 0 ? { scopes: scopes.join(',') } : {}),
    ...(account === undefined ? {} : { account }),
    ...(returnTo === undefined ? {} : { returnTo }),
  }).toString()
  // Commas and colons may stand in a query as they are, and people read these links.
  const legible = query.replaceAll('%2C', ',').replaceAll('%3A', ':')
  return `${connectionsPath}/${provider}/connect${query === '' ? '' : `?${legible}`}`
}

/** The redirect URI to register at the service. */
export function callbackUrl(publicUrl: string, provider: string): string {
  return `${publicUrl}${connectionsPath}/${provider}/callback`
}
