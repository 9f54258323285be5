// The people: found, made at their first sign-in, made administrators, suspended.
import { Inject, Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import { Database, type Sql } from '../platform/database/database.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { t } from './t.js'

export const accountStatuses = ['active', 'suspended', 'disabled'] as const
export type AccountStatus = (typeof accountStatuses)[number]
export const accountRoles = ['member', 'administrator'] as const
export type AccountRole = (typeof accountRoles)[number]

export interface Account {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly role: AccountRole
  readonly status: AccountStatus
  readonly createdAt: Date
  readonly lastSignInAt: Date | null
}

/** What a way of signing in has made sure of. */
export interface ProvenIdentity {
  /** The way: 'google' or 'development'. */
  provider: string
  /** Who it is there; never reused, unlike an e-mail address. */
  subject: string
  /** Verified by the provider. */
  email: string
  name: string
}

/** Of users as `u`, by the names of Account. */
export const columns = `u.id, u.email, u.name, u.role, u.status, u.created_at AS "createdAt", u.last_sign_in_at AS "lastSignInAt"`

/** Held while a person is made, so that of two first ones only one finds the house empty. */
const newPersonLock = 7_305_272
/** Held while somebody's status or role changes, so that no two changes together leave the house without administrator. */
const changesLock = 7_305_273

@Injectable()
export class Accounts {
  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async find(userId: string): Promise<Account | undefined> {
    const [account] = await this.database.query<Account>(`SELECT ${columns} FROM users u WHERE u.id = $1`, [userId])
    return account
  }

  async findByEmail(email: string): Promise<Account | undefined> {
    return findByEmail(this.database, email)
  }

  /** Throws Problem not-found. */
  async require(userId: string): Promise<Account> {
    const account = await this.find(userId)
    if (!account) throw new Problem('not-found', t('This person does not exist, or no longer does.'))
    return account
  }

  /** Throws Problem account-not-active, also when the person does not exist (any more). */
  async requireActive(userId: string): Promise<Account> {
    const account = await this.find(userId)
    if (account?.status !== 'active') throw notActive(account?.status)
    return account
  }

  /**
   * Suspends, disables or reactivates a person. Whoever is not active is signed out everywhere at once.
   * @param by the administrator who does it, who must still be one; undefined for the system itself
   * Throws Problem not-found, forbidden, and conflict: for oneself, and for the last active administrator.
   */
  async setStatus(userId: string, status: AccountStatus, by?: string): Promise<Account> {
    return this.database.transaction(async (sql) => {
      const person = await this.requireForChange(sql, userId, by)
      if (status !== 'active') {
        if (userId === by) throw new Problem('conflict', t('You cannot lock yourself out. Ask another administrator.'))
        await requireAnotherAdministrator(sql, person)
      }
      const account = await update(sql, userId, 'status', status)
      if (status !== 'active') await sql.query('DELETE FROM sessions WHERE user_id = $1', [userId])
      return account
    })
  }

  /**
   * Makes a person an administrator, or an administrator a member.
   * Throws Problem not-found, forbidden, and conflict: for the last active administrator.
   */
  async setRole(userId: string, role: AccountRole, by?: string): Promise<Account> {
    return this.database.transaction(async (sql) => {
      const person = await this.requireForChange(sql, userId, by)
      if (role !== 'administrator') await requireAnotherAdministrator(sql, person)
      return update(sql, userId, 'role', role)
    })
  }

  /** The person, with every other change of this kind held up until the transaction ends. */
  private async requireForChange(sql: Sql, userId: string, by: string | undefined): Promise<Account> {
    await sql.query('SELECT pg_advisory_xact_lock($1)', [changesLock])
    if (by !== undefined) {
      // Asked anew under the lock: of two administrators who demote each other at once, only the first one still is one.
      const [administrator] = await sql.query(
        `SELECT id FROM users WHERE id = $1 AND role = 'administrator' AND status = 'active'`,
        [by],
      )
      if (!administrator)
        throw new Problem('forbidden', t('You are no longer an administrator, so nothing was changed.'))
    }
    const [person] = await sql.query<Account>(`SELECT ${columns} FROM users u WHERE u.id = $1`, [userId])
    if (!person) throw new Problem('not-found', t('This person does not exist, or no longer does.'))
    return person
  }

  /**
   * Finds the person behind a proven identity, or makes one. An identity that is new here joins the person who has
   * its verified e-mail. Also notes the sign-in, the name and administrators by ADMIN_EMAILS.
   * Throws Problem account-not-active.
   */
  async signIn(identity: ProvenIdentity): Promise<Account> {
    return this.database.transaction(async (sql) => {
      const known = (await findByIdentity(sql, identity)) ?? (await this.join(sql, identity))
      if (known.status !== 'active') throw notActive(known.status)
      return this.noteSignIn(sql, known.id, identity)
    })
  }

  /** Ties a new identity to the person with its e-mail, who is made now if there is none. */
  private async join(sql: Sql, identity: ProvenIdentity): Promise<Account> {
    const account = (await findByEmail(sql, identity.email)) ?? (await this.make(sql, identity))
    await sql.query(
      'INSERT INTO identities (provider, subject, user_id) VALUES ($1, $2, $3) ON CONFLICT (provider, subject) DO NOTHING',
      [identity.provider, identity.subject, account.id],
    )
    return account
  }

  /** The first person of all is an administrator, unless ADMIN_EMAILS says who is. */
  private async make(sql: Sql, { email, name }: ProvenIdentity): Promise<Account> {
    await sql.query('SELECT pg_advisory_xact_lock($1)', [newPersonLock])
    const meanwhile = await findByEmail(sql, email)
    if (meanwhile) return meanwhile
    const [account] = await sql.query<Account>(
      `INSERT INTO users AS u (email, name, role)
       VALUES ($1, $2, CASE WHEN $3 AND NOT EXISTS (SELECT FROM users) THEN 'administrator' ELSE 'member' END)
       RETURNING ${columns}`,
      [email, name, this.settings.adminEmails.length === 0],
    )
    if (!account) throw new Error('INSERT … RETURNING gave no row')
    return account
  }

  /** The provider's newer e-mail is taken over unless somebody else has it here. */
  private async noteSignIn(sql: Sql, userId: string, { email, name }: ProvenIdentity): Promise<Account> {
    const [account] = await sql.query<Account>(
      `UPDATE users u SET
         last_sign_in_at = now(),
         name = $2,
         email = CASE WHEN EXISTS (SELECT FROM users o WHERE lower(o.email) = lower($3) AND o.id <> u.id)
                      THEN u.email ELSE $3 END,
         role = CASE WHEN lower($3) = ANY ($4::text[]) THEN 'administrator' ELSE u.role END
       WHERE u.id = $1 RETURNING ${columns}`,
      [userId, name, email, this.settings.adminEmails],
    )
    if (!account) throw notActive(undefined)
    return account
  }
}

/** Throws Problem conflict when without this person nobody could administrate. */
async function requireAnotherAdministrator(sql: Sql, { id, role, status }: Account): Promise<void> {
  if (role !== 'administrator' || status !== 'active') return
  const [other] = await sql.query(
    `SELECT id FROM users WHERE role = 'administrator' AND status = 'active' AND id <> $1 LIMIT 1`,
    [id],
  )
  if (!other) {
    throw new Problem(
      'conflict',
      t(
        'This is the last active administrator; without one nobody could change anything here. Make another one first.',
      ),
    )
  }
}

async function update(sql: Sql, userId: string, column: 'status' | 'role', value: string): Promise<Account> {
  const [account] = await sql.query<Account>(`UPDATE users u SET ${column} = $2 WHERE u.id = $1 RETURNING ${columns}`, [
    userId,
    value,
  ])
  if (!account) throw new Error('a person vanished while they were changed')
  return account
}

async function findByEmail(sql: Sql, email: string): Promise<Account | undefined> {
  const [account] = await sql.query<Account>(`SELECT ${columns} FROM users u WHERE lower(u.email) = lower($1)`, [email])
  return account
}

async function findByIdentity(sql: Sql, { provider, subject }: ProvenIdentity): Promise<Account | undefined> {
  const [account] = await sql.query<Account>(
    `SELECT ${columns} FROM identities i JOIN users u ON u.id = i.user_id WHERE i.provider = $1 AND i.subject = $2`,
    [provider, subject],
  )
  return account
}

function notActive(status: AccountStatus | undefined): Problem {
  return new Problem(
    'account-not-active',
    status === 'suspended'
      ? t(
          'This account is suspended, so nobody can use it for now. Whoever runs this server can tell you why and lift it.',
        )
      : t('This account has been closed. If that is a surprise, ask whoever runs this server.'),
  )
}
