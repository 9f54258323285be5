// Opens and closes secrets that are kept in the database; a sealed value only opens in the place it was sealed for.
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { Inject, Injectable } from '@nestjs/common'
import { SETTINGS, type Settings } from './settings.js'

const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16
const keyIdBytes = 8
const formatVersion = 1
const headerBytes = 1 + keyIdBytes + nonceBytes

/** A sealed value that does not open: damaged, moved from another place, or sealed under another SEALING_KEY. */
export class SealBroken extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SealBroken'
  }
}

@Injectable()
export class SecretBox {
  private readonly sealingKey: Buffer
  private readonly encryptionKey: Buffer
  private readonly keyId: Buffer

  /** @param settings `sealingKey` is 32 random bytes, kept outside the database. */
  constructor(@Inject(SETTINGS) settings: Pick<Settings, 'sealingKey'>) {
    if (settings.sealingKey.length !== keyBytes) throw new Error(`the sealing key must have ${keyBytes} bytes`)
    this.sealingKey = settings.sealingKey
    this.encryptionKey = this.deriveKey('seal')
    this.keyId = createHash('sha256').update(this.deriveKey('key id')).digest().subarray(0, keyIdBytes)
  }

  /**
   * Seals a secret (AES-256-GCM) for one place.
   * @param place names the row and column, e.g. `oauth_clients.secret/<id>`; the same words open it again.
   * @returns version, key id, nonce, tag and ciphertext in one value for a bytea column.
   */
  seal(secret: string | Buffer, place: string): Buffer {
    const header = Buffer.concat([Buffer.of(formatVersion), this.keyId, randomBytes(nonceBytes)])
    const cipher = createCipheriv('aes-256-gcm', this.encryptionKey, header.subarray(1 + keyIdBytes))
    cipher.setAAD(associatedData(header, place))
    const body = Buffer.concat([cipher.update(secret), cipher.final()])
    return Buffer.concat([header, cipher.getAuthTag(), body])
  }

  /** Opens what was sealed for the same place. Throws SealBroken. */
  open(sealed: Buffer, place: string): Buffer {
    if (sealed.length < headerBytes + tagBytes || sealed[0] !== formatVersion) {
      throw new SealBroken(`the value at ${place} is not a sealed one`)
    }
    const header = sealed.subarray(0, headerBytes)
    if (!header.subarray(1, 1 + keyIdBytes).equals(this.keyId)) {
      throw new SealBroken(`the value at ${place} was sealed under another SEALING_KEY`)
    }
    const decipher = createDecipheriv('aes-256-gcm', this.encryptionKey, header.subarray(1 + keyIdBytes), {
      authTagLength: tagBytes,
    })
    decipher.setAAD(associatedData(header, place))
    decipher.setAuthTag(sealed.subarray(headerBytes, headerBytes + tagBytes))
    try {
      return Buffer.concat([decipher.update(sealed.subarray(headerBytes + tagBytes)), decipher.final()])
    } catch (cause) {
      throw new SealBroken(`the value at ${place} was damaged or belongs elsewhere`, { cause })
    }
  }

  /**
   * A key of its own for one purpose (HKDF-SHA-256, RFC 5869), so that no key is ever used for two things.
   * Equal purposes give equal keys on every replica.
   */
  deriveKey(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.sealingKey, Buffer.alloc(0), `sekisho/1/${purpose}`, keyBytes))
  }
}

/** The header has one fixed length, so header and place cannot be confused with another header and place. */
function associatedData(header: Buffer, place: string): Buffer {
  return Buffer.concat([header, Buffer.from(place)])
}
