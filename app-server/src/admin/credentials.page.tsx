// How services are set up: the list, and the page of one with its OAuth client and the account it shares.
import {
  Actions,
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
import { ClientForm, SetUpSteps, type TypedClient } from '../vault/client-form.js'
import type { Credential } from '../vault/credentials.js'
import type { ListedKey } from '../vault/model-pages/models.page.js'
import { SharedModels } from '../vault/model-pages/shared-models.js'
import type { ConnectedProvider } from '../vault/not-connected.js'
import { type OfferedToken, TokenFields } from '../vault/token-fields.js'
import { counted } from './words.js'

export const credentialsPath = '/admin/credentials'

/** How one service is set up. */
export interface ServiceSetUp {
  readonly provider: ConnectedProvider
  readonly client: Credential | undefined
  readonly shared: Credential | undefined
  readonly redirectUri: string
}

export interface CredentialsPageProps {
  readonly services: readonly ServiceSetUp[]
  readonly models: readonly ListedKey[]
  /** What was done to one of the models' keys a moment ago. */
  readonly done: 'removed' | 'gone' | undefined
}

export function CredentialsPage({ services, models, done }: CredentialsPageProps) {
  return (
    <>
      <PageHead title="Credentials">
        What people connect their accounts through: an OAuth client of this server at each service, or an account it
        shares.
      </PageHead>
      {services.length === 0 ? (
        <EmptyState title="Nothing to set up">
          <p>This server has no tools that act at other services.</p>
        </EmptyState>
      ) : (
        <div class="grid">
          {services.map((service) => (
            <ServiceCard service={service} />
          ))}
        </div>
      )}
      <SharedModels keys={models} done={done} />
    </>
  )
}

function ServiceCard({ service: { provider, client, shared } }: { service: ServiceSetUp }) {
  const { oauth, token, service } = provider.connect
  return (
    <div id={provider.id}>
      <Card title={provider.title}>
        <Facts
          items={[
            ...(oauth ? [{ term: 'OAuth client', detail: <ClientState {...{ client }} /> }] : []),
            ...(client?.clientId ? [{ term: 'Client id', detail: <code>{client.clientId}</code> }] : []),
            ...(token ? [{ term: 'Shared account', detail: shared?.label ?? 'none' }] : []),
            { term: 'Connected', detail: accounts((client?.connections ?? 0) + (shared?.connections ?? 0)) },
          ]}
        />
        <ButtonLink
          href={`${credentialsPath}/${provider.id}`}
          kind={client || shared || !oauth ? 'secondary' : 'primary'}
          label={`${client ? 'Open' : 'Set up'} ${provider.title} (${service})`}
        >
          {client ? 'Open' : 'Set up'}
        </ButtonLink>
      </Card>
    </div>
  )
}

function ClientState({ client }: { client: Credential | undefined }) {
  if (!client) return <Tag kind="warn">not set up</Tag>
  return (
    <>
      <Tag kind="good">set up</Tag> {client.origin === 'environment' ? 'given by the environment' : 'entered here'}
    </>
  )
}

export type CredentialDone = 'client' | 'token' | 'client-removed' | 'token-removed'

export interface CredentialPageProps extends ServiceSetUp {
  readonly csrfToken: string
  readonly typedClient: TypedClient | undefined
  readonly token: OfferedToken | undefined
  readonly fault: string | undefined
  readonly done: CredentialDone | undefined
  /** Accounts that must be connected again because of what was just done. */
  readonly lost: number
}

export function CredentialPage(props: CredentialPageProps) {
  const { provider, fault, done, lost } = props
  const { oauth, service } = provider.connect
  return (
    <>
      <p class="small">
        <a href={credentialsPath}>Credentials</a>
      </p>
      <PageHead title={provider.title}>{`How people connect accounts of ${service}.`}</PageHead>
      {done ? (
        <Notice kind={lost > 0 ? 'warning' : 'success'} title={doneTitles[done]}>
          <p>{lost > 0 ? `${counted(lost, 'account', 'accounts')} must be connected again.` : doneWords[done]}</p>
        </Notice>
      ) : null}
      {fault ? (
        <Notice kind="error">
          <p>{fault}</p>
        </Notice>
      ) : null}
      {oauth ? <ClientSection {...props} /> : null}
      {props.token ? <SharedSection {...props} token={props.token} /> : null}
    </>
  )
}

const doneTitles: Record<CredentialDone, string> = {
  client: 'Kept',
  token: 'Shared',
  'client-removed': 'Removed',
  'token-removed': 'Removed',
}
const doneWords: Record<CredentialDone, string> = {
  client: 'People can connect their accounts through it from now on.',
  token: 'Everybody here can choose this account from now on.',
  'client-removed': 'Nobody can connect through it any more.',
  'token-removed': 'Nobody can choose that account any more.',
}

function ClientSection({ provider, client, redirectUri, csrfToken, typedClient }: CredentialPageProps) {
  const { oauth, service } = provider.connect
  if (!oauth) return null
  const given = client?.origin === 'environment'
  const count = client?.connections ?? 0
  return (
    <Section
      title="OAuth client"
      lead={`What this server is at ${service}. People who connect an account see its name there and say yes to it.`}
    >
      <div class="flow">
        {client ? (
          <Facts
            items={[
              { term: 'State', detail: <ClientState client={client} /> },
              { term: 'Client id', detail: <code>{client.clientId}</code> },
              { term: 'Client secret', detail: 'kept sealed, never shown' },
              { term: 'Changed', detail: <Moment at={client.updatedAt} /> },
              { term: 'Connected', detail: accounts(count) },
            ]}
          />
        ) : null}
        {given ? (
          <Notice kind="info" title="Given by the environment">
            <p>
              It is changed where the server is started. When the environment no longer gives it, it stays and can be
              changed here.
            </p>
          </Notice>
        ) : null}
        <details class="station" open={client === undefined}>
          <summary>How to register it at {service}</summary>
          <div class="station-body">
            <SetUpSteps {...{ service, setUp: oauth.setUp, redirectUri }} />
          </div>
        </details>
        {given ? null : (
          <details class="station" open={client === undefined || typedClient !== undefined}>
            <summary>{client ? 'Replace it' : 'Enter it'}</summary>
            <div class="station-body">
              {client ? (
                <p>
                  A new secret of the same client changes nothing for anybody.{' '}
                  {count > 0
                    ? `With another client id, ${accounts(count)} must be connected again by ${count === 1 ? 'its person' : 'their people'}.`
                    : ''}
                </p>
              ) : null}
              <ClientForm
                action={`${credentialsPath}/${provider.id}/client`}
                csrfToken={csrfToken}
                known={client !== undefined}
                typed={typedClient}
              />
            </div>
          </details>
        )}
        {client && !given ? (
          <ButtonLink kind="danger" href={`${credentialsPath}/${provider.id}/client/remove`}>
            Remove the client
          </ButtonLink>
        ) : null}
      </div>
    </Section>
  )
}

function SharedSection({ provider, shared, csrfToken, token }: CredentialPageProps & { token: OfferedToken }) {
  const { service } = provider.connect
  const faulty = Object.keys(token.errors).length > 0
  return (
    <Section
      title="Shared account"
      lead={`One account of ${service} that everybody here may choose instead of one of their own. What programs do with it is seen there as done by it, whoever had it done.`}
    >
      <div class="flow">
        {shared ? (
          <Facts
            items={[
              { term: 'Account', detail: shared.label },
              { term: 'Token', detail: 'kept sealed, never shown' },
              { term: 'Changed', detail: <Moment at={shared.updatedAt} /> },
              {
                term: 'Chosen by',
                detail: shared.connections === 0 ? 'nobody yet' : counted(shared.connections, 'person', 'people'),
              },
            ]}
          />
        ) : null}
        <details class="station" open={faulty}>
          <summary>{shared ? 'Replace its token' : 'Share an account'}</summary>
          <div class="station-body">
            <p>
              Make a {token.name} at{' '}
              <a href={token.url} rel="noreferrer" target="_blank">
                {service}
              </a>
              . {token.hint}
            </p>
            <Form action={`${credentialsPath}/${provider.id}/token`} csrfToken={csrfToken}>
              <TokenFields token={token} />
              <Button kind="secondary">{shared ? 'Check and replace' : 'Check and share'}</Button>
            </Form>
          </div>
        </details>
        {shared ? (
          <Actions>
            <ButtonLink kind="danger" href={`${credentialsPath}/${provider.id}/token/remove`}>
              Stop sharing
            </ButtonLink>
          </Actions>
        ) : null}
      </div>
    </Section>
  )
}

function accounts(count: number): string {
  return counted(count, 'account', 'accounts')
}
