// The list of audit entries with its filter, its exports and the way to follow it live.
import { auditKinds, auditOutcomes } from '../audit/audit-log.js'
import type { AuditPage, AuditRecord } from '../audit/audit-trail.js'
import {
  Actions,
  Button,
  ButtonLink,
  EmptyState,
  Field,
  Form,
  Notice,
  PageHead,
  Table,
} from '../platform/html/components.js'
import { Select } from '../platform/html/select.js'
import type { AuditNames } from './audit-names.js'
import { actorOf, deedWords, OutcomeTag, Second, Through } from './audit-parts.js'
import { type AuditField, auditFields, auditLink } from './audit-query.js'
import { kindWords, outcomeWords, reasonWords } from './audit-words.js'

export const auditPath = '/admin/audit'

export interface AuditListProps {
  typed: Readonly<Record<AuditField, string>>
  faults: Readonly<Partial<Record<AuditField, string>>>
  page: AuditPage
  names: AuditNames
  /** Not the first page: there are newer entries than these. */
  isLater: boolean
  /** What went wrong with the search, in words; the page then has no entries. */
  failure?: string | undefined
}

export function AuditListPage({ typed, faults, page, names, isLater, failure }: AuditListProps) {
  const faulty = Object.keys(faults).length > 0
  const filtered = auditFields.some((name) => typed[name] !== '')
  const here = auditLink(auditPath, typed)
  return (
    <>
      <PageHead
        title="Audit"
        actions={
          faulty ? null : (
            <>
              <ButtonLink href={auditLink(`${auditPath}/export.csv`, typed)} label="Export CSV of these entries">
                Export CSV
              </ButtonLink>
              <ButtonLink href={auditLink(`${auditPath}/export.json`, typed)} label="Export JSON of these entries">
                Export JSON
              </ButtonLink>
            </>
          )
        }
      >
        Who did what, what was refused, and why. Entries are added and never changed.
      </PageHead>
      <Filter typed={typed} faults={faults} open={faulty} />
      {isLater || faulty ? null : (
        <div class="audit-live">
          <ButtonLink href={here} kind="quiet">
            Refresh
          </ButtonLink>
          <button
            class="button button-secondary"
            type="button"
            hidden
            data-follow={auditLink(`${auditPath}/follow`, typed)}
            aria-controls="entries"
            aria-pressed="false"
          >
            Follow live
          </button>
          <p class="soft small" role="status" id="entries-said" />
        </div>
      )}
      <div id="entries" class="audit-entries">
        {failure !== undefined ? (
          <Notice kind="error" title="This was too much to look through">
            <p>{failure}</p>
          </Notice>
        ) : faulty ? (
          <Notice kind="warning" title="Nothing was looked up">
            <p>Mend the marked fields of the filter and show again.</p>
          </Notice>
        ) : page.entries.length === 0 ? (
          <Empty filtered={filtered} isLater={isLater} />
        ) : (
          <Entries entries={page.entries} names={names} />
        )}
        {isLater || page.next ? (
          <Actions>
            {isLater ? <ButtonLink href={here}>Newest entries</ButtonLink> : null}
            {page.next ? <ButtonLink href={auditLink(auditPath, typed, page.next)}>Older entries</ButtonLink> : null}
          </Actions>
        ) : null}
      </div>
    </>
  )
}

/** Who did what, each line leading to the page that says why it was allowed or refused. */
export function Entries({ entries, names }: { entries: readonly AuditRecord[]; names: AuditNames }) {
  return (
    <Table
      caption="Audit entries, the newest first"
      columns={[{ title: 'When' }, { title: 'Who' }, { title: 'What' }, { title: 'Outcome' }]}
      rows={entries.map((record) => [
        <Second at={record.at} />,
        <span>
          <strong class="audit-actor">{actorOf(record, names)}</strong>
          <Through record={record} names={names} />
        </span>,
        <a href={`${auditPath}/${record.id}`}>{deedWords(record, names)}</a>,
        <span class="audit-outcome">
          <OutcomeTag outcome={record.outcome} />
          {record.reason === null ? null : <span class="soft small">{reasonWords(record.reason)}</span>}
        </span>,
      ])}
    />
  )
}

function Empty({ filtered, isLater }: { filtered: boolean; isLater: boolean }) {
  if (isLater) return <EmptyState title="Nothing older">This is where the log begins, as far as it is kept.</EmptyState>
  return filtered ? (
    <EmptyState title="No entry fits" actions={<ButtonLink href={auditPath}>Show every entry</ButtonLink>}>
      Nothing of the kind happened, or it is longer ago than entries are kept. Choose fewer or wider words.
    </EmptyState>
  ) : (
    <EmptyState title="Nothing happened yet">Sign-ins, consents and tool calls show up here as they happen.</EmptyState>
  )
}

interface FilterProps {
  typed: AuditListProps['typed']
  faults: AuditListProps['faults']
  open: boolean
}

/** Closed, it says what is looked for. */
function Filter({ typed, faults, open }: FilterProps) {
  const field = (name: AuditField, label: string, hint?: string) => (
    <Field
      {...{ name, label, value: typed[name], maxlength: 2000, autocomplete: 'off' }}
      {...(hint ? { hint } : {})}
      {...(faults[name] ? { error: faults[name] } : {})}
    />
  )
  const any = { value: '', label: 'Any' }
  return (
    <details class="station audit-filter" open={open}>
      <summary>
        Filter <span class="station-aside">{inWords(typed)}</span>
      </summary>
      <div class="station-body">
        <Form action={auditPath} method="get">
          <div class="audit-fields">
            {field('person', 'Person', 'E-mail address or id')}
            {field('client', 'Program', 'Name or client id')}
            {field('tool', 'Tool', 'Like booking.create')}
            <Select
              label="Kind"
              name="kind"
              hint="What it is about"
              value={typed.kind}
              options={[any, ...auditKinds.map((kind) => ({ value: kind, label: kindWords[kind] }))]}
            />
            <Select
              label="Outcome"
              name="outcome"
              hint="How it ended"
              value={typed.outcome}
              options={[any, ...auditOutcomes.map((outcome) => ({ value: outcome, label: outcomeWords[outcome] }))]}
            />
            {field('reason', 'Reason', 'Like insufficient-scope')}
            {field('from', 'From', 'Day in UTC, like 2026-11-20')}
            {field('to', 'To', 'Day in UTC, its hours included')}
          </div>
          <Actions>
            <Button>Show</Button>
            <ButtonLink href={auditPath} kind="quiet">
              Clear
            </ButtonLink>
          </Actions>
        </Form>
      </div>
    </details>
  )
}

function inWords(typed: AuditListProps['typed']): string {
  const words = auditFields.filter((name) => typed[name]).map((name) => `${name} ${typed[name].slice(0, 60)}`)
  return words.length === 0 ? 'every entry' : words.join(', ')
}
