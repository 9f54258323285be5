// The people as administrators look for them: by name, address, status and role, a page at a time, and in figures.
import { Inject, Injectable } from '@nestjs/common'
import { z } from 'zod'
import { containing } from '../platform/database/containing.js'
import { Database } from '../platform/database/database.js'
import { fromCursor, toPage } from '../platform/paging.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { type Account, type AccountRole, type AccountStatus, columns } from './accounts.js'
import { alive } from './session.js'

export interface PeopleQuery {
  /** A part of the name or of the e-mail address, in any case. */
  text?: string
  status?: AccountStatus
  role?: AccountRole
  /** `next_cursor` of the page before. */
  cursor?: string
  /** 1 to 100. */
  limit: number
}

export interface PeoplePage {
  /** The newest first. */
  readonly items: readonly Account[]
  readonly next_cursor: string | null
}

/** How many there are now. */
export interface PeopleFigures {
  readonly people: number
  readonly active: number
  readonly suspended: number
  readonly disabled: number
  /** Active ones only. */
  readonly administrators: number
  /** Sessions that have not ended. */
  readonly sessions: number
}

@Injectable()
export class Directory {
  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** One page of the people that fit. Throws Problem invalid-arguments for a cursor that is none of ours. */
  async search({ text, status, role, cursor, limit }: PeopleQuery): Promise<PeoplePage> {
    const before = fromCursor(cursor, z.tuple([z.uuid()]))?.[0]
    const rows = await this.database.query<Account>(
      `SELECT ${columns} FROM users u
        WHERE ($1::text IS NULL OR u.name ILIKE $1 OR u.email ILIKE $1)
          AND ($2::text IS NULL OR u.status = $2)
          AND ($3::text IS NULL OR u.role = $3)
          AND ($4::uuid IS NULL OR u.id < $4)
        ORDER BY u.id DESC LIMIT $5`,
      [text ? containing(text) : null, status ?? null, role ?? null, before ?? null, limit + 1],
    )
    return toPage(rows, limit, ({ id }) => [id])
  }

  /** Those of the given people who exist, by id. */
  async findAll(ids: readonly string[]): Promise<Map<string, Account>> {
    const known = await this.database.query<Account>(`SELECT ${columns} FROM users u WHERE u.id = ANY ($1::uuid[])`, [
      [...new Set(ids)],
    ])
    return new Map(known.map((account) => [account.id, account]))
  }

  async figures(): Promise<PeopleFigures> {
    const [row] = await this.database.query<PeopleFigures>(
      `SELECT count(*)::int AS people,
              (count(*) FILTER (WHERE status = 'active'))::int AS active,
              (count(*) FILTER (WHERE status = 'suspended'))::int AS suspended,
              (count(*) FILTER (WHERE status = 'disabled'))::int AS disabled,
              (count(*) FILTER (WHERE status = 'active' AND role = 'administrator'))::int AS administrators,
              (SELECT count(*)::int FROM sessions s WHERE ${alive('$1', '$2')}) AS sessions
         FROM users`,
      [this.settings.sessionIdleMs, this.settings.sessionMaxMs],
    )
    if (!row) throw new Error('an aggregate gave no row')
    return row
  }
}
