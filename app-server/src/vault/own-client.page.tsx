// The page of a person's own OAuth client at a service.
import { Actions, ButtonLink, Facts, Moment, Notice } from '../platform/html/components.js'
import type { OAuthConnect } from '../providers/connect.js'
import { ClientForm, SetUpSteps, type TypedClient } from './client-form.js'
import { connectionsPath } from './connect-link.js'
import type { Credential } from './credentials.js'

export interface OwnClientPageProps {
  readonly csrfToken: string
  readonly providerId: string
  readonly service: string
  readonly oauth: OAuthConnect
  readonly redirectUri: string
  readonly client: Credential | undefined
  /** Accounts that are connected through it. */
  readonly accounts: readonly string[]
  readonly typed: TypedClient | undefined
}

export function OwnClientPage(props: OwnClientPageProps) {
  const { csrfToken, providerId, service, oauth, redirectUri, client, accounts, typed } = props
  const path = `${connectionsPath}/${providerId}/client`
  return (
    <div class="card-decision">
      <p class="eyebrow eyebrow-plain">{service}</p>
      <h1>Your own OAuth client at {service}</h1>
      <p>
        Most people need none. With one of your own, {service} shows your application’s name when you connect, and its
        limits are yours alone.
      </p>
      {client ? (
        <>
          <Facts
            items={[
              { term: 'Client id', detail: <code>{client.clientId}</code> },
              { term: 'Entered', detail: <Moment at={client.updatedAt} /> },
              { term: 'Connected through it', detail: accounts.length > 0 ? accounts.join(', ') : 'nothing yet' },
            ]}
          />
          {accounts.length > 0 ? (
            <Notice kind="warning" title="Before you replace it">
              <p>
                A new secret of the same client changes nothing for your accounts. With another client id,{' '}
                {accounts.join(', ')} must be connected again.
              </p>
            </Notice>
          ) : null}
        </>
      ) : (
        <SetUpSteps {...{ service, setUp: oauth.setUp, redirectUri }} />
      )}
      <ClientForm action={path} csrfToken={csrfToken} known={client !== undefined} typed={typed} />
      <Actions>
        {client ? (
          <ButtonLink kind="danger" href={`${path}/remove`}>
            Remove it
          </ButtonLink>
        ) : null}
        <ButtonLink href={connectionsPath}>Go back</ButtonLink>
      </Actions>
    </div>
  )
}
