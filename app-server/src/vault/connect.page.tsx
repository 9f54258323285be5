// The page an account is connected on: what will be asked for, through which client, or with which token.
import { Actions, Button, ButtonLink, Choice, Facts, Field, Form, Notice, Tag } from '../platform/html/components.js'
import type { Viewer } from '../platform/html/pages.js'
import type { SetUp, TokenConnect } from '../providers/connect.js'
import type { Access } from './access-words.js'
import { connectionsPath } from './connect-link.js'

/** One choice on the page: one of our scopes, or several that the service does not tell apart. */
export interface OfferedAccess {
  readonly access: readonly Access[]
  readonly checked: boolean
  /** It is there in any case: the account has it, or the service has no scope for it. */
  readonly fixed: boolean
}

/** How a consent is asked for; undefined where the service has no OAuth. */
export interface OfferedConsent {
  /** Undefined: nobody has entered one. */
  readonly client: { readonly own: boolean; readonly clientId: string } | undefined
  readonly setUp: SetUp
}

export interface OfferedToken extends TokenConnect {
  /** What was typed before, without the token. */
  readonly typed: Readonly<Record<string, string>>
  /** What is wrong with it, by the name of the field. */
  readonly errors: Readonly<Record<string, string>>
}

/** The account that is connected anew. */
export interface AccountAgain {
  readonly id: string
  readonly label: string
  /** It has access that is good now and stays. */
  readonly keeps: boolean
  /** It is to get more. */
  readonly more: boolean
}

export interface ConnectPageProps {
  readonly viewer: Viewer
  readonly csrfToken: string
  readonly providerId: string
  /** As in our list, e.g. "Calendar". */
  readonly title: string
  /** As people know it, e.g. "Google". */
  readonly service: string
  readonly access: readonly OfferedAccess[]
  readonly account: AccountAgain | undefined
  readonly consent: OfferedConsent | undefined
  readonly token: OfferedToken | undefined
  /** The name of the account that the operator shares. */
  readonly shared: string | undefined
  readonly returnTo: string | undefined
  /** What stands in the way of what was just tried. */
  readonly fault?: string | undefined
}

export function ConnectPage(props: ConnectPageProps) {
  const { service, title, consent, token, shared, viewer, returnTo, fault } = props
  const ready = consent?.client !== undefined || token !== undefined || shared !== undefined
  return (
    <div class="card-decision">
      <p class="eyebrow eyebrow-plain">{title === service ? 'Connections' : `Connections · ${title}`}</p>
      <h1>{headingOf(props)}</h1>
      <p>
        Programs you allow here can then use this account of yours, each as far as you let it. Only {viewer.name} (
        {viewer.email}) uses it here, and you can disconnect it at any time.
      </p>
      {fault ? (
        <Notice kind="error">
          <p>{fault}</p>
        </Notice>
      ) : null}
      {consent?.client ? <ConsentForm {...props} consent={consent} /> : null}
      <OtherWays {...props} />
      {ready ? null : <NotSetUp {...props} />}
      {consent?.client ? null : <ButtonLink href={returnTo ?? connectionsPath}>Cancel</ButtonLink>}
    </div>
  )
}

function headingOf({ service, account }: ConnectPageProps): string {
  if (!account) return `Connect ${service}`
  return account.more ? `Allow more for ${account.label}` : `Connect ${account.label} again`
}

/** What goes along with every form, so that the answer knows what was meant. */
function Along({ account, returnTo }: Pick<ConnectPageProps, 'account' | 'returnTo'>) {
  return (
    <>
      {account ? <input type="hidden" name="account" value={account.id} /> : null}
      {returnTo === undefined ? null : <input type="hidden" name="returnTo" value={returnTo} />}
    </>
  )
}

function ConsentForm(props: ConnectPageProps & { consent: OfferedConsent }) {
  const { csrfToken, providerId, service, access, account, consent, returnTo } = props
  const chosen = access.filter(({ fixed }) => !fixed)
  const fixed = access.filter((one) => one.fixed)
  return (
    <Form action={`${connectionsPath}/${providerId}/connect`} csrfToken={csrfToken}>
      <Along {...{ account, returnTo }} />
      {fixed.length > 0 ? (
        <div>
          <p>{account?.keeps ? 'They already may:' : 'They may then:'}</p>
          <ul class="effects">
            {fixed
              .flatMap((one) => one.access)
              .map((one) => (
                <li>
                  <AccessWords access={one} />
                </li>
              ))}
          </ul>
          {chosen.length === 0 && !account?.keeps ? (
            <p class="small soft">At {service} you choose yourself what of it this includes.</p>
          ) : null}
        </div>
      ) : null}
      {chosen.length > 0 ? (
        <fieldset class="choices">
          <legend>{fixed.length > 0 && account?.keeps ? 'They may also' : 'They may then'}</legend>
          {chosen.map((one) => (
            <Choice
              name="scopes"
              value={one.access.map(({ name }) => name).join(' ')}
              checked={one.checked}
              label={one.access.map((access, index) => (
                <>
                  {index > 0 ? <br /> : null}
                  <AccessWords access={access} />
                </>
              ))}
              {...(one.access.length > 1
                ? {
                    hint: `${service} has one permission for all of it. Each program still gets only what you allow it.`,
                  }
                : {})}
            />
          ))}
        </fieldset>
      ) : null}
      <Facts
        items={[
          {
            term: 'Through',
            detail: consent.client?.own
              ? `your own OAuth client, ${consent.client.clientId}`
              : 'the OAuth client of this server',
          },
          ...(account ? [{ term: `At ${service}`, detail: `choose ${account.label} again` }] : []),
        ]}
      />
      <Actions>
        <Button>Continue to {service}</Button>
        <ButtonLink href={returnTo ?? connectionsPath}>Cancel</ButtonLink>
      </Actions>
    </Form>
  )
}

