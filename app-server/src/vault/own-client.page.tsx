// The page of a person's own OAuth client at a service.
import { Actions, ButtonLink, Facts, Moment, Notice } from '../platform/html/components.js'
import { joined } from '../platform/html/language.js'
import type { SetUp } from '../providers/connect.js'
import { ClientForm, SetUpSteps, type TypedClient } from './client-form.js'
import { connectionsPath } from './connect-link.js'
import type { Credential } from './credentials.js'
import { t } from './t.js'

export interface OwnClientPageProps {
  readonly csrfToken: string
  readonly providerId: string
  readonly service: string
  readonly setUp: SetUp
  readonly redirectUri: string
  readonly client: Credential | undefined
  /** Accounts that are connected through it. */
  readonly accounts: readonly string[]
  readonly typed: TypedClient | undefined
}

export function OwnClientPage(props: OwnClientPageProps) {
  const { csrfToken, providerId, service, setUp, redirectUri, client, accounts, typed } = props
  const path = `${connectionsPath}/${providerId}/client`
  return (
    <div class="card-decision">
      <p class="eyebrow eyebrow-plain">{service}</p>
      <h1>{t('Your own OAuth client at {service}', { service })}</h1>
      <p>
        {t(
          'Most people need none. With one of your own, {service} shows your application’s name when you connect, and its limits are yours alone.',
          { service },
        )}
      </p>
      {client ? (
        <>
          <Facts
            items={[
              { term: t('Client id'), detail: <code>{client.clientId}</code> },
              { term: t('Entered'), detail: <Moment at={client.updatedAt} /> },
              {
                term: t('Connected through it'),
                detail: accounts.length > 0 ? joined(accounts) : t('nothing yet'),
              },
            ]}
          />
          {accounts.length > 0 ? (
            <Notice kind="warning" title={t('Before you replace it')}>
              <p>
                {t(
                  'A new secret of the same client changes nothing for your accounts. With another client id, {accounts} must be connected again.',
                  { accounts: joined(accounts) },
                )}
              </p>
            </Notice>
          ) : null}
        </>
      ) : (
        <SetUpSteps {...{ service, setUp, redirectUri }} />
      )}
      <ClientForm action={path} csrfToken={csrfToken} known={client !== undefined} typed={typed} />
      <Actions>
        {client ? (
          <ButtonLink kind="danger" href={`${path}/remove`}>
            {t('Remove it')}
          </ButtonLink>
        ) : null}
        <ButtonLink href={connectionsPath}>{t('Go back')}</ButtonLink>
      </Actions>
    </div>
  )
}
