// The list of clients: who they say they are, who uses them, and whether they may come.
import type { ClientKind, ClientState, ListedClient } from '../oauth/client-directory.js'
import { programName, publisherOf } from '../oauth/program-name.js'
import { redirectTargetOf } from '../oauth/redirect-target.js'
import {
  Ago,
  ButtonLink,
  EmptyState,
  Field,
  Moment,
  Notice,
  PageHead,
  Table,
  Tag,
} from '../platform/html/components.js'
import { Filters, Pager } from '../platform/html/lists.js'
import { Select } from '../platform/html/select.js'
import { queryOf } from './people.page.js'
import { counted, number } from './words.js'

export interface ClientsPageProps {
  text?: string | undefined
  kind?: ClientKind | undefined
  state?: ClientState | undefined
  cursor?: string | undefined
  items: readonly ListedClient[]
  next_cursor: string | null
  /** Unused registrations that could be removed. */
  removable: number
  /** How many were removed a moment ago. */
  removed: number | undefined
}

export function ClientsPage(props: ClientsPageProps) {
  const { text, kind, state, cursor, items, next_cursor: next, removable, removed } = props
  const narrowed = Boolean(text || kind || state)
  return (
    <>
      <PageHead
        title="Clients"
        actions={
          removable > 0 ? (
            <ButtonLink href="/admin/clients/remove-unused" kind="danger">
              Remove {number(removable)} unused
            </ButtonLink>
          ) : null
        }
      >
        Programs that asked to act for people, the newest first. Their names are their own claims.
      </PageHead>
      {removed === undefined ? null : (
        <Notice kind="success" title={removed === 0 ? 'Nothing to remove' : 'Removed'}>
          <p>
            {removed === 0
              ? 'All of them are in use.'
              : `${counted(removed, 'unused client is', 'unused clients are')} gone.`}
          </p>
        </Notice>
      )}
      <Filters action="/admin/clients">
        <Field label="Name or id" name="text" type="search" maxlength={200} value={text ?? ''} />
        <Select
          label="Known by"
          name="kind"
          value={kind}
          options={[
            { value: '', label: 'either' },
            { value: 'registered', label: 'registration' },
            { value: 'document', label: 'document' },
          ]}
        />
        <Select
          label="State"
          name="state"
          value={state}
          options={[
            { value: '', label: 'any' },
            { value: 'used', label: 'with access' },
            { value: 'unused', label: 'without access' },
            { value: 'blocked', label: 'blocked' },
          ]}
        />
      </Filters>
      {items.length === 0 ? (
        <EmptyState
          title={narrowed ? 'No client fits' : 'No client yet'}
          actions={narrowed ? <ButtonLink href="/admin/clients">Show all clients</ButtonLink> : null}
        >
          <p>
            {narrowed
              ? 'Try a shorter part of the name, or any state.'
              : 'A program shows here when it registers, or when somebody allows it something.'}
          </p>
        </EmptyState>
      ) : (
        <Table
          caption="Clients"
          columns={[
            { title: 'Client' },
            { title: 'Returns to' },
            { title: 'People' },
            { title: 'Last used' },
            { title: 'Known since' },
          ]}
          rows={items.map((client) => [
            <a class="row-link" href={`/admin/clients/details?client=${encodeURIComponent(client.id)}`}>
              <strong>“{programName(client.name)}”</strong>
              <span class="soft">{publisherOf(client.id) ?? 'registered itself'}</span>
              {client.blockedAt ? <Tag kind="seal">blocked</Tag> : null}
            </a>,
            redirectNames(client.redirectUris),
            number(client.people),
            client.lastUsedAt ? <Ago at={client.lastUsedAt} /> : '–',
            <Moment at={client.createdAt} />,
          ])}
        />
      )}
      <Pager path={`/admin/clients${queryOf({ text, kind, state })}`} cursor={cursor} next={next} />
    </>
  )
}

/** Where answers may go, each place once: hosts of web sites, schemes of applications, this computer. */
export function redirectNames(redirectUris: readonly string[]): string {
  const names = redirectUris.flatMap((uri) => {
    if (!URL.canParse(uri)) return []
    const { kind, name } = redirectTargetOf(uri)
    return [kind === 'computer' ? 'own computer' : name]
  })
  return [...new Set(names)].join(', ') || 'nowhere'
}
