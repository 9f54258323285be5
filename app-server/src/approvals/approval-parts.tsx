// Parts of the pages of approvals: the call that waits, with its exact arguments, and the buttons that decide it.
import { Actions, Button, ButtonLink, Facts, Moment, Table, Tag } from '../platform/html/components.js'
import type { Approval, ApprovalState } from './approval.js'
import { ExactValue } from './exact-value.js'
import { t } from './t.js'

/** An approval with what it speaks of, in words. */
export interface ShownApproval {
  readonly approval: Approval
  /** What the tool is called; its name when it is not there any more. */
  readonly title: string
  /** What it belongs to. */
  readonly provider: string | undefined
  readonly effect: Effect | undefined
  /** What the program calls itself, made harmless; undefined for a part of ours. */
  readonly program: string | undefined
}

/** What a call of a tool does to the world. */
export type Effect = 'looks' | 'adds' | 'changes'

export function effectWords(effect: Effect): string {
  switch (effect) {
    case 'looks':
      return t('It only looks and changes nothing.')
    case 'adds':
      return t('It adds something and changes nothing that exists.')
    case 'changes':
      return t('It may change or delete something that exists.')
  }
}

const maxRows = 100

export const approvalPath = (id: string) => `/approvals/${id}`

/** Who asks. */
export function Asker({ program, approval }: Pick<ShownApproval, 'program' | 'approval'>) {
  if (program !== undefined) return <>{t('“{program}”', { program })}</>
  return <>{approval.clientId === 'urn:sekisho:chat' ? t('The chat here') : t('A part of this server')}</>
}

/** What is asked, and until when. */
export function CallFacts({ shown }: { shown: ShownApproval }) {
  const { approval, provider, effect } = shown
  return (
    <Facts
      items={[
        { term: t('Asked by'), detail: <Asker {...shown} /> },
        {
          term: t('Tool'),
          detail: (
            <>
              {provider === undefined ? null : `${provider}: `}
              <code>{approval.tool}</code> {effect === undefined ? null : effectWords(effect)}
            </>
          ),
        },
        ...(approval.account === null ? [] : [{ term: t('Account'), detail: approval.account }]),
        { term: t('Asked'), detail: <Moment at={approval.requestedAt} /> },
        ...(approval.decidable ? [{ term: t('Until'), detail: <Moment at={approval.expiresAt} /> }] : []),
      ]}
    />
  )
}

/** The exact arguments while they can be decided about, and what is kept of them afterwards. */
export function CallArguments({ approval }: { approval: Approval }) {
  const all = approval.arguments ?? approval.redacted
  // More than anybody reads line by line are shown as one.
  const given = Object.keys(all).length > maxRows ? [['…', all] as const] : Object.entries(all)
  if (given.length === 0) return <p class="soft">{t('It is called without arguments.')}</p>
  return (
    <>
      {approval.arguments === null ? (
        <p class="soft">{t('What is kept of the arguments; long and secret values are not.')}</p>
      ) : null}
      <Table
        caption={t('Arguments of {tool}', { tool: approval.tool })}
        columns={[{ title: t('Argument') }, { title: t('Value') }]}
        rows={given.map(([name, value]) => [
          <code>{name}</code>,
          <ExactValue value={value} id={`${approval.id}-${name}`} />,
        ])}
      />
    </>
  )
}

/** Buttons for what can be said now; one press decides. `inbox` leads back to the list. */
export function Decide(props: { shown: ShownApproval; csrfToken: string; inbox?: boolean }) {
  const { approval, title } = props.shown
  const { id, state, tool } = approval
  const labelOf = (button: string) => `${button}: ${title} (${tool})`
  const button = (value: string, words: string, kind: 'primary' | 'secondary' | 'danger') => (
    // Named by its id, so that the focus finds it again when the list is renewed.
    <Button {...{ kind, value }} id={`${value}-${id}`} name="decision" label={labelOf(words)}>
      {words}
    </Button>
  )
  return (
    <form class="form" action={`${approvalPath(id)}/decide`} method="post">
      <input type="hidden" name="_csrf" value={props.csrfToken} />
      {props.inbox ? <input type="hidden" name="from" value="inbox" /> : null}
      <Actions>
        {state === 'approved' ? null : button('approve', t('Allow once'), 'primary')}
        {state === 'denied' ? null : button('deny', state === 'approved' ? t('Take it back') : t('Deny'), 'danger')}
        {state === 'pending' ? button('always', t('Allow and do not ask again for this tool'), 'secondary') : null}
        {props.inbox ? (
          <ButtonLink kind="quiet" href={approvalPath(id)} label={t('Open by itself: {title}', { title })}>
            {t('Open by itself')}
          </ButtonLink>
        ) : null}
      </Actions>
    </form>
  )
}

export function StateTag({ state }: { state: ApprovalState }) {
  switch (state) {
    case 'pending':
      return <Tag kind="seal">{t('waits')}</Tag>
    case 'approved':
      return <Tag kind="good">{t('allowed, not done yet')}</Tag>
    case 'used':
      return <Tag kind="good">{t('allowed and done')}</Tag>
    case 'denied':
      return <Tag kind="warn">{t('denied')}</Tag>
    case 'withdrawn':
      return <Tag>{t('taken back')}</Tag>
    case 'expired':
      return <Tag>{t('expired')}</Tag>
  }
}
