// The form of an OAuth client: how it is made at the service, what to register there, and its id and secret.
import { Button, CopyBox, Field, Form } from '../platform/html/components.js'
import type { GivenClient } from '../platform/service-settings.js'
import type { SetUp } from '../providers/connect.js'
import { shown } from '../providers/shown.js'
import type { ConnectedProvider } from './not-connected.js'
import { t } from './t.js'

/** What was typed, without the secret, and what is wrong with it. */
export interface TypedClient {
  readonly clientId: string
  readonly errors: { readonly clientId?: string; readonly clientSecret?: string }
}

const maxLength = 500
const sendable = /^[\x21-\x7e]+$/

/** The client in a form, or what is wrong with it. */
export function readClientForm(body: Readonly<Record<string, unknown>> | undefined): GivenClient | TypedClient {
  const clientId = textOf(body?.clientId)
  const clientSecret = textOf(body?.clientSecret)
  const ofId =
    clientId === ''
      ? t('Copy the client id from the service.')
      : isSendable(clientId)
        ? undefined
        : t('This is no client id. Copy it once more, without spaces.')
  const ofSecret =
    clientSecret === ''
      ? t('Copy the client secret from the service.')
      : isSendable(clientSecret)
        ? undefined
        : t('This is no client secret. Copy it once more, without spaces.')
  if (!ofId && !ofSecret) return { clientId, clientSecret }
  return {
    clientId: clientId.slice(0, maxLength),
    errors: { ...(ofId ? { clientId: ofId } : {}), ...(ofSecret ? { clientSecret: ofSecret } : {}) },
  }
}

export function isTypedClient(client: GivenClient | TypedClient): client is TypedClient {
  return 'errors' in client
}

function isSendable(value: string): boolean {
  return value.length <= maxLength && sendable.test(value)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : ''
}

/** What is done at the service before anything can be entered here, in the reader's language. */
export function setUpOf({ connect, japanese }: ConnectedProvider): SetUp | undefined {
  const setUp = connect.oauth?.setUp
  return setUp && { url: setUp.url, steps: setUp.steps.map((step) => shown({ japanese }, step)) }
}

/** What is done at the service before anything can be entered here. */
export function SetUpSteps({ service, setUp, redirectUri }: { service: string; setUp: SetUp; redirectUri: string }) {
  return (
    <>
      <ol class="steps">
        <li>
          <p>
            {t.rich('Open <a>where {service} keeps its OAuth clients</a>.', {
              service,
              a: (words) => (
                <a href={setUp.url} rel="noreferrer" target="_blank">
                  {words}
                </a>
              ),
            })}
          </p>
        </li>
        {setUp.steps.map((step) => (
          <li>
            <p>{step}</p>
          </li>
        ))}
      </ol>
      <CopyBox label={t('Redirect URI for {service}', { service })} text={redirectUri} />
    </>
  )
}

export interface ClientFieldsProps {
  action: string
  csrfToken: string
  /** Tells apart the forms of one page. */
  known: boolean
  typed: TypedClient | undefined
}

export function ClientForm({ action, csrfToken, known, typed }: ClientFieldsProps) {
  const { errors, clientId } = typed ?? { errors: {}, clientId: '' }
  return (
    <Form action={action} csrfToken={csrfToken}>
      <Field
        label={t('Client id')}
        name="clientId"
        value={clientId}
        autocomplete="off"
        maxlength={maxLength}
        required
        {...(errors.clientId ? { error: errors.clientId } : {})}
      />
      <Field
        label={t('Client secret')}
        name="clientSecret"
        type="password"
        hint={t('It is kept sealed and never shown again.')}
        autocomplete="off"
        maxlength={maxLength}
        required
        {...(errors.clientSecret ? { error: errors.clientSecret } : {})}
      />
      <Button kind="primary">{known ? t('Replace') : t('Keep')}</Button>
    </Form>
  )
}
