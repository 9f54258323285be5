// The list of people: found by name, address, status and role.
import type { Account, AccountRole, AccountStatus } from '../accounts/accounts.js'
import { Ago, ButtonLink, EmptyState, Field, Moment, PageHead, Table, Tag } from '../platform/html/components.js'
import { Filters, Pager } from '../platform/html/lists.js'
import { Select } from '../platform/html/select.js'

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
      <PageHead title="People">Everybody who ever signed in, the newest first.</PageHead>
      <Filters action="/admin/people">
        <Field label="Name or e-mail" name="text" type="search" maxlength={200} value={text ?? ''} />
        <Select
          label="Status"
          name="status"
          value={status}
          options={[
            { value: '', label: 'any' },
            { value: 'active', label: 'active' },
            { value: 'suspended', label: 'suspended' },
            { value: 'disabled', label: 'disabled' },
          ]}
        />
        <Select
          label="Role"
          name="role"
          value={role}
          options={[
            { value: '', label: 'any' },
            { value: 'member', label: 'member' },
            { value: 'administrator', label: 'administrator' },
          ]}
        />
      </Filters>
      {items.length === 0 ? (
        <EmptyState title="Nobody fits" actions={<ButtonLink href="/admin/people">Show everybody</ButtonLink>}>
          <p>
            {narrowed ? 'Try a shorter part of the name or address, or any status.' : 'There is nobody on this page.'}
          </p>
        </EmptyState>
      ) : (
        <Table
          caption="People"
          columns={[
            { title: 'Name' },
            { title: 'Status' },
            { title: 'Role' },
            { title: 'Last sign-in' },
            { title: 'Joined' },
          ]}
          rows={items.map((person) => [
            <a class="row-link" href={`/admin/people/${person.id}`}>
              <strong>{person.name}</strong>
              <span class="soft">{person.email}</span>
            </a>,
            <StatusTag status={person.status} />,
            <>
              {person.role} {person.id === viewerId ? <Tag>you</Tag> : null}
            </>,
            person.lastSignInAt ? <Ago at={person.lastSignInAt} /> : 'never',
            <Moment at={person.createdAt} />,
          ])}
        />
      )}
      <Pager path={path} cursor={cursor} next={next} />
    </>
  )
}

export function StatusTag({ status }: { status: AccountStatus }) {
  return <Tag kind={status === 'active' ? 'good' : status === 'suspended' ? 'warn' : 'seal'}>{status}</Tag>
}

/** `?a=b` of what is given, or nothing. */
export function queryOf(given: Record<string, string | undefined>): string {
  const pairs = Object.entries(given).filter((pair): pair is [string, string] => Boolean(pair[1]))
  return pairs.length > 0 ? `?${new URLSearchParams(pairs)}` : ''
}
