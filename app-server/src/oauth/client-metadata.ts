// What a program may say about itself, by registration or by its document: bounded, and without what we decide ourselves.
import { errors } from 'oidc-provider'
import type { ClientMetadata } from './clients.js'

const limits = {
  documentCharacters: 16 * 1024,
  redirectUris: 20,
  uriCharacters: 2000,
  nameCharacters: 200,
  otherTextCharacters: 2000,
  listMembers: 20,
} as const

/** Schemes that open something other than the program that asked. */
const hostileSchemes =
  /^(?:javascript|vbscript|data|blob|file|filesystem|about|view-source|chrome|resource|ws|wss|ftp|mailto|tel|sms|intent|search|search-ms|ms-[a-z-]*):$/
const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Metadata only a larger product than ours would act on; kept out so that nobody believes it counts. */
const ignoredMembers = [
  'scope',
  'sector_identifier_uri',
  'initiate_login_uri',
  'default_acr_values',
  'default_max_age',
  'require_auth_time',
] as const

/**
 * Checks the metadata of a client and puts right what we decide. Runs for registrations, documents and stored clients.
 * Throws InvalidClientMetadata (RFC 7591, section 3.2.2).
 */
export function settleClientMetadata(metadata: ClientMetadata): void {
  requireBounded(metadata)
  for (const member of ignoredMembers) delete metadata[member]
  if (typeof metadata.software_id !== 'string') delete metadata.software_id
  // Native, whatever was said: only then may the port of a loopback address be any (RFC 8252, section 7.3), and plain
  // http leads nowhere but to the person's own computer (OAuth 2.1, section 2.3.1).
  metadata.application_type = 'native'
  // A document is public, so its client has no secret (draft-ietf-oauth-client-id-metadata-document, section 4.1), and
  // the usual default, which needs one, cannot be meant. A document that names it is refused before this.
  if (isDocumentClient(metadata.client_id) && metadata.token_endpoint_auth_method === 'client_secret_basic') {
    metadata.token_endpoint_auth_method = 'none'
  }
  // A member of the wrong type is for oidc-provider to refuse, which checks types after this.
  if (Array.isArray(metadata.redirect_uris)) metadata.redirect_uris.forEach(requireRedirectUri)
}

/** Whether a client is known by the document its id is the address of. */
export function isDocumentClient(clientId: string): boolean {
  return /^https:\/\//i.test(clientId)
}

export function isLoopback(uri: URL): boolean {
  return loopbackHosts.has(uri.hostname)
}

function requireRedirectUri(value: unknown): void {
  const uri = typeof value === 'string' ? URL.parse(value) : null
  if (!uri) throw invalid('redirect_uris must be absolute URIs')
  if (uri.username || uri.password) throw invalid('redirect_uris must not name a user')
  if (hostileSchemes.test(uri.protocol))
    throw invalid(`redirect_uris must not use the scheme ${uri.protocol.slice(0, -1)}`)
  if (uri.protocol === 'http:' && !isLoopback(uri)) {
    throw invalid('redirect_uris must be https, a loopback address, or a scheme of the program itself')
  }
}

function requireBounded(metadata: ClientMetadata): void {
  const document = JSON.stringify(metadata)
  if (/\\u00[01]/.test(document)) throw invalid('the client metadata must not contain control characters')
  if (document.length > limits.documentCharacters) throw invalid('the client metadata is too large')
  if ((metadata.redirect_uris?.length ?? 0) > limits.redirectUris) {
    throw invalid(`redirect_uris must not be more than ${limits.redirectUris}`)
  }
  if ((metadata.client_name?.length ?? 0) > limits.nameCharacters) {
    throw invalid(`client_name must not be longer than ${limits.nameCharacters} characters`)
  }
  for (const [name, value] of Object.entries(metadata)) {
    if (typeof value === 'string' && value.length > limits.otherTextCharacters) throw invalid(`${name} is too long`)
    if (!Array.isArray(value)) continue
    if (value.length > limits.listMembers) throw invalid(`${name} has too many members`)
    if (value.some((member) => typeof member === 'string' && member.length > limits.uriCharacters)) {
      throw invalid(`${name} has a member that is too long`)
    }
  }
}

function invalid(description: string) {
  return new errors.InvalidClientMetadata(description)
}
