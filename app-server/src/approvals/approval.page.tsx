// The page of one approval, where a link from a program leads: what would be done, and the word on it.
import { Actions, ButtonLink, Card, Notice, PageHead, Section } from '../platform/html/components.js'
import { CallArguments, CallFacts, Decide, type ShownApproval } from './approval-parts.js'
import { t } from './t.js'

export interface ApprovalPageProps {
  csrfToken: string
  shown: ShownApproval
  /** Whether the reader has just decided it. */
  done: boolean
  /** Why what they have just tried was not done. */
  refusal: string | undefined
}

export function ApprovalPage({ csrfToken, shown, done, refusal }: ApprovalPageProps) {
  const { approval, title } = shown
  return (
    <>
      <PageHead title={title} actions={<ButtonLink href="/approvals">{t('All approvals')}</ButtonLink>}>
        {approval.state === 'pending' ? t('A program wants to do this for you. It waits for your word.') : null}
      </PageHead>
      {refusal === undefined ? null : (
        <Notice kind="error">
          <p>{refusal}</p>
        </Notice>
      )}
      <State {...{ shown, done }} />
      <Card title={t('The call')}>
        <CallFacts shown={shown} />
      </Card>
      <Section title={t('Arguments')}>
        <CallArguments approval={approval} />
        {approval.decidable ? <Decide {...{ shown, csrfToken }} /> : null}
      </Section>
      <Actions>
        <ButtonLink kind="quiet" href="/approvals/tools">
          {t('When to ask')}
        </ButtonLink>
      </Actions>
    </>
  )
}

function State({ shown: { approval }, done }: { shown: ShownApproval; done: boolean }) {
  const kind = done ? 'success' : 'info'
  switch (approval.state) {
    case 'pending':
      return null
    case 'approved':
      return (
        <Notice kind={kind} title={t('Allowed')}>
          <p>
            {t('It may be done once, with exactly these arguments. Go back to the program: it goes on, or tell it to.')}
          </p>
        </Notice>
      )
    case 'denied':
      return (
        <Notice kind={kind} title={t('Denied')}>
          <p>
            {approval.decidable
              ? t('It is not done, and the program is told so. For a while you can still change your mind.')
              : t('It was not done.')}
          </p>
        </Notice>
      )
    case 'used':
      return (
        <Notice kind={kind} title={t('Allowed')}>
          <p>{t('The call has been made. To do the same again, the program has to ask again.')}</p>
        </Notice>
      )
    case 'withdrawn':
      return (
        <Notice title={t('Taken back')}>
          <p>{t('The program does not ask for this any more, because you said no there.')}</p>
        </Notice>
      )
    case 'expired':
      return (
        <Notice title={t('Expired')}>
          <p>{t('The time for it is over, and it was not done. When the program calls again, you are asked again.')}</p>
        </Notice>
      )
  }
}