export function AccessWords({ access: { allows, writes } }: { access: Access }) {
  return (
    <>
      {allows} {writes ? <Tag kind="warn">makes changes</Tag> : null}
    </>
  )
}

/** By a token or the shared account; beside a consent they are folded away. */
function OtherWays(props: ConnectPageProps) {
  const { consent, token, shared, account } = props
  const ways = [
    shared === undefined || account
      ? undefined
      : { title: 'Use the shared account', form: <SharedForm {...{ ...props, shared }} /> },
    token && { title: `Enter your ${token.name}`, form: <TokenForm {...{ ...props, token }} /> },
  ].filter((way) => way !== undefined)
  if (ways.length === 0) return null
  const faulty = token !== undefined && (Object.keys(token.errors).length > 0 || Object.keys(token.typed).length > 0)
  if (!consent?.client && ways.length === 1) return <div>{ways[0]?.form}</div>
  return (
    <div class="ways">
      <h2>{consent?.client ? 'Or without leaving this site' : 'Choose how'}</h2>
      {ways.map(({ title, form }, index) => (
        <details class="station" open={faulty && index === ways.length - 1}>
          <summary>{title}</summary>
          <div class="station-body">{form}</div>
        </details>
      ))}
    </div>
  )
}

function SharedForm({ csrfToken, providerId, returnTo, shared, consent }: ConnectPageProps & { shared: string }) {
  return (
    <>
      <p>
        Whoever runs this server shares the account “{shared}” with everybody here. What programs do with it is seen
        there as done by it, not by you.
      </p>
      <Form action={`${connectionsPath}/${providerId}/shared`} csrfToken={csrfToken}>
        <Along account={undefined} returnTo={returnTo} />
        <Button kind={consent?.client ? 'secondary' : 'primary'}>Use it</Button>
      </Form>
    </>
  )
}

function TokenForm(props: ConnectPageProps & { token: OfferedToken }) {
  const { csrfToken, providerId, service, account, returnTo, token, consent } = props
  return (
    <>
      <p>
        Make a {token.name} at{' '}
        <a href={token.url} rel="noreferrer" target="_blank">
          {service}
        </a>
        . {token.hint}
      </p>
      <Form action={`${connectionsPath}/${providerId}/token`} csrfToken={csrfToken}>
        <Along {...{ account, returnTo }} />
        <TokenFields token={token} />
        <Button kind={consent?.client ? 'secondary' : 'primary'}>Check and connect</Button>
      </Form>
    </>
  )
}

/** The fields of a token; what was typed is there again, the token never. */
export function TokenFields({ token }: { token: OfferedToken }) {
  const { name, typed, errors } = token
  const faultOf = (field: string) => (errors[field] ? { error: errors[field] } : {})
  return (
    <>
      {(token.fields ?? []).map((field) => (
        <Field
          label={field.label}
          name={`field.${field.name}`}
          type={field.type}
          hint={field.hint}
          value={typed[field.name] ?? ''}
          maxlength={maxFieldLength}
          required
          {...faultOf(field.name)}
        />
      ))}
      <Field
        label={`${name[0]?.toUpperCase()}${name.slice(1)}`}
        name="token"
        type="password"
        hint="It is asked about at once, kept sealed, and never shown again."
        autocomplete="off"
        maxlength={maxTokenLength}
        required
        {...faultOf('token')}
      />
    </>
  )
}

/** Longest token and longest value beside one, in characters. */
export const maxTokenLength = 4_000
export const maxFieldLength = 500

function NotSetUp({ service, providerId, viewer, consent }: ConnectPageProps) {
  return (
    <>
      <Notice kind="warning" title="Not set up yet">
        <p>
          {viewer.administrator
            ? `Nobody can connect ${service} before this server has an OAuth client there. You are an administrator: enter one.`
            : `Whoever runs this server has not set up ${service}. Ask them to do so on the page “Credentials”, or enter an OAuth client of your own.`}
        </p>
      </Notice>
      <Actions>
        {viewer.administrator ? (
          <ButtonLink kind="primary" href={`/admin/credentials/${providerId}`}>
            Set up {service}
          </ButtonLink>
        ) : null}
        {consent ? (
          <ButtonLink href={`${connectionsPath}/${providerId}/client`}>Use an OAuth client of your own</ButtonLink>
        ) : null}
      </Actions>
    </>
  )
}
