// A person's connected accounts by service, and the way to connect one.
import { Actions, ButtonLink, EmptyState, Notice, PageHead, Section } from '../platform/html/components.js'
import type { Viewer } from '../platform/html/pages.js'
import { shown } from '../providers/shown.js'
import { someTitles, titledTools } from './access-words.js'
import { connectionsPath, connectPath } from './connect-link.js'
import { ConnectionCard } from './connection-card.js'
import type { ShownService } from './connection-overview.js'
import { type ConnectionsDone, doneNotice } from './connections-done.js'
import { t } from './t.js'

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
      <PageHead title={t('Connections')}>
        {t(
          'Your accounts at other services. Programs you allow use them for you; nobody else does, and you can disconnect one at any time.',
        )}
      </PageHead>
      {notice ? (
        <Notice kind={notice.kind} title={notice.title}>
          {notice.words.map((words) => (
            <p>{words}</p>
          ))}
        </Notice>
      ) : null}
      {services.length === 0 ? (
        <EmptyState title={t('Nothing to connect')}>
          <p>{t('This server has no tools that act at other services.')}</p>
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
  const title = shown(provider, provider.title)
  const connect = connectPath(provider.id, { returnTo: connectionsPath })
  const byOwnTokenAlone = oauth !== undefined && !serverClient && !ownClient && shared === undefined
  return (
    <Section title={title} id={provider.id} lead={shown(provider, provider.description)}>
      <div class="flow">
        {connections.map((connection) => (
          <ConnectionCard {...{ connection, csrfToken, service, several: connections.length > 1 }} />
        ))}
        {connections.length === 0 && ready ? (
          <EmptyState
            title={byOwnTokenAlone ? t('Not set up') : t('No account connected')}
            actions={
              <>
                <ButtonLink
                  kind="primary"
                  href={connect}
                  label={t('Connect {service}, for {tools}', { service: name, tools: title })}
                >
                  {t('Connect {service}', { service: name })}
                </ButtonLink>
                {byOwnTokenAlone && viewer.administrator ? (
                  <ButtonLink href={`/admin/credentials/${provider.id}`}>
                    {t('Set up {service}', { service: name })}
                  </ButtonLink>
                ) : null}
                {oauth ? <OwnClientLink {...{ provider: provider.id, name, ownClient }} /> : null}
              </>
            }
          >
            {byOwnTokenAlone ? (
              <p>
                {t(
                  'This server has no OAuth client at {service} yet. You can connect an account all the same, by your own {token}.',
                  { service: name, token: shown(provider, token?.name ?? '') },
                )}
              </p>
            ) : null}
            <p>
              {t('{count} tools wait for it: {titles}.', {
                count: provider.tools.length,
                titles: someTitles(titledTools(provider)),
              })}
            </p>
          </EmptyState>
        ) : null}
        {ready ? null : <NotSetUp {...{ viewer, service }} />}
        {connections.length > 0 ? (
          <Actions>
            {ready ? (
              <ButtonLink
                href={connect}
                label={t('Connect another account of {service}, for {tools}', { service: name, tools: title })}
              >
                {t('Connect another account')}
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
    <ButtonLink
      kind="quiet"
      href={`${connectionsPath}/${provider}/client`}
      label={t('Your own OAuth client at {service}', { service: name })}
    >
      {ownClient ? t('Your own OAuth client') : t('Use an OAuth client of your own')}
    </ButtonLink>
  )
}

function NotSetUp({ viewer, service: { provider } }: { viewer: Viewer; service: ShownService }) {
  const { service: name, oauth } = provider.connect
  return (
    <EmptyState
      title={t('Not set up')}
      actions={
        <>
          {viewer.administrator ? (
            <ButtonLink kind="primary" href={`/admin/credentials/${provider.id}`}>
              {t('Set up {service}', { service: name })}
            </ButtonLink>
          ) : null}
          {oauth ? <OwnClientLink {...{ provider: provider.id, name, ownClient: undefined }} /> : null}
        </>
      }
    >
      <p>
        {viewer.administrator
          ? t('This server has no OAuth client at {service} yet. Register one there and enter it: the page says how.', {
              service: name,
            })
          : t(
              'This server has no OAuth client at {service} yet. Whoever runs it registers one there and enters it on the page “Credentials”, or in the environment.',
              { service: name },
            )}
      </p>
    </EmptyState>
  )
}
