// The list of people: found by name, address, status and role.
import {
  type Account,
  type AccountRole,
  type AccountStatus,
  accountRoles,
  accountStatuses,
} from '../accounts/accounts.js'
import { Ago, ButtonLink, EmptyState, Field, Moment, PageHead, Table, Tag } from '../platform/html/components.js'
import { Filters, Pager } from '../platform/html/lists.js'
import { Select } from '../platform/html/select.js'
import { t } from './t.js'

export interface PeoplePageProps {
  viewerId: string
  text?: string | undefined
  status?: AccountStatus | undefined
  role?: AccountRole | undefined
  cursor?: string | undefined
  items: readonly Account[]
  next_cursor: string | null
}

export function PeoplePage({ viewerId, text, status, role, cursor, items, next_cursor: next }: PeoplePageProps) {
  const narrowed = Boolean(text || status || role)
  const path = `/admin/people${queryOf({ text, status, role })}`
  return (
    <>
      <PageHead title={t('People')}>{t('Everybody who ever signed in, the newest first.')}</PageHead>
      <Filters action="/admin/people">
        <Field label={t('Name or e-mail')} name="text" type="search" maxlength={200} value={text ?? ''} />
        <Select
          label={t('Status')}
          name="status"
          value={status}
          options={[{ value: '', label: t('any') }, ...accountStatuses.map((value) => ({ value, label: t(value) }))]}
        />
        <Select
          label={t('Role')}
          name="role"
          value={role}
          options={[{ value: '', label: t('any') }, ...accountRoles.map((value) => ({ value, label: t(value) }))]}
        />
      </Filters>
      {items.length === 0 ? (
        <EmptyState
          title={t('Nobody fits')}
          actions={<ButtonLink href="/admin/people">{t('Show everybody')}</ButtonLink>}
        >
          <p>
            {narrowed
              ? t('Try a shorter part of the name or address, or any status.')
              : t('There is nobody on this page.')}
          </p>
        </EmptyState>
      ) : (
        <Table
          caption={t('People')}
          columns={[
            { title: t('Name') },
            { title: t('Status') },
            { title: t('Role') },
            { title: t('Last sign-in') },
            { title: t('Joined') },
          ]}
          rows={items.map((person) => [
            <a class="row-link" href={`/admin/people/${person.id}`}>
              <strong>{person.name}</strong>
              <span class="soft">{person.email}</span>
            </a>,
            <StatusTag status={person.status} />,
            <>
              {t(person.role)} {person.id === viewerId ? <Tag>{t('you')}</Tag> : null}
            </>,
            person.lastSignInAt ? <Ago at={person.lastSignInAt} /> : t('never'),
            <Moment at={person.createdAt} />,
          ])}
        />
      )}
      <Pager path={path} cursor={cursor} next={next} />
    </>
  )
}

export function StatusTag({ status }: { status: AccountStatus }) {
  return <Tag kind={status === 'active' ? 'good' : status === 'suspended' ? 'warn' : 'seal'}>{t(status)}</Tag>
}

/** `?a=b` of what is given, or nothing. */
export function queryOf(given: Record<string, string | undefined>): string {
  const pairs = Object.entries(given).filter((pair): pair is [string, string] => Boolean(pair[1]))
  return pairs.length > 0 ? `?${new URLSearchParams(pairs)}` : ''
}
