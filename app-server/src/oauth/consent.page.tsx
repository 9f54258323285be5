// The question a person answers before a program may act for them, and what they see when the answer is on its way.

import { Actions, Button, ButtonLink, Choice, Facts, Form, Notice, Tag } from '../platform/html/components.js'
import type { Viewer } from '../platform/html/pages.js'
import type { RedirectTarget } from './redirect-target.js'
import type { ScopeGroup } from './scope-words.js'

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
      <p class="eyebrow">A program asks to pass</p>
      <h1>Let “{program}” act for you?</h1>
      <Facts
        items={[
          { term: 'Calls itself', detail: `“${program}”` },
          {
            term: 'Who it is',
            detail: publisher
              ? `Described at ${publisher}`
              : 'It registered itself here. Nobody has checked who made it.',
          },
          { term: 'Returns to', detail: <Destination target={target} /> },
          {
            term: 'Acts as',
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
      <Notice kind="warning" title="Did you start this yourself?">
        <p>Allow it only if you have just connected this program. Otherwise deny it: somebody may want your access.</p>
      </Notice>
      {nothingChosen ? (
        <Notice kind="error" title="Nothing was allowed">
          <p>Leave at least one box ticked, or deny it.</p>
        </Notice>
      ) : null}
      <Form action={`/interaction/${uid}`} csrfToken={csrfToken}>
        <p>It may then, until you withdraw it:</p>
        {groups.map(({ title, byAccount, scopes }) => (
          <fieldset class="choices">
            <legend>{byAccount ? `${title}, once you connect an account` : title}</legend>
            {scopes.map(({ name, allows, writes }) => (
              <Choice
                name="scope"
                value={name}
                checked
                label={
                  <>
                    {allows} {writes ? <Tag kind="warn">makes changes</Tag> : null}
                  </>
                }
              />
            ))}
          </fieldset>
        ))}
        <Actions>
          <Button name="decision" value="allow">
            Allow
          </Button>
          <Button name="decision" value="deny" kind="secondary">
            Deny
          </Button>
        </Actions>
      </Form>
      <Form action={`/interaction/${uid}/switch`} csrfToken={csrfToken} inline>
        <Button kind="quiet">Use another account</Button>
      </Form>
    </div>
  )
}

function Destination({ target }: { target: RedirectTarget }) {
  switch (target.kind) {
    case 'computer':
      return (
        <>
          a program on this computer (<code>{target.name}</code>)
        </>
      )
    case 'app':
      return (
        <>
          the application on this device that opens <code>{target.name}</code> links
        </>
      )
    case 'site':
      return (
        <>
          the web site <strong>{target.name}</strong>
        </>
      )
  }
}

/** After the answer to an application: the browser stays here while the application takes over. */
export function AnsweredPage({ program, allowed, goOn }: { program: string; allowed: boolean; goOn: string }) {
  return (
    <div class="card-decision">
      <h1>{allowed ? 'Allowed' : 'Denied'}</h1>
      <p>
        {allowed
          ? `Go back to “${program}”. You can close this window.`
          : `“${program}” was told that you did not allow it. You can close this window.`}
      </p>
      <Actions>
        <ButtonLink href={goOn}>Open the application</ButtonLink>
        <ButtonLink href="/programs" kind="quiet">
          See your programs
        </ButtonLink>
      </Actions>
    </div>
  )
}
