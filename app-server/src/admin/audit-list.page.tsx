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
import { joined } from '../platform/html/language.js'
import { Select } from '../platform/html/select.js'
import type { AuditNames } from './audit-names.js'
import { actorOf, deedWords, OutcomeTag, Second, Through } from './audit-parts.js'
import { type AuditField, auditFields, auditLink } from './audit-query.js'
import { decapitalized, kindWords, outcomeWords, reasonWords } from './audit-words.js'
import { t } from './t.js'

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
        title={t('Audit')}
        actions={
          faulty ? null : (
            <>
              <ButtonLink href={auditLink(`${auditPath}/export.csv`, typed)} label={t('Export CSV of these entries')}>
                {t('Export CSV')}
              </ButtonLink>
              <ButtonLink href={auditLink(`${auditPath}/export.json`, typed)} label={t('Export JSON of these entries')}>
                {t('Export JSON')}
              </ButtonLink>
            </>
          )
        }
      >
        {t('Who did what, what was refused, and why. Entries are added and never changed.')}
      </PageHead>
      <Filter typed={typed} faults={faults} open={faulty} />
      {isLater || faulty ? null : (
        <div class="audit-live">
          <ButtonLink href={here} kind="quiet">
            {t('Refresh')}
          </ButtonLink>
          <button
            class="button button-secondary"
            type="button"
            hidden
            data-follow={auditLink(`${auditPath}/follow`, typed)}
            aria-controls="entries"
            aria-pressed="false"
            data-words={JSON.stringify(followWords())}
          >
            {t('Follow live')}
          </button>
          <p class="soft small" role="status" id="entries-said" />
        </div>
      )}
      <div id="entries" class="audit-entries">
        {failure !== undefined ? (
          <Notice kind="error" title={t('This was too much to look through')}>
            <p>{failure}</p>
          </Notice>
        ) : faulty ? (
          <Notice kind="warning" title={t('Nothing was looked up')}>
            <p>{t('Mend the marked fields of the filter and show again.')}</p>
          </Notice>
        ) : page.entries.length === 0 ? (
          <Empty filtered={filtered} isLater={isLater} />
        ) : (
          <Entries entries={page.entries} names={names} />
        )}
        {isLater || page.next ? (
          <Actions>
            {isLater ? <ButtonLink href={here}>{t('Newest entries')}</ButtonLink> : null}
            {page.next ? (
              <ButtonLink href={auditLink(auditPath, typed, page.next)}>{t('Older entries')}</ButtonLink>
            ) : null}
          </Actions>
        ) : null}
      </div>
    </>
  )
}

/** What the browser says while it follows. */
function followWords() {
  return {
    stop: t('Stop following'),
    connecting: t('Connecting …'),
    following: t('Following. What is new shows up by itself.'),
    asOf: t('Following. As of {time}.', { time: '{time}' }),
    broke: t('The connection broke. Trying again …'),
    reload: t('You can no longer follow. Reload the page.'),
    cannot: t('This cannot be followed right now. Refresh it by hand.'),
    ends: {
      time: t('Stopped after half an hour. Press to go on.'),
      right: t('You can no longer follow: your session or your role has ended.'),
      restart: t('Stopped because the server restarts. Press to go on.'),
    },
  }
}

/** Who did what, each line leading to the page that says why it was allowed or refused. */
export function Entries({ entries, names }: { entries: readonly AuditRecord[]; names: AuditNames }) {
  return (
    <Table
      caption={t('Audit entries, the newest first')}
      columns={[{ title: t('When') }, { title: t('Who') }, { title: t('What') }, { title: t('Outcome') }]}
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
  if (isLater)
    return (
      <EmptyState title={t('Nothing older')}>{t('This is where the log begins, as far as it is kept.')}</EmptyState>
    )
  return filtered ? (
    <EmptyState title={t('No entry fits')} actions={<ButtonLink href={auditPath}>{t('Show every entry')}</ButtonLink>}>
      {t('Nothing of the kind happened, or it is longer ago than entries are kept. Choose fewer or wider words.')}
    </EmptyState>
  ) : (
    <EmptyState title={t('Nothing happened yet')}>
      {t('Sign-ins, consents and tool calls show up here as they happen.')}
    </EmptyState>
  )
}

interface FilterProps {
  typed: AuditListProps['typed']
  faults: AuditListProps['faults']
  open: boolean
}

/** Closed, it says what is looked for. */
function Filter({ typed, faults, open }: FilterProps) {
  const field = (name: AuditField, hint: string) => (
    <Field
      {...{ name, label: t(fieldWords[name]), hint, value: typed[name], maxlength: 2000, autocomplete: 'off' }}
      {...(faults[name] ? { error: faults[name] } : {})}
    />
  )
  const any = { value: '', label: t('Any') }
  return (
    <details class="station audit-filter" open={open}>
      <summary>
        {t('Filter')} <span class="station-aside">{inWords(typed)}</span>
      </summary>
      <div class="station-body">
        <Form action={auditPath} method="get">
          <div class="audit-fields">
            {field('person', t('E-mail address or id'))}
            {field('client', t('Name or client id'))}
            {field('tool', t('Like booking.create'))}
            <Select
              label={t('Kind')}
              name="kind"
              hint={t('What it is about')}
              value={typed.kind}
              options={[any, ...auditKinds.map((kind) => ({ value: kind, label: t(kindWords[kind]) }))]}
            />
            <Select
              label={t('Outcome')}
              name="outcome"
              hint={t('How it ended')}
              value={typed.outcome}
              options={[any, ...auditOutcomes.map((outcome) => ({ value: outcome, label: t(outcomeWords[outcome]) }))]}
            />
            {field('reason', t('Like insufficient-scope'))}
            {field('from', t('Day in UTC, like 2026-11-20'))}
            {field('to', t('Day in UTC, its hours included'))}
          </div>
          <Actions>
            <Button>{t('Show')}</Button>
            <ButtonLink href={auditPath} kind="quiet">
              {t('Clear')}
            </ButtonLink>
          </Actions>
        </Form>
      </div>
    </details>
  )
}

const fieldWords = {
  person: 'Person',
  client: 'Program',
  tool: 'Tool',
  kind: 'Kind',
  outcome: 'Outcome',
  reason: 'Reason',
  from: 'From',
  to: 'To',
} as const satisfies Record<AuditField, string>

function inWords(typed: AuditListProps['typed']): string {
  const words = auditFields
    .filter((name) => typed[name])
    .map((name) => `${decapitalized(t(fieldWords[name]))} ${typed[name].slice(0, 60)}`)
  return words.length === 0 ? t('every entry') : joined(words)
}
