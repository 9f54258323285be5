// What this room keeps sealed.
import type { SealedColumn } from '../platform/sealed-values.js'

export const sealedSigningKeys: SealedColumn = { table: 'oauth_signing_keys', key: 'kid', column: 'private_jwk' }
export const sealedClientSecrets: SealedColumn = { table: 'oauth_clients', key: 'id', column: 'client_secret' }

export const oauthSealedColumns = [sealedSigningKeys, sealedClientSecrets]
