// A person's connected accounts by service: how each is, what programs may do with it, and what can be done about it.
import {
  Actions,
  Ago,
  Button,
  ButtonLink,
  Card,
  EmptyState,
  Facts,
  Form,
  Moment,
  Notice,
  PageHead,
  Section,
  Tag,
} from '../platform/html/components.js'
import type { Viewer } from '../platform/html/pages.js'
import { someTitles } from './access-words.js'
import { connectionsPath, connectPath } from './connect-link.js'
import { AccessList } from './connect-outcome.page.js'
import type { ShownConnection, ShownService } from './connection-overview.js'
import { type ConnectionsDone, doneNotice } from './connections-done.js'
import { wordsOfLoss } from './not-connected.js'

export interface ConnectionsPageProps {
  readonly viewer: Viewer
  readonly csrfToken: string
  readonly services: readonly ShownService[]
  readonly done: ConnectionsDone | undefined
}

export function ConnectionsPage({ viewer, csrfToken, services, done }: ConnectionsPageProps) {
  const notice = done && doneNotice(done, services)
  return (
    <>
      <PageHead title="Connections">
        Your accounts at other services. Programs you allow use them for you; nobody else does, and you can disconnect
        one at any time.
      </PageHead>
      {notice ? (
        <Notice kind={notice.kind} title={notice.title}>
          {notice.words.map((words) => (
            <p>{words}</p>
          ))}
        </Notice>
      ) : null}
      {services.length === 0 ? (
        <EmptyState title="Nothing to connect">
          <p>This server has no tools that act at other services.</p>
        </EmptyState>
      ) : (
        services.map((service) => <OneService {...{ viewer, csrfToken, service }} />)
      )}
    </>
  )
}

function OneService(props: { viewer: Viewer; csrfToken: string; service: ShownService }) {
  const { viewer, csrfToken, service } = props
  const { provider, connections, ready, ownClient, serverClient, shared } = service
  const { service: name, oauth, token } = provider.connect
  const connect = connectPath(provider.id, { returnTo: connectionsPath })
  const byOwnTokenAlone = oauth !== undefined && !serverClient && !ownClient && shared === undefined
  return (
    <Section title={provider.title} id={provider.id} lead={provider.description}>
      <div class="flow">
        {connections.map((connection) => (
          <OneConnection {...{ connection, csrfToken, service, several: connections.length > 1 }} />
        ))}
        {connections.length === 0 && ready ? (
          <EmptyState
            title={byOwnTokenAlone ? 'Not set up' : 'No account connected'}
            actions={
              <>
                <ButtonLink kind="primary" href={connect} label={`Connect ${name}, for ${provider.title}`}>
                  Connect {name}
                </ButtonLink>
                {byOwnTokenAlone && viewer.administrator ? (
                  <ButtonLink href={`/admin/credentials/${provider.id}`}>Set up {name}</ButtonLink>
                ) : null}
                {oauth ? <OwnClientLink {...{ provider: provider.id, name, ownClient }} /> : null}
              </>
            }
          >
            {byOwnTokenAlone ? (
              <p>
                This server has no OAuth client at {name} yet. You can connect an account all the same, by your own{' '}
                {token?.name}.
              </p>
            ) : null}
            <p>
              {provider.tools.length} tools wait for it: {someTitles(provider.tools)}.
            </p>
          </EmptyState>
        ) : null}
        {ready ? null : <NotSetUp {...{ viewer, service }} />}
        {connections.length > 0 ? (
          <Actions>
            {ready ? (
              <ButtonLink href={connect} label={`Connect another account of ${name}, for ${provider.title}`}>
                Connect another account
              </ButtonLink>
            ) : null}
            {oauth ? <OwnClientLink {...{ provider: provider.id, name, ownClient }} /> : null}
          </Actions>
        ) : null}
      </div>
    </Section>
  )
}

function OwnClientLink(props: { provider: string; name: string; ownClient: ShownService['ownClient'] }) {
  const { provider, name, ownClient } = props
  return (
    <ButtonLink kind="quiet" href={`${connectionsPath}/${provider}/client`} label={`Your own OAuth client at ${name}`}>
      {ownClient ? 'Your own OAuth client' : 'Use an OAuth client of your own'}
    </ButtonLink>
  )
}

function NotSetUp({ viewer, service: { provider } }: { viewer: Viewer; service: ShownService }) {
  const { service: name, oauth } = provider.connect
  return (
    <EmptyState
      title="Not set up"
      actions={
        <>
          {viewer.administrator ? (
            <ButtonLink kind="primary" href={`/admin/credentials/${provider.id}`}>
              Set up {name}
            </ButtonLink>
          ) : null}
          {oauth ? <OwnClientLink {...{ provider: provider.id, name, ownClient: undefined }} /> : null}
        </>
      }
    >
      <p>
        This server has no OAuth client at {name} yet.{' '}
        {viewer.administrator
          ? 'Register one there and enter it: the page says how.'
          : 'Whoever runs it registers one there and enters it on the page “Credentials”, or in the environment.'}
      </p>
    </EmptyState>
  )
}

