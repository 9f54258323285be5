// The question a person answers before a program may act for them, and what they see when the answer is on its way.

import { Actions, Button, ButtonLink, Choice, Facts, Form, Notice, Tag } from '../platform/html/components.js'
import type { Viewer } from '../platform/html/pages.js'
import type { RedirectTarget } from './redirect-target.js'
import type { ScopeGroup } from './scope-words.js'
import { t } from './t.js'

export interface ConsentPageProps {
  uid: string
  viewer: Viewer
  csrfToken: string
  /** The program's own claim, made harmless. */
  program: string
  /** The site that publishes the program's description; undefined when it registered itself. */
  publisher: string | undefined
  target: RedirectTarget
  groups: readonly ScopeGroup[]
  /** The person allowed it without leaving anything to allow. */
  nothingChosen?: boolean
}

export function ConsentPage(props: ConsentPageProps) {
  const { uid, viewer, csrfToken, program, publisher, target, groups, nothingChosen } = props
  return (
    <div class="card-decision">
      <p class="eyebrow">{t('A program asks to pass')}</p>
      <h1>{t('Let “{program}” act for you?', { program })}</h1>
      <Facts
        items={[
          { term: t('Calls itself'), detail: t('“{name}”', { name: program }) },
          {
            term: t('Who it is'),
            detail: publisher
              ? t('Described at {site}', { site: publisher })
              : t('It registered itself here. Nobody has checked who made it.'),
          },
          { term: t('Returns to'), detail: <Destination target={target} /> },
          {
            term: t('Acts as'),
            detail: (
              <>
                {viewer.name}
                <br />
                {viewer.email}
              </>
            ),
          },
        ]}
      />
      <Notice kind="warning" title={t('Did you start this yourself?')}>
        <p>
          {t(
            'Allow it only if you have just connected this program. Otherwise deny it: somebody may want your access.',
          )}
        </p>
      </Notice>
      {nothingChosen ? (
        <Notice kind="error" title={t('Nothing was allowed')}>
          <p>{t('Leave at least one box ticked, or deny it.')}</p>
        </Notice>
      ) : null}
      <Form action={`/interaction/${uid}`} csrfToken={csrfToken}>
        <p>{t('It may then, until you withdraw it:')}</p>
        {groups.map(({ title, byAccount, scopes }) => (
          <fieldset class="choices">
            <legend>{byAccount ? t('{service}, once you connect an account', { service: title }) : title}</legend>
            {scopes.map(({ name, allows, writes }) => (
              <Choice
                name="scope"
                value={name}
                checked
                label={
                  <>
                    {allows} {writes ? <Tag kind="warn">{t('makes changes')}</Tag> : null}
                  </>
                }
              />
            ))}
          </fieldset>
        ))}
        <Actions>
          <Button name="decision" value="allow">
            {t('Allow')}
          </Button>
          <Button name="decision" value="deny" kind="secondary">
            {t('Deny')}
          </Button>
        </Actions>
      </Form>
      <Form action={`/interaction/${uid}/switch`} csrfToken={csrfToken} inline>
        <Button kind="quiet">{t('Use another account')}</Button>
      </Form>
    </div>
  )
}

function Destination({ target }: { target: RedirectTarget }) {
  const code = <code>{target.name}</code>
  switch (target.kind) {
    case 'computer':
      return <>{t.rich('a program on this computer ({address})', { address: code })}</>
    case 'app':
      return <>{t.rich('the application on this device that opens {scheme} links', { scheme: code })}</>
    case 'site':
      return <>{t.rich('the web site {address}', { address: <strong>{target.name}</strong> })}</>
  }
}

/** After the answer to an application: the browser stays here while the application takes over. */
export function AnsweredPage({ program, allowed, goOn }: { program: string; allowed: boolean; goOn: string }) {
  return (
    <div class="card-decision">
      <h1>{allowed ? t('Allowed') : t('Denied')}</h1>
      <p>
        {allowed
          ? t('Go back to “{program}”. You can close this window.', { program })
          : t('“{program}” was told that you did not allow it. You can close this window.', { program })}
      </p>
      <Actions>
        <ButtonLink href={goOn}>{t('Open the application')}</ButtonLink>
        <ButtonLink href="/programs" kind="quiet">
          {t('See your programs')}
        </ButtonLink>
      </Actions>
    </div>
  )
}
