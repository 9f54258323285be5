// What this room keeps sealed.
import type { SealedColumn } from '../platform/sealed-values.js'

export const sealedCredentialSecrets: SealedColumn = { table: 'credentials', key: 'id', column: 'secret' }
export const sealedAccessTokens: SealedColumn = {
  table: 'oauth_tokens',
  key: 'connection_id',
  column: 'access_token',
}
export const sealedRefreshTokens: SealedColumn = {
  table: 'oauth_tokens',
  key: 'connection_id',
  column: 'refresh_token',
}
export const sealedCodeVerifiers: SealedColumn = { table: 'oauth_states', key: 'id', column: 'code_verifier' }

export const vaultSealedColumns = [
  sealedCredentialSecrets,
  sealedAccessTokens,
  sealedRefreshTokens,
  sealedCodeVerifiers,
]
