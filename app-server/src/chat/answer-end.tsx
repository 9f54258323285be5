// What stands below an answer: how it ended and what can be done about it, what it took, and what can be done with it.
import type { Child } from 'hono/jsx'
import { emptyAnswer } from '../models/model.js'
import { Moment, Notice, type NoticeKind } from '../platform/html/components.js'
import { ActForm } from './act-form.js'
import { costWords, tokenWords } from './figures.js'
import type { Onlooker } from './onlooker.js'
import { endElement, roomPath, turnPath } from './paths.js'
import { t } from './t.js'
import { isOpen, type Turn, type TurnSnapshot } from './turn.js'

interface EndProps {
  snapshot: TurnSnapshot
  onlooker: Onlooker
}

export function AnswerEnd({ snapshot, onlooker }: EndProps) {
  const { turn, parts } = snapshot
  const hasText = parts.some((part) => part.kind === 'text' && part.text !== '')
  return (
    <div class="turn-end" id={endElement(turn.id)}>
      {turn.status === 'running' ? <p class="turn-writing">{t('The answer is being written …')}</p> : null}
      {turn.status === 'waiting' ? <p class="turn-writing">{t('The answer waits for a decision.')}</p> : null}
      <Outcome turn={turn} onlooker={onlooker} />
      {isOpen(turn) ? <Stop {...{ turn, onlooker }} /> : <Acts {...{ turn, onlooker, hasText }} />}
    </div>
  )
}

function Stop({ turn, onlooker }: { turn: Turn; onlooker: Onlooker }) {
  if (!onlooker.writes) return null
  return (
    <div class="turn-stop">
      <ActForm action={turnPath(turn, 'stop')} onlooker={onlooker}>
        {t('Stop')}
      </ActForm>
    </div>
  )
}

function Acts({ turn, onlooker, hasText }: { turn: Turn; onlooker: Onlooker; hasText: boolean }) {
  const mine = turn.authorId === onlooker.userId
  return (
    <div class="turn-foot">
      <p class="fine">
        {[
          turn.model,
          tokenWords(turn.inputTokens + turn.outputTokens + turn.thinkingTokens),
          costWords(turn.costMicros),
        ]
          .filter(Boolean)
          .join(' · ')}
      </p>
      <div class="turn-acts">
        {hasText ? (
          <a class="button button-quiet" href={turnPath(turn, 'text')} data-copy-answer>
            {t('Copy')}
          </a>
        ) : null}
        {onlooker.writes ? (
          <ActForm action={turnPath(turn, 'replace')} onlooker={onlooker} kind="quiet">
            {t('Answer anew')}
          </ActForm>
        ) : null}
        {onlooker.writes && mine ? (
          <a class="button button-quiet" href={turnPath(turn, 'edit')}>
            {t('Edit the message')}
          </a>
        ) : null}
      </div>
    </div>
  )
}

interface Words {
  kind: NoticeKind
  title: string
  words: Child
  /** What the button says that lets the answer go on. */
  goOn?: string
}

function Outcome({ turn, onlooker }: { turn: Turn; onlooker: Onlooker }) {
  const outcome = outcomeOf(turn)
  if (!outcome) return null
  const { kind, title, words, goOn } = outcome
  return (
    <Notice kind={kind} title={title}>
      <p>{words}</p>
      {turn.failure?.detail ? (
        <p class="fine">{t('The service says: {words}', { words: turn.failure.detail })}</p>
      ) : null}
      {goOn && onlooker.writes && turn.authorId === onlooker.userId ? (
        <ActForm action={turnPath(turn, 'go-on')} onlooker={onlooker} onlyLast>
          {goOn}
        </ActForm>
      ) : null}
    </Notice>
  )
}

/** Undefined for an answer that is complete, or not there yet. */
function outcomeOf(turn: Turn): Words | undefined {
  const settings = (words: Child) => <a href={roomPath(turn.roomId, '/settings')}>{words}</a>
  const cut = (words: Child): Words => ({ kind: 'warning', title: t('Not complete'), words })
  const spent = (words: Child): Words => ({ kind: 'info', title: t('Stopped'), words, goOn: t('Continue') })
  switch (turn.endReason) {
    case 'length':
      return cut(t('The model may not write more at once. Ask it to go on.'))
    case 'safety':
      return cut(t('The service of the model ended the answer for reasons of safety. Ask in another way.'))
    case 'other':
      return cut(otherWords(turn.failure?.detail))
    case 'person':
      return spent(t('The answer was stopped. What is there of it stays.'))
    case 'rounds':
      return spent(
        t.rich('The model has gone to and fro as often as <a>the room allows</a> for one answer.', { a: settings }),
      )
    case 'tokens':
      return spent(
        t.rich('The answer has used as many tokens as <a>the room allows</a> for one answer.', { a: settings }),
      )
    case 'cost':
      return spent(t.rich('The answer has cost as much as <a>the room allows</a> for one answer.', { a: settings }))
    case 'time':
      return spent(t('The answer has taken as long as one may.'))
    default:
      return turn.failure ? { kind: 'error', title: failureTitle(turn), ...failureWords(turn, settings) } : undefined
  }
}

