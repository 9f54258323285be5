// The page of my sessions, and the question before many of them end at once.
import {
  Actions,
  Ago,
  Button,
  ButtonLink,
  Form,
  Moment,
  Notice,
  PageHead,
  Table,
  Tag,
} from '../platform/html/components.js'
import { deviceOf } from './device.js'
import type { Session, SessionRow } from './session.js'
import { t } from './t.js'

/** What was just done, by the word the redirect carries. */
const done = {
  ended: { kind: 'success', title: 'Session ended', words: 'That browser is signed out.' },
  others: { kind: 'success', title: 'Other sessions ended', words: 'You are now signed in only here.' },
  gone: { kind: 'info', title: 'Nothing to end', words: 'That session had already ended.' },
} as const

export type SessionsDone = keyof typeof done

export function isSessionsDone(value: unknown): value is SessionsDone {
  return typeof value === 'string' && Object.hasOwn(done, value)
}

export interface SessionsPageProps {
  session: Session
  rows: readonly SessionRow[]
  done?: SessionsDone
}

export function SessionsPage({ session, rows, done: word }: SessionsPageProps) {
  const others = rows.filter(({ id }) => id !== session.id)
  const notice = word && done[word]
  return (
    <>
      <PageHead
        title={t('Sessions')}
        actions={
          others.length > 0 ? (
            <>
              <ButtonLink href="/account/sessions/end?which=others" kind="danger">
                {t('End all others')}
              </ButtonLink>
              <ButtonLink href="/account/sessions/end?which=all" kind="quiet">
                {t('End all')}
              </ButtonLink>
            </>
          ) : null
        }
      >
        {t('Browsers in which you are signed in. End any you do not recognise.')}
      </PageHead>
      {notice ? (
        <Notice kind={notice.kind} title={t(notice.title)}>
          <p>{t(notice.words)}</p>
        </Notice>
      ) : null}
      <Table
        caption={t('Your sessions')}
        columns={[
          { title: t('Device') },
          { title: t('Address') },
          { title: t('Signed in') },
          { title: t('Last seen') },
          { title: t('End'), actions: true },
        ]}
        rows={[...rows.filter(({ id }) => id === session.id), ...others].map((row) => cells(row, session))}
      />
      {others.length === 0 ? <p class="section soft">{t('You are signed in nowhere else.')}</p> : null}
      <p class="section soft">
        {t.rich('Looking for the programs that act for you? They have their own access: see <a>Programs</a>.', {
          a: (words) => <a href="/programs">{words}</a>,
        })}
      </p>
    </>
  )
}

function cells(row: SessionRow, session: Session) {
  const device = deviceOf(row.userAgent)
  const here = row.id === session.id
  return [
    <span class="device">
      <strong>{device}</strong> {here ? <Tag kind="good">{t('This browser')}</Tag> : null}
    </span>,
    row.address,
    <Moment at={row.createdAt} />,
    here ? t('now') : <Ago at={row.lastSeenAt} />,
    <Form action={`/account/sessions/${row.id}/end`} csrfToken={session.csrfToken} inline>
      <Button
        kind="secondary"
        label={
          here
            ? t('Sign out of this browser')
            : t('End the session of {device} at {address}', { device, address: row.address })
        }
      >
        {here ? t('Sign out') : t('End')}
      </Button>
    </Form>,
  ]
}

export interface EndSessionsPageProps {
  session: Session
  which: 'others' | 'all'
  count: number
}

/** The question; also where scripts do not run, nobody ends everything by a slip. */
export function EndSessionsPage({ session, which, count }: EndSessionsPageProps) {
  return (
    <div class="card-decision">
      <p class="eyebrow">{t('Sessions')}</p>
      <h1>{which === 'all' ? t('End all sessions?') : t('End all other sessions?')}</h1>
      <p>
        {which === 'all'
          ? t(
              "This ends {count, plural, one {one session} other {# sessions}}, this browser's included. You will have to sign in again everywhere.",
              { count },
            )
          : t(
              'This ends {count, plural, one {one session} other {# sessions}}. You stay signed in here and nowhere else.',
              { count },
            )}
      </p>
      <Form action="/account/sessions/end" csrfToken={session.csrfToken}>
        <input type="hidden" name="which" value={which} />
        <Actions>
          <Button kind="danger">{which === 'all' ? t('End all sessions') : t('End the others')}</Button>
          <ButtonLink href="/account/sessions">{t('Keep them')}</ButtonLink>
        </Actions>
      </Form>
    </div>
  )
}
