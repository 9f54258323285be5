// What the tests of the admin pages share: an administrator beside an ordinary person, and answering their questions.
import type { FormOnPage, Page, Person } from '@sekisho/testing'
import type { TestApp } from './app.js'

export interface SignedIn {
  readonly person: Person
  readonly id: string
}

/** Signs somebody in; with a role, has it given behind the scenes. */
export async function signedInAs(app: TestApp, name: string, role?: 'administrator' | 'member'): Promise<SignedIn> {
  const email = `${name.toLowerCase().replaceAll(/\W+/g, '.')}@example.test`
  const person = await app.signedIn(name, email)
  const [row] = await app.sql<{ id: string }>(
    'UPDATE users SET role = coalesce($2, role) WHERE email = $1 RETURNING id',
    [email, role ?? null],
  )
  if (!row) throw new Error(`${email} was not made`)
  return { person, id: row.id }
}

/** Opens the question before an act and presses its button. */
export async function confirmed(person: Person, address: string): Promise<Page> {
  const question = await person.open(address)
  return person.submit(question, formAt(question, new URL(address, question.url).pathname))
}

/** The form of a page that is sent to `action`. Throws when there is none. */
export function formAt(page: Page, action: string): FormOnPage {
  const form = page.forms.find((one) => one.action === action)
  if (!form) throw new Error(`no form for ${action} at ${page.url} (${page.status}): ${wordsOf(page).slice(0, 300)}`)
  return form
}

/** What a reader reads: the content's text without tags. */
export function wordsOf({ body }: Page): string {
  const content = /<main\b[^>]*>(.*)<\/main>/s.exec(body)?.[1] ?? body
  return content
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ')
    .trim()
}

/** Entries of what administrators did, the oldest first. */
export function administrationEntries(app: TestApp): Promise<Record<string, unknown>[]> {
  return app.sql(
    `SELECT action, outcome, reason, actor_id, target_type, target_id, client_id, details
       FROM audit_entries WHERE kind = 'administration' ORDER BY at, id`,
  )
}