function otherWords(detail: string | undefined): string {
  switch (detail) {
    case emptyAnswer:
      return t('The model gave an empty answer. Have it answered anew, or ask in another way.')
    case 'MALFORMED_FUNCTION_CALL':
    case 'UNEXPECTED_TOOL_CALL':
    case 'TOO_MANY_TOOL_CALLS':
      return t('The model called a tool in a way that makes no sense, so nothing was done. Have it answered anew.')
    default:
      return t('The model ended the answer without saying why. Ask again, or in another way.')
  }
}

/** Part of an answer is one. */
function failureTitle({ failure }: Turn): string {
  return failure?.code === 'cut' ? t('Not complete') : t('No answer')
}

type FailureWords = Pick<Words, 'words' | 'goOn'>

function failureWords({ failure }: Turn, settings: (words: Child) => Child): FailureWords {
  const models = (words: Child) => <a href="/models">{words}</a>
  const tryAgain = (words: Child): FailureWords => ({ words, goOn: t('Try again') })
  const goOn = (words: Child): FailureWords => ({ words, goOn: t('Continue') })
  switch (failure?.code) {
    case 'no-model':
      return tryAgain(
        t.rich('The room has no key of a language model that may be used here. <a>Choose one</a>, then try again.', {
          a: settings,
        }),
      )
    case 'key-refused':
      return tryAgain(
        t.rich('The service of the model does not take the key any more. <a>Replace it</a>, then try again.', {
          a: models,
        }),
      )
    case 'no-permission':
      return tryAgain(
        t.rich('The key may not use this model. <a>Choose another model or key</a>, then try again.', { a: models }),
      )
    case 'model-gone':
      return tryAgain(
        t.rich('The service does not have this model any more. <a>Choose another one</a>, then try again.', {
          a: models,
        }),
      )
    case 'quota':
      return tryAgain(
        t.rich('What the key may use is used up. Wait until there is more, or <a>choose another key</a>.', {
          a: settings,
        }),
      )
    case 'rate-limited':
    case 'overloaded':
      return tryAgain(<Busy retryAt={failure.retryAt} />)
    case 'too-long':
      return { words: t('The message is longer than the model can read. Shorten it, or leave a file out.') }
    case 'blocked':
      return { words: t('The service of the model does not answer this message. Put it in another way.') }
    case 'bad-request':
      return tryAgain(
        t('The service of the model did not take the request. Try it in another way, or with another model.'),
      )
    case 'cut':
      return goOn(t('The connection to the model broke. What came before stays.'))
    case 'unreachable':
    case 'timeout':
      return tryAgain(t('The service of the model does not answer. Try again in a while.'))
    case 'session-ended':
      return goOn(
        t('Whoever wrote this has signed out, so nothing more could be done in their name. Sign in, then go on.'),
      )
    case 'lending-ended':
      return goOn(
        t.rich('The accounts that were lent to this room were taken back. <a>Choose</a> whose are used, then go on.', {
          a: settings,
        }),
      )
    case 'not-a-member':
      return { words: t('Whoever wrote this may not write here any more.') }
    case 'tools-unavailable':
      return tryAgain(t('The tools could not be reached. Try again in a moment.'))
    default:
      return tryAgain(
        failure?.reference
          ? t(
              'Something went wrong on our side. Try again; if it stays, tell the operator the reference {reference}.',
              { reference: failure.reference },
            )
          : t('Something went wrong on our side. Try again.'),
      )
  }
}

function Busy({ retryAt }: { retryAt: string | undefined }) {
  if (retryAt === undefined) return <>{t('The service of the model is busy. Try again in a moment.')}</>
  return (
    <>
      {t.rich('The service of the model is busy. It asks to be tried again from <at></at> on.', {
        at: () => <Moment at={new Date(retryAt)} />,
      })}
    </>
  )
}
