// A call of a tool as the answer shows it: what was called with what, how it stands, what came of it, and what to do where it failed.
import type { ProblemDetails } from '@sekisho/contracts'
import type { Child } from 'hono/jsx'
import { ownPath } from '../accounts/own-path.js'
import { ExactValue } from '../approvals/exact-value.js'
import { Moment } from '../platform/html/components.js'
import { ActForm } from './act-form.js'
import { durationWords } from './figures.js'
import type { Onlooker } from './onlooker.js'
import { partElement, roomPath, turnPath } from './paths.js'
import { t } from './t.js'
import type { CallData, CallPart, CallState, Turn } from './turn.js'

/** Characters of a result that go onto the page; what is kept of it has an address of its own. */
const shownLength = 4_000

interface CallCardProps {
  turn: Turn
  part: CallPart
  onlooker: Onlooker
  /** Whose word is waited for, when that is not who looks. */
  actsForName: string | undefined
  titles: Titles
}

/** What tools and their providers are called, in the reader's language. */
export interface Titles {
  toolTitleOf(name: string, title: string): string
  titleOf(provider: string): string
}

export function CallCard({ turn, part, onlooker, actsForName, titles }: CallCardProps) {
  const { data, idx } = part
  const title = titles.toolTitleOf(data.tool, data.title)
  const waits = data.state === 'approval'
  const mine = turn.actsFor === onlooker.userId
  const id = partElement(turn.id, idx)
  return (
    <details class={`part call call-${data.state}`} id={id} open={waits}>
      <summary>
        <span class="call-sign" aria-hidden="true">
          {signs[data.state]}
        </span>
        <span class="call-title">{title}</span>
        <span class="call-state">
          {stateWords(data.state)}
          {data.durationMs === null ? null : ` · ${durationWords(data.durationMs)}`}
        </span>
      </summary>
      <div class="call-body">
        <p class="fine">
          <code>{data.tool}</code>
        </p>
        <Arguments given={data.arguments} id={id} />
        {waits ? <Approval {...{ turn, data, onlooker, mine, actsForName }} /> : null}
        {data.state === 'failed' || data.state === 'denied' ? <Failure data={data} turn={turn} mine={mine} /> : null}
        {data.result === null ? null : <Result turn={turn} part={part} id={`${id}-result`} />}
      </div>
    </details>
  )
}

const signs: Readonly<Record<CallState, string>> = {
  asked: '○',
  running: '◔',
  approval: '?',
  done: '✓',
  failed: '✗',
  denied: '⊘',
  stopped: '■',
}

function stateWords(state: CallState): string {
  switch (state) {
    case 'asked':
      return t('about to begin')
    case 'running':
      return t('running')
    case 'approval':
      return t('waits for approval')
    case 'done':
      return t('done')
    case 'failed':
      return t('failed')
    case 'denied':
      return t('not allowed')
    case 'stopped':
      return t('stopped')
  }
}

