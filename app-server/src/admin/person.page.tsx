// One person: who they are here, what they may do, where they are signed in, what acts for them, and what they did lately.
import type { Account } from '../accounts/accounts.js'
import { deviceOf } from '../accounts/device.js'
import type { SessionRow } from '../accounts/session.js'
import type { AuditRecord } from '../audit/audit-trail.js'
import type { ScopeGroup } from '../oauth/scope-words.js'
import { Ago, ButtonLink, Card, Facts, Moment, Notice, PageHead, Section, Table } from '../platform/html/components.js'
import { joined } from '../platform/html/language.js'
import { auditPath, Entries } from './audit-list.page.js'
import type { AuditNames } from './audit-names.js'
import { auditLink } from './audit-query.js'
import { StatusTag } from './people.page.js'
import { type DonePersonAct, offeredActs, personActs, undoOf } from './person-acts.js'
import { t } from './t.js'

export interface PersonProgram {
  readonly clientId: string
  readonly name: string
  /** How many authorizations. */
  readonly grants: number
  readonly lastUsedAt: Date | null
  readonly groups: readonly ScopeGroup[]
}

export interface PersonPageProps {
  person: Account
  /** Whoever looks is this person. */
  self: boolean
  csrfToken: string
  sessions: readonly SessionRow[]
  programs: readonly PersonProgram[]
  /** The newest first. */
  activity: readonly AuditRecord[]
  names: AuditNames
  done: DonePersonAct | undefined
}

export function PersonPage({ person, self, sessions, programs, activity, names, done }: PersonPageProps) {
  const path = `/admin/people/${person.id}`
  const acts = offeredActs(person, self)
  return (
    <>
      <PageHead title={person.name}>{person.email}</PageHead>
      {done ? <Done person={person} act={done} /> : null}
      <div class="halves">
        <Card title={t('Account')}>
          <Facts
            items={[
              { term: t('Status'), detail: <StatusTag status={person.status} /> },
              { term: t('Role'), detail: t(person.role) },
              { term: t('Joined'), detail: <Moment at={person.createdAt} /> },
              { term: t('Last sign-in'), detail: person.lastSignInAt ? <Ago at={person.lastSignInAt} /> : t('never') },
              { term: t('Id'), detail: <code>{person.id}</code> },
            ]}
          />
        </Card>
        <Card title={t('What you can do')}>
          {self ? (
            <p class="soft">{t('This is you. Suspending or disabling you is for another administrator.')}</p>
          ) : null}
          <ul class="acts">
            {acts.map((act) => (
              <li class="act">
                <ButtonLink href={`${path}/${act}`} kind={personActs[act].danger ? 'danger' : 'secondary'} wide>
                  {t(personActs[act].button)}
                </ButtonLink>
                <span class="soft small">{t(personActs[act].aside)}</span>
              </li>
            ))}
          </ul>
        </Card>
      </div>
      <Section title={t('Programs with access')} id="programs">
        {programs.length === 0 ? (
          <p class="soft">{t('No program may act for this person.')}</p>
        ) : (
          <Table
            caption={t('Programs with access')}
            columns={[
              { title: t('Program') },
              { title: t('May') },
              { title: t('Last used') },
              { title: t('Withdraw'), actions: true },
            ]}
            rows={programs.map((program) => [
              <a class="row-link" href={`/admin/clients/details?client=${encodeURIComponent(program.clientId)}`}>
                <strong>{t('“{name}”', { name: program.name })}</strong>
                {program.grants > 1 ? (
                  <span class="soft">{t('{count, number} consents', { count: program.grants })}</span>
                ) : null}
              </a>,
              joined(program.groups.flatMap(({ scopes }) => scopes.map(({ allows }) => allows))),
              program.lastUsedAt ? <Ago at={program.lastUsedAt} /> : t('not yet'),
              <ButtonLink
                href={`${path}/withdraw?program=${encodeURIComponent(program.clientId)}`}
                kind="danger"
                label={t('Withdraw the access of {name}', { name: program.name })}
              >
                {t('Withdraw')}
              </ButtonLink>,
            ])}
          />
        )}
      </Section>
      <Section title={t('Sessions')} id="sessions">
        {sessions.length === 0 ? (
          <p class="soft">{t('Signed in nowhere.')}</p>
        ) : (
          <Table
            caption={t('Sessions')}
            columns={[
              { title: t('Device') },
              { title: t('Address') },
              { title: t('Signed in') },
              { title: t('Last seen') },
            ]}
            rows={sessions.map(({ userAgent, address, createdAt, lastSeenAt }) => [
              deviceOf(userAgent),
              address,
              <Moment at={createdAt} />,
              <Ago at={lastSeenAt} />,
            ])}
          />
        )}
      </Section>
      <Section
        title={t('Lately')}
        id="activity"
        lead={t('The newest entries of the audit log by or about this person.')}
      >
        {activity.length === 0 ? (
          <p class="soft">{t('Nothing is written down.')}</p>
        ) : (
          <>
            <Entries entries={activity} names={names} />
            <p class="pager">
              <a href={auditLink(auditPath, { person: person.id })}>{t('All entries of this person')}</a>
            </p>
          </>
        )}
      </Section>
    </>
  )
}

function Done({ person, act }: { person: Account; act: DonePersonAct }) {
  const undo = undoOf(act)
  // An old link must not tell what is no longer so.
  if (!personActs[act].holds(person)) return null
  return (
    <Notice kind="success" title={t(personActs[act].done)}>
      {undo ? (
        <p>
          {t.rich('You can take it back: <a>{act}</a>.', {
            act: t(personActs[undo].button),
            a: (words) => <a href={`/admin/people/${person.id}/${undo}`}>{words}</a>,
          })}
        </p>
      ) : (
        <p>{t('It counts from this moment on, on every server.')}</p>
      )}
    </Notice>
  )
}
