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
        title="Sessions"
        actions={
          others.length > 0 ? (
            <>
              <ButtonLink href="/account/sessions/end?which=others" kind="danger">
                End all others
              </ButtonLink>
              <ButtonLink href="/account/sessions/end?which=all" kind="quiet">
                End all
              </ButtonLink>
            </>
          ) : null
        }
      >
        Browsers in which you are signed in. End any you do not recognise.
      </PageHead>
      {notice ? (
        <Notice kind={notice.kind} title={notice.title}>
          <p>{notice.words}</p>
        </Notice>
      ) : null}
      <Table
        caption="Your sessions"
        columns={[
          { title: 'Device' },
          { title: 'Address' },
          { title: 'Signed in' },
          { title: 'Last seen' },
          { title: 'End', actions: true },
        ]}
        rows={[...rows.filter(({ id }) => id === session.id), ...others].map((row) => cells(row, session))}
      />
      {others.length === 0 ? <p class="section soft">You are signed in nowhere else.</p> : null}
      <p class="section soft">
        Looking for the programs that act for you? They have their own access: see <a href="/programs">Programs</a>.
      </p>
    </>
  )
}

function cells(row: SessionRow, session: Session) {
  const device = deviceOf(row.userAgent)
  const here = row.id === session.id
  return [
    <span class="device">
      <strong>{device}</strong> {here ? <Tag kind="good">This browser</Tag> : null}
    </span>,
    row.address,
    <Moment at={row.createdAt} />,
    here ? 'now' : <Ago at={row.lastSeenAt} />,
    <Form action={`/account/sessions/${row.id}/end`} csrfToken={session.csrfToken} inline>
      <Button
        kind="secondary"
        label={here ? 'Sign out of this browser' : `End the session of ${device} at ${row.address}`}
      >
        {here ? 'Sign out' : 'End'}
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
  const number = count === 1 ? 'one session' : `${count} sessions`
  return (
    <div class="card-decision">
      <p class="eyebrow">Sessions</p>
      <h1>{which === 'all' ? 'End all sessions?' : 'End all other sessions?'}</h1>
      <p>
        {which === 'all'
          ? `This ends ${number}, this browser's included. You will have to sign in again everywhere.`
          : `This ends ${number}. You stay signed in here and nowhere else.`}
      </p>
      <Form action="/account/sessions/end" csrfToken={session.csrfToken}>
        <input type="hidden" name="which" value={which} />
        <Actions>
          <Button kind="danger">{which === 'all' ? 'End all sessions' : 'End the others'}</Button>
          <ButtonLink href="/account/sessions">Keep them</ButtonLink>
        </Actions>
      </Form>
    </div>
  )
}
