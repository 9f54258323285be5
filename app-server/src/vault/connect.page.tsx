// The page an account is connected on: what will be asked for, through which client, or with which token.
import { Actions, Button, ButtonLink, Choice, Facts, Form, Notice, Tag } from '../platform/html/components.js'
import type { Viewer } from '../platform/html/pages.js'
import type { Access } from './access-words.js'
import { connectionsPath } from './connect-link.js'
import { t } from './t.js'
import { type OfferedToken, TokenFields, TokenHint } from './token-fields.js'

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
      <p class="eyebrow eyebrow-plain">{title === service ? t('Connections') : `${t('Connections')} · ${title}`}</p>
      <h1>{headingOf(props)}</h1>
      <p>
        {t(
          'Programs you allow here can then use this account of yours, each as far as you let it. Only {name} ({email}) uses it here, and you can disconnect it at any time.',
          { name: viewer.name, email: viewer.email },
        )}
      </p>
      {fault ? (
        <Notice kind="error">
          <p>{fault}</p>
        </Notice>
      ) : null}
      {consent?.client ? <ConsentForm {...props} consent={consent} /> : null}
      <OtherWays {...props} />
      {ready ? null : <NotSetUp {...props} />}
      {consent?.client ? null : <ButtonLink href={returnTo ?? connectionsPath}>{t('Cancel')}</ButtonLink>}
    </div>
  )
}

function headingOf({ service, account }: ConnectPageProps): string {
  if (!account) return t('Connect {service}', { service })
  const { label } = account
  return account.more
    ? t('Allow more for {account}', { account: label })
    : t('Connect {account} again', { account: label })
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
          <p>{account?.keeps ? t('They already may:') : t('They may then:')}</p>
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
            <p class="small soft">{t('At {service} you choose yourself what of it this includes.', { service })}</p>
          ) : null}
        </div>
      ) : null}
      {chosen.length > 0 ? (
        <fieldset class="choices">
          <legend>{fixed.length > 0 && account?.keeps ? t('They may also') : t('They may then')}</legend>
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
                    hint: t(
                      '{service} has one permission for all of it. Each program still gets only what you allow it.',
                      { service },
                    ),
                  }
                : {})}
            />
          ))}
        </fieldset>
      ) : null}
      <Facts
        items={[
          {
            term: t('Through'),
            detail: consent.client?.own
              ? t('your own OAuth client, {id}', { id: consent.client.clientId })
              : t('the OAuth client of this server'),
          },
          ...(account
            ? [
                {
                  term: t('At {service}', { service }),
                  detail: t('choose {account} again', { account: account.label }),
                },
              ]
            : []),
        ]}
      />
      <Actions>
        <Button>{t('Continue to {service}', { service })}</Button>
        <ButtonLink href={returnTo ?? connectionsPath}>{t('Cancel')}</ButtonLink>
      </Actions>
    </Form>
  )
}

export function AccessWords({ access: { allows, writes } }: { access: Access }) {
  return (
    <>
      {allows} {writes ? <Tag kind="warn">{t('makes changes')}</Tag> : null}
    </>
  )
}

/** By a token or the shared account; beside a consent they are folded away. */
function OtherWays(props: ConnectPageProps) {
  const { consent, token, shared, account } = props
  const ways = [
    shared === undefined || account
      ? undefined
      : { title: t('Use the shared account'), form: <SharedForm {...{ ...props, shared }} /> },
    token && { title: t('Enter your {token}', { token: token.name }), form: <TokenForm {...{ ...props, token }} /> },
  ].filter((way) => way !== undefined)
  if (ways.length === 0) return null
  const faulty = token !== undefined && (Object.keys(token.errors).length > 0 || Object.keys(token.typed).length > 0)
  if (!consent?.client && ways.length === 1) return <div>{ways[0]?.form}</div>
  return (
    <div class="ways">
      <h2>{consent?.client ? t('Or without leaving this site') : t('Choose how')}</h2>
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
        {t(
          'Whoever runs this server shares the account “{account}” with everybody here. What programs do with it is seen there as done by it, not by you.',
          { account: shared },
        )}
      </p>
      <Form action={`${connectionsPath}/${providerId}/shared`} csrfToken={csrfToken}>
        <Along account={undefined} returnTo={returnTo} />
        <Button kind={consent?.client ? 'secondary' : 'primary'}>{t('Use it')}</Button>
      </Form>
    </>
  )
}

function TokenForm(props: ConnectPageProps & { token: OfferedToken }) {
  const { csrfToken, providerId, service, account, returnTo, token, consent } = props
  return (
    <>
      <TokenHint token={token} service={service} />
      <Form action={`${connectionsPath}/${providerId}/token`} csrfToken={csrfToken}>
        <Along {...{ account, returnTo }} />
        <TokenFields token={token} />
        <Button kind={consent?.client ? 'secondary' : 'primary'}>{t('Check and connect')}</Button>
      </Form>
    </>
  )
}

function NotSetUp({ service, providerId, viewer, consent }: ConnectPageProps) {
  return (
    <>
      <Notice kind="warning" title={t('Not set up yet')}>
        <p>
          {viewer.administrator
            ? t(
                'Nobody can connect {service} before this server has an OAuth client there. You are an administrator: enter one.',
                { service },
              )
            : t(
                'Whoever runs this server has not set up {service}. Ask them to do so on the page “Credentials”, or enter an OAuth client of your own.',
                { service },
              )}
        </p>
      </Notice>
      <Actions>
        {viewer.administrator ? (
          <ButtonLink kind="primary" href={`/admin/credentials/${providerId}`}>
            {t('Set up {service}', { service })}
          </ButtonLink>
        ) : null}
        {consent ? (
          <ButtonLink href={`${connectionsPath}/${providerId}/client`}>
            {t('Use an OAuth client of your own')}
          </ButtonLink>
        ) : null}
      </Actions>
    </>
  )
}
