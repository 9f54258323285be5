// What the tests of authorization share: knocking at the door with a bearer, and looking at challenges.
import { DOOR_PATH } from '@sekisho/contracts'

/** What the door says to a bearer that asks for the list of tools. */
export async function knock(url: string, bearer: string | undefined, path = DOOR_PATH): Promise<Response> {
  return fetch(`${url}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
  })
}

/** The claims of a token, unverified. */
export function claimsOf(token: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
}

/** The parameters of a WWW-Authenticate: Bearer challenge. */
export function challengeOf(response: Response): Record<string, string> {
  const header = response.headers.get('www-authenticate') ?? ''
  if (!header.startsWith('Bearer ')) throw new Error(`no Bearer challenge: ${header}`)
  return Object.fromEntries([...header.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]))
}
