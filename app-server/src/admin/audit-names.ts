// Who is meant: the names behind the ids of entries, and the ids behind what an administrator typed.
import { Injectable } from '@nestjs/common'
import { z } from 'zod'
import { type Account, Accounts } from '../accounts/accounts.js'
import { Directory } from '../accounts/directory.js'
import type { AuditRecord } from '../audit/audit-trail.js'
import { ClientDirectory } from '../oauth/client-directory.js'
import { programName } from '../oauth/program-name.js'

export interface AuditNames {
  /** Those who still exist, by user id. */
  readonly people: ReadonlyMap<string, Pick<Account, 'name' | 'email'>>
  /** What programs call themselves, made harmless, by client id. */
  readonly programs: ReadonlyMap<string, string>
}

const clientIdShape = /^[\x21-\x7e]{1,2000}$/

@Injectable()
export class AuditNaming {
  constructor(
    private readonly accounts: Accounts,
    private readonly directory: Directory,
    private readonly clients: ClientDirectory,
  ) {}

  async of(records: readonly AuditRecord[]): Promise<AuditNames> {
    const userIds = records.flatMap(({ actorId, targetType, targetId }) => [
      ...(actorId === null ? [] : [actorId]),
      ...(targetType === 'user' && targetId !== null ? [targetId] : []),
    ])
    const clientIds = records.flatMap(({ clientId }) => (clientId === null ? [] : [clientId]))
    const [people, programs] = await Promise.all([
      userIds.length > 0 ? this.directory.findAll(userIds) : new Map(),
      clientIds.length > 0 ? this.clients.namesOf(clientIds) : new Map<string, string | null>(),
    ])
    return { people, programs: new Map([...programs].map(([id, name]) => [id, programName(name)])) }
  }

  /** The id of the person with this id or e-mail address; of an id nothing more is asked, for entries outlive people. */
  async findPersonId(typed: string): Promise<string | undefined> {
    if (z.uuid().safeParse(typed).success) return typed.toLowerCase()
    return (await this.accounts.findByEmail(typed))?.id
  }

  /** The id of the program with this id, or of the only one with this name in its name; several, or none, give a number. */
  async findClientId(typed: string): Promise<string | number> {
    if (await this.clients.find(typed)) return typed
    const [only, second] = (await this.clients.search({ text: typed, limit: 2 })).items
    if (only && !second) return only.id
    if (second) return 2
    // A program that is gone still has its entries, and its id has no spaces.
    return clientIdShape.test(typed) ? typed : 0
  }
}
