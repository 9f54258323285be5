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
import { shown } from '../providers/shown.js'
import { ClientForm, SetUpSteps, setUpOf, type TypedClient } from '../vault/client-form.js'
import type { Credential } from '../vault/credentials.js'
import type { ListedKey } from '../vault/model-pages/models.page.js'
import { SharedModels } from '../vault/model-pages/shared-models.js'
import type { ConnectedProvider } from '../vault/not-connected.js'
import { type OfferedToken, TokenFields, TokenHint } from '../vault/token-fields.js'
import { t } from './t.js'

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
      <PageHead title={t('Credentials')}>
        {t(
          'What people connect their accounts through: an OAuth client of this server at each service, or an account it shares.',
        )}
      </PageHead>
      {services.length === 0 ? (
        <EmptyState title={t('Nothing to set up')}>
          <p>{t('This server has no tools that act at other services.')}</p>
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
  const title = shown(provider, provider.title)
  return (
    <div id={provider.id}>
      <Card title={title}>
        <Facts
          items={[
            ...(oauth ? [{ term: t('OAuth client'), detail: <ClientState {...{ client }} /> }] : []),
            ...(client?.clientId ? [{ term: t('Client id'), detail: <code>{client.clientId}</code> }] : []),
            ...(token ? [{ term: t('Shared account'), detail: shared?.label ?? t('none') }] : []),
            { term: t('Connected'), detail: accounts((client?.connections ?? 0) + (shared?.connections ?? 0)) },
          ]}
        />
        <ButtonLink
          href={`${credentialsPath}/${provider.id}`}
          kind={client || shared || !oauth ? 'secondary' : 'primary'}
          label={
            client
              ? t('Open {tools} ({service})', { tools: title, service })
              : t('Set up {tools} ({service})', { tools: title, service })
          }
        >
          {client ? t('Open') : t('Set up')}
        </ButtonLink>
      </Card>
    </div>
  )
}

function ClientState({ client }: { client: Credential | undefined }) {
  if (!client) return <Tag kind="warn">{t('not set up')}</Tag>
  return (
    <>
      <Tag kind="good">{t('set up')}</Tag>{' '}
      {client.origin === 'environment' ? t('given by the environment') : t('entered here')}
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
        <a href={credentialsPath}>{t('Credentials')}</a>
      </p>
      <PageHead title={shown(provider, provider.title)}>
        {t('How people connect accounts of {service}.', { service })}
      </PageHead>
      {done ? (
        <Notice kind={lost > 0 ? 'warning' : 'success'} title={t(doneTitles[done])}>
          <p>
            {lost > 0
              ? t('{lost, plural, one {# account} other {# accounts}} must be connected again.', { lost })
              : t(doneWords[done])}
          </p>
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

const doneTitles = {
  client: 'Kept',
  token: 'Shared',
  'client-removed': 'Removed',
  'token-removed': 'Removed',
} as const satisfies Record<CredentialDone, string>
const doneWords = {
  client: 'People can connect their accounts through it from now on.',
  token: 'Everybody here can choose this account from now on.',
  'client-removed': 'Nobody can connect through it any more.',
  'token-removed': 'Nobody can choose that account any more.',
} as const satisfies Record<CredentialDone, string>

function ClientSection({ provider, client, redirectUri, csrfToken, typedClient }: CredentialPageProps) {
  const { service } = provider.connect
  const setUp = setUpOf(provider)
  if (!setUp) return null
  const given = client?.origin === 'environment'
  const count = client?.connections ?? 0
  return (
    <Section
      title={t('OAuth client')}
      lead={t('What this server is at {service}. People who connect an account see its name there and say yes to it.', {
        service,
      })}
    >
      <div class="flow">
        {client ? (
          <Facts
            items={[
              { term: t('State'), detail: <ClientState client={client} /> },
              { term: t('Client id'), detail: <code>{client.clientId}</code> },
              { term: t('Client secret'), detail: t('kept sealed, never shown') },
              { term: t('Changed'), detail: <Moment at={client.updatedAt} /> },
              { term: t('Connected'), detail: accounts(count) },
            ]}
          />
        ) : null}
        {given ? (
          <Notice kind="info" title={t('Given by the environment')}>
            <p>
              {t(
                'It is changed where the server is started. When the environment no longer gives it, it stays and can be changed here.',
              )}
            </p>
          </Notice>
        ) : null}
        <details class="station" open={client === undefined}>
          <summary>{t('How to register it at {service}', { service })}</summary>
          <div class="station-body">
            <SetUpSteps {...{ service, setUp, redirectUri }} />
          </div>
        </details>
        {given ? null : (
          <details class="station" open={client === undefined || typedClient !== undefined}>
            <summary>{client ? t('Replace it') : t('Enter it')}</summary>
            <div class="station-body">
              {client ? (
                <p>
                  {count > 0
                    ? t(
                        'A new secret of the same client changes nothing for anybody. With another client id, {count, plural, one {# account must be connected again by its person} other {# accounts must be connected again by their people}}.',
                        { count },
                      )
                    : t('A new secret of the same client changes nothing for anybody.')}
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
            {t('Remove the client')}
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
      title={t('Shared account')}
      lead={t(
        'One account of {service} that everybody here may choose instead of one of their own. What programs do with it is seen there as done by it, whoever had it done.',
        { service },
      )}
    >
      <div class="flow">
        {shared ? (
          <Facts
            items={[
              { term: t('Account'), detail: shared.label },
              { term: t('Token'), detail: t('kept sealed, never shown') },
              { term: t('Changed'), detail: <Moment at={shared.updatedAt} /> },
              {
                term: t('Chosen by'),
                detail:
                  shared.connections === 0
                    ? t('nobody yet')
                    : t('{people, plural, one {# person} other {# people}}', { people: shared.connections }),
              },
            ]}
          />
        ) : null}
        <details class="station" open={faulty}>
          <summary>{shared ? t('Replace its token') : t('Share an account')}</summary>
          <div class="station-body">
            <TokenHint token={token} service={service} />
            <Form action={`${credentialsPath}/${provider.id}/token`} csrfToken={csrfToken}>
              <TokenFields token={token} />
              <Button kind="secondary">{shared ? t('Check and replace') : t('Check and share')}</Button>
            </Form>
          </div>
        </details>
        {shared ? (
          <Actions>
            <ButtonLink kind="danger" href={`${credentialsPath}/${provider.id}/token/remove`}>
              {t('Stop sharing')}
            </ButtonLink>
          </Actions>
        ) : null}
      </div>
    </Section>
  )
}

function accounts(count: number): string {
  return t('{count, plural, one {# account} other {# accounts}}', { count })
}
