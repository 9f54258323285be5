// Opens and closes secrets that are kept in the database; a sealed value only opens in the place it was sealed for.
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto'
import { Inject, Injectable } from '@nestjs/common'
import { rereadSealingKeys, SETTINGS, type Settings } from './settings.js'

const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16
const keyIdBytes = 8
const formatVersion = 1
const headerBytes = 1 + keyIdBytes + nonceBytes

/** SQL that gives the key a sealed value was sealed by, as `keyIds` names it. */
export const keyIdOf = (column: string) => `encode(substring(${column} FROM 2 FOR ${keyIdBytes}), 'hex')`

/** A sealed value that does not open: damaged, moved from another place, or sealed under another SEALING_KEY. */
export class SealBroken extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'SealBroken'
  }
}

export type SealingSettings = Pick<Settings, 'sealingKey'> &
  Partial<Pick<Settings, 'oldSealingKeys' | 'sealingKeyFiles'>>

@Injectable()
export class SecretBox {
  /** As the settings have them now: the first seals, the others only open. */
  private ring: readonly [SealingKey, ...SealingKey[]]
  /** By id: every key there has been since this process began. */
  private readonly known = new Map<string, SealingKey>()
  private readonly listeners: (() => void)[] = []
  private readonly files: SealingSettings['sealingKeyFiles']

  /** @param settings keys of 32 random bytes, kept outside the database. */
  constructor(@Inject(SETTINGS) settings: SealingSettings) {
    this.files = settings.sealingKeyFiles
    this.ring = this.take(settings.sealingKey, settings.oldSealingKeys ?? [])
  }

  /** The ids of the keys of the moment, the one that seals first. They tell nothing about the keys. */
  get keyIds(): readonly [string, ...string[]] {
    const [current, ...old] = this.ring
    return [current.id, ...old.map(({ id }) => id)]
  }

  /**
   * Seals a secret (AES-256-GCM) for one place.
   * @param place names the row and column, e.g. `oauth_clients.secret/<id>`; the same words open it again.
   * @returns version, key id, nonce, tag and ciphertext in one value for a bytea column.
   */
  seal(secret: string | Buffer, place: string): Buffer {
    const [{ id, encryptionKey }] = this.ring
    const header = Buffer.concat([Buffer.of(formatVersion), Buffer.from(id, 'hex'), randomBytes(nonceBytes)])
    const cipher = createCipheriv('aes-256-gcm', encryptionKey, header.subarray(1 + keyIdBytes))
    cipher.setAAD(associatedData(header, place))
    const body = Buffer.concat([cipher.update(secret), cipher.final()])
    return Buffer.concat([header, cipher.getAuthTag(), body])
  }

  /** Opens what was sealed for the same place, by whichever key we know. Throws SealBroken. */
  open(sealed: Buffer, place: string): Buffer {
    if (sealed.length < headerBytes + tagBytes || sealed[0] !== formatVersion) {
      throw new SealBroken(`the value at ${place} is not a sealed one`)
    }
    const header = sealed.subarray(0, headerBytes)
    const { encryptionKey } = this.requireKey(header.toString('hex', 1, 1 + keyIdBytes), place)
    const decipher = createDecipheriv('aes-256-gcm', encryptionKey, header.subarray(1 + keyIdBytes), {
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
    return this.ring[0].derive(purpose)
  }

  /**
   * Keys for one purpose from every sealing key of the moment, the oldest first: that one every replica has, also while a
   * rotation goes round. Use the first, accept all.
   */
  deriveKeys(purpose: string): Buffer[] {
    return this.ring.map((key) => key.derive(purpose)).reverse()
  }

  /**
   * Reads the keys anew from their files, where they are files. Says whether that changed anything.
   * Throws FaultySettings; then the present keys stay.
   */
  reload(): boolean {
    const read = this.files && rereadSealingKeys(this.files)
    if (!read) return false
    const before = this.keyIds.join()
    this.ring = this.take(read.sealingKey, read.oldSealingKeys)
    if (this.keyIds.join() === before) return false
    for (const listener of this.listeners) listener()
    return true
  }

  /** Hears of every change of the keys. */
  onChange(listener: () => void): void {
    this.listeners.push(listener)
  }

  /** A value of a new key may come before we are told of the key. */
  private requireKey(id: string, place: string): SealingKey {
    const key = this.known.get(id) ?? (this.reload() ? this.known.get(id) : undefined)
    if (!key) throw new SealBroken(`the value at ${place} was sealed under another SEALING_KEY, whose id is ${id}`)
    return key
  }

  private take(current: Buffer, old: readonly Buffer[]): [SealingKey, ...SealingKey[]] {
    const first = new SealingKey(current)
    const others = old.map((key) => new SealingKey(key)).filter(({ id }) => id !== first.id)
    for (const key of [first, ...others]) this.known.set(key.id, key)
    return [first, ...others]
  }
}

class SealingKey {
  readonly encryptionKey: Buffer
  /** 16 hexadecimal digits. */
  readonly id: string

  constructor(private readonly bytes: Buffer) {
    if (bytes.length !== keyBytes) throw new Error(`the sealing key must have ${keyBytes} bytes`)
    this.encryptionKey = this.derive('seal')
    this.id = createHash('sha256').update(this.derive('key id')).digest().toString('hex', 0, keyIdBytes)
  }

  derive(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.bytes, Buffer.alloc(0), `sekisho/1/${purpose}`, keyBytes))
  }
}

/** The header has one fixed length, so header and place cannot be confused with another header and place. */
function associatedData(header: Buffer, place: string): Buffer {
  return Buffer.concat([header, Buffer.from(place)])
}