/** Whole, as text: whoever allows a call must see all of it. */
function Arguments({ given, id }: { given: CallData['arguments']; id: string }) {
  const entries = Object.entries(given)
  if (entries.length === 0) return <p class="soft">{t('It is called without arguments.')}</p>
  return (
    <table class="call-arguments">
      <caption class="visually-hidden">{t('Arguments')}</caption>
      <tbody>
        {entries.map(([name, value]) => (
          <tr>
            <th scope="row">
              <code>{name}</code>
            </th>
            <td>
              <ExactValue value={value} id={`${id}-${name}`} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Result({ turn, part: { idx, data }, id }: { turn: Turn; part: CallPart; id: string }) {
  const { result, resultLength } = data
  const text = legible(result ?? '')
  const cut = text.length > shownLength
  return (
    <details class="call-result" id={id}>
      <summary>{t('Result')}</summary>
      <pre tabindex={0}>{text.slice(0, shownLength)}</pre>
      {cut || resultLength > (result ?? '').length ? (
        <p class="fine">
          {t.rich('This is the beginning of {count, number} characters. <a>All that is kept of them</a>', {
            count: Math.max(resultLength, text.length),
            a: (words) => <a href={turnPath(turn, `results/${idx}`)}>{words}</a>,
          })}
        </p>
      ) : null}
    </details>
  )
}

/** JSON with its structure to be seen; anything else as it is. */
function legible(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2)
  } catch {
    return text
  }
}

function Approval(props: Omit<CallCardProps, 'part' | 'titles'> & { data: CallData; mine: boolean }) {
  const { turn, data, onlooker, mine, actsForName } = props
  const until = data.approvalUntil === null ? null : <Moment at={new Date(data.approvalUntil)} />
  if (!mine || data.approvalId === null) {
    return (
      <p class="call-ask">
        {t.rich('Waits for {name} until <until></until>.', {
          name: actsForName ?? t('another member'),
          until: () => until,
        })}
      </p>
    )
  }
  const action = turnPath(turn, 'approve')
  const fields = (decision: string) => ({ approval: data.approvalId ?? '', decision })
  return (
    <div class="call-ask">
      <p>
        <strong>{t('Shall this be done, exactly like this?')}</strong>{' '}
        {t.rich('It waits until <until></until>.', { until: () => until })}
      </p>
      <div class="actions">
        <ActForm {...{ action, onlooker }} kind="primary" fields={fields('once')}>
          {t('Allow once')}
        </ActForm>
        <ActForm {...{ action, onlooker }} kind="danger" fields={fields('deny')}>
          {t('Deny')}
        </ActForm>
        <ActForm {...{ action, onlooker }} fields={fields('always')}>
          {t('Allow and do not ask again for this tool')}
        </ActForm>
      </div>
    </div>
  )
}

function Failure({ data, turn, mine }: { data: CallData; turn: Turn; mine: boolean }) {
  const { problem } = data
  const words = failureWords(data)
  const link = problem?.code === 'not-connected' && mine ? connectLink(problem, turn) : undefined
  return (
    <p class="call-failure">
      {words}
      {link === undefined ? null : (
        <>
          {' '}
          <a href={link}>{t('Connect the account')}</a>
        </>
      )}
    </p>
  )
}

function failureWords({ state, problem }: CallData): Child {
  if (state === 'denied') return t('This was not allowed, so it was not done.')
  switch (problem?.code) {
    case 'not-connected':
      return problem.reason === 'not-set-up'
        ? t('The service is not set up on this server yet. An administrator can do that.')
        : problem.reason === 'no-account'
          ? t('This tool needs an account that is not connected. Connect it, then ask again.')
          : t('The account must be connected anew or allowed more. Do that, then ask again.')
    case 'insufficient-scope':
      return t('The room does not have this tool, or may no longer use it. Choose it in the settings of the room.')
    case 'unknown-tool':
      return t('There is no such tool here any more.')
    case 'rate-limited':
      return t('There were too many calls in a short time. Wait a moment, then ask again.')
    case 'unavailable':
      return t('The service cannot answer right now. Try again in a while.')
    case 'timeout':
      return t('It took too long. Whether it was done is not certain: look before you ask again.')
    case 'upstream-failed':
      return t('The service behind the tool did not do it. The result says more.')
    case 'invalid-arguments':
      return t('The model called the tool with arguments that do not fit. It sees that, and can correct itself.')
    case 'internal':
      return typeof problem.reference === 'string'
        ? t('Something went wrong on our side. The operator finds it by the reference {reference}.', {
            reference: problem.reference,
          })
        : t('Something went wrong on our side. Try again.')
    case undefined:
      return t('The tool could not do it. The result says why.')
    default:
      return problem?.detail ?? ''
  }
}

/** Only ever to a page of ours, which leads back to the room. */
function connectLink({ connect_url: given }: ProblemDetails, turn: Turn): string | undefined {
  if (typeof given !== 'string' || !URL.canParse(given)) return undefined
  const url = new URL(given)
  const path = ownPath(url.pathname + url.search)
  if (!path.startsWith('/connections/')) return undefined
  const link = new URL(path, 'https://own.invalid')
  link.searchParams.set('returnTo', roomPath(turn.roomId))
  return link.pathname + link.search
}
