// The pages an attempt to connect an account ends on: what happened, what is there now, and the next step.
import { Actions, ButtonLink, Facts, Notice } from '../platform/html/components.js'
import { joined } from '../platform/html/language.js'
import type { Access } from './access-words.js'
import { AccessWords } from './connect.page.js'
import { type ConnectFailureKind, connectFailures, type FailedAttempt, failureWords } from './connect-failure.js'
import { connectionsPath, connectPath } from './connect-link.js'
import { t } from './t.js'

export interface ConnectFailurePageProps {
  readonly kind: ConnectFailureKind
  readonly providerId: string
  readonly service: string
  readonly attempt: FailedAttempt
  readonly administrator: boolean
}

export function ConnectFailurePage({ kind, providerId, service, attempt, administrator }: ConnectFailurePageProps) {
  const { again } = connectFailures[kind]
  const { title, words } = failureWords(kind, service)
  const { scopes, returnTo, connectionId, chosen, expected, detail } = attempt
  const other = kind === 'other-account'
  return (
    <div class="card-decision">
      <p class="eyebrow eyebrow-plain">{t('Connecting {service}', { service })}</p>
      <h1>{title}</h1>
      {other ? (
        <p>
          {t.rich(
            'You came back with {chosen}, and it was {expected} that was to be connected again. Nothing was connected and nothing was overwritten.',
            { chosen: <strong>{chosen}</strong>, expected: <strong>{expected ?? t('another account')}</strong> },
          )}
        </p>
      ) : (
        <p>{words}</p>
      )}
      {detail ? <p>{detail}</p> : null}
      {other ? (
        <p class="small soft">
          {t(
            '{service} may offer the account you are signed in with there. Sign in with the right one first, or in a private window.',
            { service },
          )}
        </p>
      ) : null}
      <Actions>
        {again ? (
          <ButtonLink kind="primary" href={connectPath(providerId, { scopes, returnTo, account: connectionId })}>
            {!other
              ? t('Try again')
              : expected
                ? t('Choose {account}', { account: expected })
                : t('Choose the right one')}
          </ButtonLink>
        ) : null}
        {other ? (
          <ButtonLink href={connectPath(providerId, { scopes, returnTo })}>
            {t('Connect {account} as well', { account: chosen ?? '' })}
          </ButtonLink>
        ) : null}
        {kind === 'client-refused' && administrator ? (
          <ButtonLink kind="primary" href={`/admin/credentials/${providerId}`}>
            {t('Check the client')}
          </ButtonLink>
        ) : null}
        {kind === 'own-client-refused' ? (
          <ButtonLink kind="primary" href={`${connectionsPath}/${providerId}/client`}>
            {t('Check your client')}
          </ButtonLink>
        ) : null}
        <ButtonLink href={connectionsPath}>{t('Your connections')}</ButtonLink>
      </Actions>
    </div>
  )
}

export interface ConnectedPageProps {
  readonly providerId: string
  readonly service: string
  readonly connection: { readonly id: string; readonly label: string }
  /** What programs may do with it now. */
  readonly held: readonly Access[]
  /** What was asked for and not given. */
  readonly missing: readonly Access[]
  /** Titles of tools that will not work without it. */
  readonly without: readonly string[]
  readonly returnTo: string | undefined
}

/** Told when something is missing, and when a program sent the person here. */
export function ConnectedPage({ providerId, service, connection, held, missing, ...props }: ConnectedPageProps) {
  const { without, returnTo } = props
  const more = connectPath(providerId, { scopes: missing.map(({ name }) => name), account: connection.id, returnTo })
  return (
    <div class="card-decision">
      <p class="eyebrow eyebrow-plain">{service}</p>
      <h1>{missing.length > 0 ? t('Connected, but not for everything') : t('Connected')}</h1>
      <Facts
        items={[
          { term: t('Account'), detail: connection.label },
          {
            term: t('Programs may'),
            detail: held.length === 0 ? t('do nothing with it yet') : <AccessList access={held} />,
          },
        ]}
      />
      {missing.length > 0 ? (
        <Notice kind="warning" title={t('Not given')}>
          <p>{t('{service} did not give what this needs:', { service })}</p>
          <AccessList access={missing} />
          {without.length > 0 ? (
            <p>{t('Until you allow it, these do not work: {titles}.', { titles: joined(without) })}</p>
          ) : null}
        </Notice>
      ) : null}
      {returnTo === undefined ? (
        <Notice kind="success" title={t('You can go back to your program')}>
          <p>{t('Have it try again: it finds the account by itself. You can close this page.')}</p>
        </Notice>
      ) : null}
      <Actions>
        {missing.length > 0 ? (
          <ButtonLink kind="primary" href={more}>
            {t('Ask for it again')}
          </ButtonLink>
        ) : null}
        {returnTo === undefined || returnTo.startsWith(connectionsPath) ? null : (
          <ButtonLink kind={missing.length > 0 ? 'secondary' : 'primary'} href={returnTo}>
            {t('Go on')}
          </ButtonLink>
        )}
        <ButtonLink href={connectionsPath}>{t('Your connections')}</ButtonLink>
      </Actions>
    </div>
  )
}

export function AccessList({ access }: { access: readonly Access[] }) {
  return (
    <>
      {access.map((one) => (
        <div>
          <AccessWords access={one} />
        </div>
      ))}
    </>
  )
}
