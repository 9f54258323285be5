// The page one signs in on, and the pages of a sign-in that did not come about.
import { Actions, Button, ButtonLink, Field, Form, Notice, type NoticeKind, Tag } from '../platform/html/components.js'
import { Mark } from '../platform/html/mark.js'
import { type GoogleFailureKind, googleFailures } from './google-failure.js'
import { signInLink } from './own-path.js'
import { t } from './t.js'

export interface LoginPageProps {
  google: boolean
  development: boolean
  returnTo: string
  formToken: string
  notice?: { kind: NoticeKind; title: string; words: string }
  /** What was typed into the development form, with what is wrong with it. */
  typed?: { name: string; email: string }
  errors?: { name?: string; email?: string }
}

export function LoginPage({ google, development, returnTo, formToken, notice, typed, errors }: LoginPageProps) {
  return (
    <div class="card-decision">
      <Mark size={56} />
      <h1>{t('Sign in')}</h1>
      <p class="soft">
        {returnTo === '/'
          ? t('The checkpoint between your programs and the services they act on.')
          : t('You will go on right where you were.')}
      </p>
      {notice ? (
        <Notice kind={notice.kind} title={notice.title}>
          <p>{notice.words}</p>
        </Notice>
      ) : null}
      {google ? (
        <ButtonLink href={signInLink(returnTo, '/auth/google')} kind="primary" wide>
          {t('Continue with Google')}
        </ButtonLink>
      ) : null}
      {google && development ? <p class="divider">{t('or')}</p> : null}
      {development ? <DevelopmentForm {...{ returnTo, formToken, typed, errors, google }} /> : null}
      {google || development ? null : (
        <Notice kind="warning" title={t('Nobody can sign in yet')}>
          <p>{t('Whoever runs this server must set GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET and start it again.')}</p>
        </Notice>
      )}
    </div>
  )
}

type DevelopmentFormProps = Pick<LoginPageProps, 'returnTo' | 'formToken' | 'typed' | 'errors' | 'google'>

function DevelopmentForm({ returnTo, formToken, typed, errors, google }: DevelopmentFormProps) {
  return (
    <Form action="/auth/development" csrfToken={formToken}>
      <input type="hidden" name="returnTo" value={returnTo} />
      <div>
        <Tag kind="warn">{t('Development')}</Tag>
        <p class="small soft">{t('Anyone who can open this page can be anyone here. Made for trying things out.')}</p>
      </div>
      <Field
        label={t('Name')}
        name="name"
        autocomplete="name"
        maxlength={100}
        required
        autofocus={!google}
        value={typed?.name ?? ''}
        {...(errors?.name ? { error: errors.name } : {})}
      />
      <Field
        label={t('E-mail')}
        name="email"
        type="email"
        autocomplete="email"
        maxlength={254}
        required
        value={typed?.email ?? ''}
        {...(errors?.email ? { error: errors.email } : {})}
      />
      <Button kind={google ? 'secondary' : 'primary'} wide>
        {t('Sign in')}
      </Button>
    </Form>
  )
}

/** Says what happened at Google and what to do. */
export function GoogleFailurePage({ kind, returnTo }: { kind: GoogleFailureKind; returnTo: string }) {
  const { title, words, again } = googleFailures[kind]
  return (
    <div class="card-decision">
      <p class="eyebrow">{t('Google sign-in')}</p>
      <h1>{t(title)}</h1>
      <p>{t(words)}</p>
      <Actions>
        {again ? (
          <ButtonLink kind="primary" href={signInLink(returnTo, '/auth/google')}>
            {t('Try Google again')}
          </ButtonLink>
        ) : null}
        <ButtonLink href={signInLink(returnTo)}>{t('Back to the sign-in page')}</ButtonLink>
      </Actions>
    </div>
  )
}