interface OneConnectionProps {
  connection: ShownConnection
  csrfToken: string
  service: ShownService
  several: boolean
}

function OneConnection({ connection, csrfToken, service, several }: OneConnectionProps) {
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
          {account.label} {several && isDefault ? <Tag>default</Tag> : null}
        </>
      }
    >
      <Facts items={factsOf(connection, provider.connect.service)} />
      <Actions>
        {mendable ? (
          <ButtonLink kind={lost ? 'primary' : 'secondary'} href={again} label={`Reconnect ${account.label}`}>
            Reconnect
          </ButtonLink>
        ) : null}
        {mendable && !lost && missing.length > 0 ? (
          <ButtonLink href={more} label={`Allow more for ${account.label}`}>
            Allow more
          </ButtonLink>
        ) : null}
        {several && !isDefault ? (
          <Form action={`${connectionsPath}/${id}/default`} csrfToken={csrfToken} inline>
            <Button kind="secondary" label={`Make ${account.label} the default`}>
              Make default
            </Button>
          </Form>
        ) : null}
        <ButtonLink
          kind="danger"
          href={`${connectionsPath}/${id}/disconnect`}
          label={`Disconnect ${account.label} of ${provider.title}`}
        >
          Disconnect
        </ButtonLink>
      </Actions>
    </Card>
  )
}

const bySentences: Record<ShownConnection['by'], string> = {
  'server-client': 'through the OAuth client of this server',
  'own-client': 'through your own OAuth client',
  'own-token': 'by a token of yours',
  'shared-token': 'by a token that whoever runs this server shares',
}

function factsOf(connection: ShownConnection, service: string) {
  const { held, missing, scopes, lastUsedAt, connectedAt, by, status } = connection
  const lost = status !== 'connected'
  return [
    { term: 'State', detail: <State {...{ connection, service }} /> },
    {
      term: lost ? 'Programs could' : 'Programs may',
      detail:
        scopes === null ? (
          <>
            <AccessList access={held} />
            <span class="small soft">As far as its token goes; {service} does not say how far that is.</span>
          </>
        ) : held.length === 0 ? (
          'do nothing with it yet'
        ) : (
          <AccessList access={held} />
        ),
    },
    ...(missing.length > 0 && !lost ? [{ term: 'Not allowed', detail: <AccessList access={missing} /> }] : []),
    { term: 'Last used', detail: lastUsedAt ? <Ago at={lastUsedAt} /> : 'not yet' },
    ...renewalFacts(connection, service),
    {
      term: 'Connected',
      detail: (
        <>
          <Moment at={connectedAt} />, {bySentences[by]}
        </>
      ),
    },
  ]
}

function State({ connection, service }: { connection: ShownConnection; service: string }) {
  const { status, statusReason, statusAt } = connection
  if (status === 'connected') return <Tag kind="good">connected</Tag>
  const why = wordsOfLoss(service, { status, reason: statusReason ?? '', at: statusAt })
  return (
    <>
      <Tag kind="seal">{status === 'revoked' ? 'access withdrawn' : 'connect it again'}</Tag> {why[0]?.toUpperCase()}
      {why.slice(1)}. Since <Moment at={statusAt} />.
    </>
  )
}

function renewalFacts(connection: ShownConnection, service: string) {
  const { renewal, refreshedAt, expiresAt, status } = connection
  if (!renewal || status !== 'connected') return []
  const { failures, retryAt, renewable } = renewal
  if (failures > 0) {
    const times = failures === 1 ? 'once' : `${failures} times in a row`
    return [
      {
        term: 'Renewal',
        detail: (
          <>
            <Tag kind="warn">failed {times}</Tag> {whyNotRenewed(connection, service)} It stays connected.{' '}
            {retryAt ? (
              <>
                The next try is at <Moment at={retryAt} />.
              </>
            ) : (
              'The next use tries again.'
            )}
          </>
        ),
      },
    ]
  }
  if (!renewable) return expiresAt ? [{ term: 'Ends', detail: <Moment at={expiresAt} /> }] : []
  return [{ term: 'Last renewed', detail: refreshedAt ? <Ago at={refreshedAt} /> : 'not yet' }]
}

/** What is wrong, and whose turn it is where waiting does not help. */
function whyNotRenewed({ renewalFailure, by }: ShownConnection, service: string): string {
  switch (renewalFailure?.split(':')[0]) {
    case 'client':
      return by === 'own-client'
        ? `${service} does not take your own OAuth client: check its ID and secret.`
        : `${service} does not take the OAuth client of this server: whoever runs it must check that.`
    case 'faulty':
      return `${service} answered in a way that is not understood. If it stays, tell whoever runs this server.`
    default:
      return `${service} cannot do it right now.`
  }
}
