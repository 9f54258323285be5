// Forms as the table holds them.
import { Problem } from '@sekisho/contracts'
import type { Sql } from '../../platform/database/database.js'
import { type Field, readFields } from './fields.js'

export interface Form {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly fields: readonly Field[]
}

/** Throws Problem not-found when there is no such form, or it is no longer open. */
export async function requireForm(sql: Sql, id: string): Promise<Form> {
  const [row] = await sql.query<{ id: string; title: string; description: string; fields: unknown }>(
    'SELECT id, title, description, fields FROM forms WHERE id = $1 AND active',
    [id],
  )
  if (!row) {
    throw new Problem('not-found', `There is no form ${id} to fill in. Call form.list for those there are.`)
  }
  return { ...row, fields: readFields(row.fields) }
}
