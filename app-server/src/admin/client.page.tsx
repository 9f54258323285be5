// One client: what it says about itself, what became of it here, and who lets it act for them.
import type { Account } from '../accounts/accounts.js'
import type { ListedClient } from '../oauth/client-directory.js'
import type { ShownGrant } from '../oauth/grants.js'
import { publisherOf } from '../oauth/program-name.js'
import type { ScopeGroup } from '../oauth/scope-words.js'
import {
  Ago,
  ButtonLink,
  Card,
  EmptyState,
  Facts,
  Moment,
  Notice,
  PageHead,
  Section,
  Table,
  Tag,
} from '../platform/html/components.js'
import { joined } from '../platform/html/language.js'
import { Pager } from '../platform/html/lists.js'
import { auditPath } from './audit-list.page.js'
import { auditLink } from './audit-query.js'
import { type ClientActName, clientActs, offeredClientActs } from './client-acts.js'
import { redirectNames } from './clients.page.js'
import { StatusTag } from './people.page.js'
import { t } from './t.js'

export interface ClientGrant extends ShownGrant {
  /** Undefined when they vanished a moment ago. */
  readonly person: Account | undefined
  readonly groups: readonly ScopeGroup[]
}

export interface ClientPageProps {
  client: ListedClient
  /** Its own claim, made harmless. */
  name: string
  grants: readonly ClientGrant[]
  cursor: string | undefined
  next_cursor: string | null
  done: ClientActName | undefined
}

export function ClientPage({ client, name, grants, cursor, next_cursor: next, done }: ClientPageProps) {
  const link = (page: string) => `/admin/clients/${page}?client=${encodeURIComponent(client.id)}`
  const acts = offeredClientActs(client)
  const publisher = publisherOf(client.id)
  return (
    <>
      <PageHead
        title={t('“{name}”', { name })}
        actions={acts.map((act) => (
          <ButtonLink href={link(act)} kind={clientActs[act].danger ? 'danger' : 'secondary'}>
            {t(clientActs[act].button)}
          </ButtonLink>
        ))}
      >
        {publisher
          ? t('Described at {site}. The name is its own claim.', { site: publisher })
          : t('Registered itself; nobody has checked who made it. The name is its own claim.')}
      </PageHead>
      {done && holds(done, client) ? (
        <Notice kind="success" title={t(clientActs[done].done)}>
          <p>{t(clientActs[done].doneWords)}</p>
        </Notice>
      ) : null}
      <Card>
        <Facts
          items={[
            { term: t('State'), detail: <State client={client} /> },
            {
              term: t('Known by'),
              detail: client.kind === 'document' ? t('its client ID metadata document') : t('registration'),
            },
            { term: t('Client id'), detail: <code>{client.id}</code> },
            { term: t('Returns to'), detail: redirectNames(client.redirectUris) },
            { term: t('Known since'), detail: <Moment at={client.createdAt} /> },
            { term: t('Last allowed'), detail: client.authorizedAt ? <Moment at={client.authorizedAt} /> : t('never') },
            { term: t('Last used'), detail: client.lastUsedAt ? <Ago at={client.lastUsedAt} /> : '–' },
            {
              term: t('Audit'),
              detail: <a href={auditLink(auditPath, { client: client.id })}>{t('All entries of this client')}</a>,
            },
          ]}
        />
      </Card>
      <Section title={t('Who lets it act for them')}>
        {grants.length === 0 ? (
          <EmptyState title={cursor === undefined ? t('Nobody') : t('Nobody on this page')}>
            <p>{t('Nobody has an authorization of this client that counts now.')}</p>
          </EmptyState>
        ) : (
          <Table
            caption={t('Authorizations')}
            columns={[
              { title: t('Person') },
              { title: t('It may') },
              { title: t('Allowed') },
              { title: t('Last used') },
              { title: t('Withdraw'), actions: true },
            ]}
            rows={grants.map((grant) => cells(client, grant))}
          />
        )}
        <Pager path={link('details')} cursor={cursor} next={next} />
      </Section>
    </>
  )
}

function cells(client: ListedClient, { userId, person, groups, createdAt, lastUsedAt }: ClientGrant) {
  const who = person?.name ?? t('somebody')
  return [
    <a class="row-link" href={`/admin/people/${userId}`}>
      <strong>{who}</strong>
      <span class="soft">{person?.email}</span>
      {person && person.status !== 'active' ? <StatusTag status={person.status} /> : null}
    </a>,
    joined(groups.flatMap(({ scopes }) => scopes.map(({ allows }) => allows))),
    <Moment at={createdAt} />,
    lastUsedAt ? <Ago at={lastUsedAt} /> : t('not yet'),
    <ButtonLink
      href={`/admin/people/${userId}/withdraw?program=${encodeURIComponent(client.id)}`}
      kind="danger"
      label={t('Withdraw what {name} allowed', { name: who })}
    >
      {t('Withdraw')}
    </ButtonLink>,
  ]
}

function State({ client: { blockedAt, grants, people } }: { client: ListedClient }) {
  if (blockedAt) {
    return (
      <>
        {t.rich('{blocked} since {when}', {
          blocked: <Tag kind="seal">{t('blocked')}</Tag>,
          when: <Moment at={blockedAt} />,
        })}
      </>
    )
  }
  if (grants === 0) return <Tag>{t('without access')}</Tag>
  return (
    <>
      <Tag kind="good">{t('with access')}</Tag>{' '}
      {t(
        '{grants, plural, one {# authorization} other {# authorizations}} of {people, plural, one {# person} other {# people}}',
        { grants, people },
      )}
    </>
  )
}

/** An old link must not tell what is no longer so. */
function holds(done: ClientActName, { blockedAt, grants }: ListedClient): boolean {
  if (done === 'withdraw') return grants === 0
  return done === 'block' ? blockedAt !== null : blockedAt === null
}
