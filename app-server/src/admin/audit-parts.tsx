// What the audit pages are put together from: who, when, and how it ended.
import type { Child } from 'hono/jsx'
import type { AuditRecord } from '../audit/audit-trail.js'
import { Tag } from '../platform/html/components.js'
import type { AuditNames } from './audit-names.js'
import { deedOf, outcomeWords } from './audit-words.js'
import { t } from './t.js'

/** A moment to the second: in UTC from the server, in the reader's own time zone where scripts run. */
export function Second({ at }: { at: Date }) {
  return (
    <time datetime={at.toISOString()} data-moment="seconds">
      {at.toISOString().slice(0, 19).replace('T', ' ')} UTC
    </time>
  )
}

export function OutcomeTag({ outcome }: Pick<AuditRecord, 'outcome'>) {
  const kind = { ok: 'good', refused: 'warn', failed: 'seal' } as const
  return <Tag kind={kind[outcome]}>{t(outcomeWords[outcome])}</Tag>
}

/** Whoever did it: a person, a program by itself, or the system. */
export function actorOf({ actorId, clientId, targetType, targetId, kind }: AuditRecord, names: AuditNames): string {
  if (actorId !== null) return personName(actorId, names)
  // A sign-in that was refused: somebody who says to be this person.
  if (kind === 'sign-in' && targetType === 'user' && targetId !== null)
    return t('Somebody as {name}', { name: personName(targetId, names) })
  if (kind === 'sign-in') return t('Somebody')
  if (kind === 'grant') return 'Sekisho'
  if (clientId !== null) return programNameOf(clientId, names)
  return kind === 'client' ? t('A program') : t('Somebody')
}

export function personName(id: string, names: AuditNames): string {
  return names.people.get(id)?.name ?? t('A person who is gone')
}

export function programNameOf(clientId: string, names: AuditNames): string {
  const name = names.programs.get(clientId)
  if (name !== undefined) return t('“{name}”', { name })
  const part = /^urn:sekisho:(.+)$/.exec(clientId)?.[1]
  return part === undefined ? t('A program that is gone') : t('Sekisho’s own {part}', { part })
}

/** What was done, and to whom when it was done to a person by another. */
export function deedWords(record: AuditRecord, names: AuditNames): string {
  const { kind, targetType, targetId } = record
  const toPerson = kind === 'administration' && targetType === 'user' && targetId !== null
  return deedOf(record, toPerson ? personName(targetId, names) : undefined)
}

/** The program in whose hands it was, when a person acted through one. */
export function Through({ record, names }: { record: AuditRecord; names: AuditNames }): Child {
  if (record.actorId === null || record.clientId === null) return null
  return <span class="audit-through">{programNameOf(record.clientId, names)}</span>
}
