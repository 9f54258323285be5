// The inbox of approvals: calls that wait for the reader's word, and below them what became of earlier ones.
import { Ago, ButtonLink, Card, EmptyState, Notice, PageHead, Section, Table } from '../platform/html/components.js'
import { liveWords } from '../platform/html/live-words.js'
import {
  Asker,
  approvalPath,
  CallArguments,
  CallFacts,
  Decide,
  type ShownApproval,
  StateTag,
} from './approval-parts.js'
import { t } from './t.js'

/** Longer arguments, in characters of JSON, are looked at on a page of their own. */
const shownInList = 20_000
const refreshSeconds = 4

export interface InboxProps {
  csrfToken: string
  pending: readonly ShownApproval[]
  past: readonly ShownApproval[]
  /** The one that was decided a moment ago. */
  done: ShownApproval | undefined
}

export function InboxPage({ csrfToken, pending, past, done }: InboxProps) {
  return (
    <>
      <PageHead title={t('Approvals')} actions={<ButtonLink href="/approvals/tools">{t('When to ask')}</ButtonLink>}>
        {t('What programs want to do for you and may not do without your word. Each word is good for one call.')}
      </PageHead>
      {done ? <DoneNotice done={done} /> : null}
      <p class="live-state">
        <span data-live-words>{t('Reload the page to see what is new.')}</span>{' '}
        <button class="button button-quiet" type="button" data-live-pause="waiting" hidden>
          {t('Pause')}
        </button>
      </p>
      <p class="visually-hidden" role="status" id="waiting-said" />
      <div id="waiting" data-live="/approvals/waiting" data-live-seconds={refreshSeconds} data-words={liveWords()}>
        <Waiting {...{ csrfToken, pending }} />
      </div>
      <Section title={t('Earlier')} lead={t('Of the last 30 days, the newest first.')}>
        {past.length === 0 ? (
          <p class="soft">{t('Nothing yet.')}</p>
        ) : (
          <Table
            caption={t('Earlier approvals')}
            columns={[{ title: t('What') }, { title: t('Asked by') }, { title: t('Asked') }, { title: t('Outcome') }]}
            rows={past.map((shown) => [
              <a href={approvalPath(shown.approval.id)}>{shown.title}</a>,
              <Asker {...shown} />,
              <Ago at={shown.approval.requestedAt} />,
              <StateTag state={shown.approval.state} />,
            ])}
          />
        )}
      </Section>
    </>
  )
}

/** The part that is renewed while the page is open. The oldest first, so that a new one moves no other. */
export function Waiting({ csrfToken, pending }: Pick<InboxProps, 'csrfToken' | 'pending'>) {
  return (
    <>
      <p class="visually-hidden" data-live-summary>
        {t('{count, plural, =0 {Nothing waits for you.} one {# call waits for you.} other {# calls wait for you.}}', {
          count: pending.length,
        })}
      </p>
      {pending.length === 0 ? (
        <EmptyState title={t('Nothing waits for you')}>
          <p>{t('When a program wants to do something that needs your word, it shows up here.')}</p>
        </EmptyState>
      ) : (
        <div class="flow">
          {pending.map((shown) => (
            <Card title={shown.title}>
              <CallFacts shown={shown} />
              {JSON.stringify(shown.approval.arguments).length > shownInList ? (
                <>
                  <p>{t('The arguments are too long for this list.')}</p>
                  <ButtonLink kind="primary" href={approvalPath(shown.approval.id)}>
                    {t('Look at them and decide')}
                  </ButtonLink>
                </>
              ) : (
                <>
                  <CallArguments approval={shown.approval} />
                  <Decide {...{ shown, csrfToken }} inbox />
                </>
              )}
            </Card>
          ))}
        </div>
      )}
    </>
  )
}

/** Only what is so now: an old link tells nothing. */
function DoneNotice({ done: { approval, title } }: { done: ShownApproval }) {
  if (approval.state === 'denied') {
    return (
      <Notice kind="success" title={t('Denied')}>
        <p>{t('“{title}” is not done. The program is told so.', { title })}</p>
      </Notice>
    )
  }
  if (approval.state === 'approved' || approval.state === 'used') {
    return (
      <Notice kind="success" title={t('Allowed')}>
        <p>{t('“{title}” may be done once, with exactly these arguments.', { title })}</p>
      </Notice>
    )
  }
  return null
}
