// One connected account: how it is, what programs may do with it, and what can be done about it.
import { Actions, Ago, Button, ButtonLink, Card, Facts, Form, Moment, Tag } from '../platform/html/components.js'
import { shown } from '../providers/shown.js'
import { connectionsPath, connectPath } from './connect-link.js'
import { AccessList } from './connect-outcome.page.js'
import type { ShownConnection, ShownService } from './connection-overview.js'
import { wordsOfLoss } from './not-connected.js'
import { t } from './t.js'

interface ConnectionCardProps {
  connection: ShownConnection
  csrfToken: string
  service: ShownService
  several: boolean
}

export function ConnectionCard({ connection, csrfToken, service, several }: ConnectionCardProps) {
  const { id, account, status, isDefault, missing, by } = connection
  const { provider, ready } = service
  const lost = status !== 'connected'
  const again = connectPath(provider.id, { account: id, returnTo: connectionsPath })
  const more = connectPath(provider.id, {
    account: id,
    scopes: missing.map(({ name }) => name),
    returnTo: connectionsPath,
  })
  // A shared account is connected by the operator's token: there is nothing a person could do about it.
  const mendable = ready && by !== 'shared-token'
  return (
    <Card
      level={3}
      title={
        <>
          {account.label} {several && isDefault ? <Tag>{t('default')}</Tag> : null}
        </>
      }
    >
      <Facts items={factsOf(connection, provider.connect.service)} />
      <Actions>
        {mendable ? (
          <ButtonLink
            kind={lost ? 'primary' : 'secondary'}
            href={again}
            label={t('Reconnect {account}', { account: account.label })}
          >
            {t('Reconnect')}
          </ButtonLink>
        ) : null}
        {mendable && !lost && missing.length > 0 ? (
          <ButtonLink href={more} label={t('Allow more for {account}', { account: account.label })}>
            {t('Allow more')}
          </ButtonLink>
        ) : null}
        {several && !isDefault ? (
          <Form action={`${connectionsPath}/${id}/default`} csrfToken={csrfToken} inline>
            <Button kind="secondary" label={t('Make {account} the default', { account: account.label })}>
              {t('Make default')}
            </Button>
          </Form>
        ) : null}
        <ButtonLink
          kind="danger"
          href={`${connectionsPath}/${id}/disconnect`}
          label={t('Disconnect {account} of {tools}', {
            account: account.label,
            tools: shown(provider, provider.title),
          })}
        >
          {t('Disconnect')}
        </ButtonLink>
      </Actions>
    </Card>
  )
}

const bySentences = {
  'server-client': '{when}, through the OAuth client of this server',
  'own-client': '{when}, through your own OAuth client',
  'own-token': '{when}, by a token of yours',
  'shared-token': '{when}, by a token that whoever runs this server shares',
} as const satisfies Record<ShownConnection['by'], string>

function factsOf(connection: ShownConnection, service: string) {
  const { held, missing, scopes, lastUsedAt, connectedAt, by, status } = connection
  const lost = status !== 'connected'
  return [
    { term: t('State'), detail: <State {...{ connection, service }} /> },
    {
      term: lost ? t('Programs could') : t('Programs may'),
      detail:
        scopes === null ? (
          <>
            <AccessList access={held} />
            <span class="small soft">
              {t('As far as its token goes; {service} does not say how far that is.', { service })}
            </span>
          </>
        ) : held.length === 0 ? (
          t('do nothing with it yet')
        ) : (
          <AccessList access={held} />
        ),
    },
    ...(missing.length > 0 && !lost ? [{ term: t('Not allowed'), detail: <AccessList access={missing} /> }] : []),
    { term: t('Last used'), detail: lastUsedAt ? <Ago at={lastUsedAt} /> : t('not yet') },
    ...renewalFacts(connection, service),
    {
      term: t('Connected'),
      detail: <>{t.rich(bySentences[by], { when: <Moment at={connectedAt} /> })}</>,
    },
  ]
}

function State({ connection, service }: { connection: ShownConnection; service: string }) {
  const { status, statusReason, statusAt } = connection
  if (status === 'connected') return <Tag kind="good">{t('connected')}</Tag>
  const why = wordsOfLoss(service, { status, reason: statusReason ?? '', at: statusAt })
  return (
    <>
      <Tag kind="seal">{status === 'revoked' ? t('access withdrawn') : t('connect it again')}</Tag>{' '}
      {t.rich('{why}. Since {when}.', {
        why: `${why[0]?.toUpperCase()}${why.slice(1)}`,
        when: <Moment at={statusAt} />,
      })}
    </>
  )
}

function renewalFacts(connection: ShownConnection, service: string) {
  const { renewal, refreshedAt, expiresAt, status } = connection
  if (!renewal || status !== 'connected') return []
  const { failures, retryAt, renewable } = renewal
  if (failures > 0) {
    const why = whyNotRenewed(connection, service)
    return [
      {
        term: t('Renewal'),
        detail: (
          <>
            <Tag kind="warn">
              {t('{failures, plural, one {failed once} other {failed # times in a row}}', { failures })}
            </Tag>{' '}
            {retryAt
              ? t.rich('{why} It stays connected. The next try is at {when}.', { why, when: <Moment at={retryAt} /> })
              : t('{why} It stays connected. The next use tries again.', { why })}
          </>
        ),
      },
    ]
  }
  if (!renewable) return expiresAt ? [{ term: t('Ends'), detail: <Moment at={expiresAt} /> }] : []
  return [{ term: t('Last renewed'), detail: refreshedAt ? <Ago at={refreshedAt} /> : t('not yet') }]
}

/** What is wrong, and whose turn it is where waiting does not help. */
function whyNotRenewed({ renewalFailure, by }: ShownConnection, service: string): string {
  switch (renewalFailure?.split(':')[0]) {
    case 'client':
      return by === 'own-client'
        ? t('{service} does not take your own OAuth client: check its ID and secret.', { service })
        : t('{service} does not take the OAuth client of this server: whoever runs it must check that.', { service })
    case 'faulty':
      return t('{service} answered in a way that is not understood. If it stays, tell whoever runs this server.', {
        service,
      })
    default:
      return t('{service} cannot do it right now.', { service })
  }
}
