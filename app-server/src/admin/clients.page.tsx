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
import { joined } from '../platform/html/language.js'
import { Filters, Pager } from '../platform/html/lists.js'
import { Select } from '../platform/html/select.js'
import { queryOf } from './people.page.js'
import { t } from './t.js'
import { number } from './words.js'

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
        title={t('Clients')}
        actions={
          removable > 0 ? (
            <ButtonLink href="/admin/clients/remove-unused" kind="danger">
              {t('Remove {count, number} unused', { count: removable })}
            </ButtonLink>
          ) : null
        }
      >
        {t('Programs that asked to act for people, the newest first. Their names are their own claims.')}
      </PageHead>
      {removed === undefined ? null : (
        <Notice kind="success" title={removed === 0 ? t('Nothing to remove') : t('Removed')}>
          <p>
            {removed === 0
              ? t('All of them are in use.')
              : t('{removed, plural, one {# unused client is} other {# unused clients are}} gone.', { removed })}
          </p>
        </Notice>
      )}
      <Filters action="/admin/clients">
        <Field label={t('Name or id')} name="text" type="search" maxlength={200} value={text ?? ''} />
        <Select
          label={t('Known by')}
          name="kind"
          value={kind}
          options={[
            { value: '', label: t('either') },
            { value: 'registered', label: t('registration') },
            { value: 'document', label: t('document') },
          ]}
        />
        <Select
          label={t('State')}
          name="state"
          value={state}
          options={[
            { value: '', label: t('any') },
            { value: 'used', label: t('with access') },
            { value: 'unused', label: t('without access') },
            { value: 'blocked', label: t('blocked') },
          ]}
        />
      </Filters>
      {items.length === 0 ? (
        <EmptyState
          title={narrowed ? t('No client fits') : t('No client yet')}
          actions={narrowed ? <ButtonLink href="/admin/clients">{t('Show all clients')}</ButtonLink> : null}
        >
          <p>
            {narrowed
              ? t('Try a shorter part of the name, or any state.')
              : t('A program shows here when it registers, or when somebody allows it something.')}
          </p>
        </EmptyState>
      ) : (
        <Table
          caption={t('Clients')}
          columns={[
            { title: t('Client') },
            { title: t('Returns to') },
            { title: t('People') },
            { title: t('Last used') },
            { title: t('Known since') },
          ]}
          rows={items.map((client) => [
            <a class="row-link" href={`/admin/clients/details?client=${encodeURIComponent(client.id)}`}>
              <strong>{t('“{name}”', { name: programName(client.name) })}</strong>
              <span class="soft">{publisherOf(client.id) ?? t('registered itself')}</span>
              {client.blockedAt ? <Tag kind="seal">{t('blocked')}</Tag> : null}
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
    return [kind === 'computer' ? t('own computer') : name]
  })
  return joined([...new Set(names)]) || t('nowhere')
}
