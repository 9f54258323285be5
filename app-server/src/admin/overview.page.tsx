// The overview: whether all is well, at a glance; then how it came about.
import type { Child } from 'hono/jsx'
import type { PeopleFigures } from '../accounts/directory.js'
import { type CallFigures, type FigureSpan, figureSpans, total } from '../audit/call-figures.js'
import type { ClientFigures } from '../oauth/client-directory.js'
import type { DatabaseVitals } from '../platform/database/vitals.js'
import { EmptyState, Facts, Moment, Notice, PageHead, Section, Table, Tag } from '../platform/html/components.js'
import { version } from '../platform/version.js'
import { auditPath } from './audit-list.page.js'
import { auditLink } from './audit-query.js'
import { BarChart, LineChart } from './chart.js'
import { bytes, counted, duration, number, percent, span as spanWords } from './words.js'

export interface Overview {
  readonly span: FigureSpan
  /** Undefined where counting failed or took too long. */
  readonly calls: CallFigures | undefined
  readonly people: PeopleFigures | undefined
  readonly clients: ClientFigures | undefined
  readonly database: DatabaseVitals | undefined
  /** Of this process. */
  readonly upSeconds: number
}

const spanLabels: Record<FigureSpan, { short: string; long: string; from: string }> = {
  '15m': { short: '15 min', long: 'the last 15 minutes', from: '15 min ago' },
  '1h': { short: '1 hour', long: 'the last hour', from: '1 hour ago' },
  '24h': { short: '24 hours', long: 'the last 24 hours', from: '24 hours ago' },
  '7d': { short: '7 days', long: 'the last 7 days', from: '7 days ago' },
}

const refreshSeconds: Record<FigureSpan, number> = { '15m': 5, '1h': 5, '24h': 30, '7d': 120 }

export function OverviewPage(overview: Overview) {
  const { span } = overview
  return (
    <>
      <PageHead title="Overview">What came through the checkpoint, and how it is doing.</PageHead>
      <div class="live">
        <nav class="choices-inline" aria-label="Span of time">
          {(Object.keys(figureSpans) as FigureSpan[]).map((key) => (
            <a href={`/admin?span=${key}`} aria-current={key === span ? 'true' : undefined}>
              {spanLabels[key].short}
            </a>
          ))}
        </nav>
        <p class="live-state">
          <span data-live-words>Reload the page for newer figures.</span>{' '}
          <button class="button button-quiet" type="button" data-live-pause="figures" hidden>
            Pause
          </button>
        </p>
      </div>
      <div id="figures" data-live={`/admin/figures?span=${span}`} data-live-seconds={refreshSeconds[span]}>
        <Figures {...overview} />
      </div>
    </>
  )
}

/** The part that changes. */
export function Figures({ span, calls, people, clients, database, upSeconds }: Overview) {
  return (
    <>
      {calls ? <Calls calls={calls} /> : <CannotCount />}
      <Section title="Now">
        <Tiles>
          <Tile term="People" value={people && number(people.people)} href="/admin/people">
            {people
              ? `${number(people.active)} active, ${counted(people.administrators, 'administrator', 'administrators')}`
              : null}
          </Tile>
          <Tile term="Suspended or disabled" value={people && number(people.suspended + people.disabled)}>
            {people ? `${number(people.suspended)} suspended, ${number(people.disabled)} disabled` : null}
          </Tile>
          <Tile term="Sessions" value={people && number(people.sessions)}>
            browsers signed in
          </Tile>
          <Tile term="Clients with access" value={clients && number(clients.used)} href="/admin/clients">
            {clients ? `of ${number(clients.clients)} known, ${number(clients.blocked)} blocked` : null}
          </Tile>
          <Tile term="Authorizations" value={clients && number(clients.grants)}>
            given by people to clients
          </Tile>
        </Tiles>
      </Section>
      {calls && total(calls) > 0 ? <Lists calls={calls} span={span} /> : null}
      <Section title="Health">
        <Facts
          items={[
            {
              term: 'Database',
              detail: database ? <DatabaseWords database={database} /> : <Tag kind="warn">no answer</Tag>,
            },
            { term: 'App servers', detail: database ? replicaWords(database.replicas) : 'not known' },
            {
              term: 'This one',
              detail: `Sekisho ${version} on Node ${process.version.slice(1)}, up ${spanWords(upSeconds)}`,
            },
          ]}
        />
      </Section>
    </>
  )
}

function Calls({ calls }: { calls: CallFigures }) {
  const { long, from } = spanLabels[calls.span]
  const all = total(calls)
  if (all === 0) {
    return (
      <EmptyState title={`No calls in ${long}`}>
        <p>When a program calls a tool, it shows here at once. Look at a longer span for what came earlier.</p>
      </EmptyState>
    )
  }
  const through = calls.ok + calls.failed
  const timed = calls.bars.map(({ p95Ms }) => p95Ms).filter((value) => value !== undefined)
  return (
    <>
      <Tiles>
        <Tile term="Calls" value={number(all)}>
          {`by ${counted(calls.people, 'person', 'people')} through ${counted(calls.clients, 'client', 'clients')}`}
        </Tile>
        <Tile term="Refused" value={number(calls.refused)} tone={calls.refused > 0 ? 'refused' : undefined}>
          {`${percent(calls.refused, all)} of calls`}
        </Tile>
        <Tile term="Failed" value={number(calls.failed)} tone={calls.failed > 0 ? 'failed' : undefined}>
          {`${percent(calls.failed, through)} of those let through`}
        </Tile>
        <Tile term="Latency, median" value={duration(calls.p50Ms)}>
          half of the calls are faster
        </Tile>
        <Tile term="Latency, p95" value={duration(calls.p95Ms)}>
          19 of 20 calls are faster
        </Tile>
      </Tiles>
      <div class="charts">
        <BarChart
          id="calls"
          title="Calls"
          from={from}
          summary={`${counted(all, 'call', 'calls')} in ${long}: ${number(calls.ok)} done, ${number(calls.refused)} refused, ${number(calls.failed)} failed. The table below has the numbers.`}
          legend={[
            { part: 'ok', label: 'done' },
            { part: 'refused', label: 'refused' },
            { part: 'failed', label: 'failed' },
          ]}
          bars={calls.bars.map(({ startsAt, ok, refused, failed }) => ({
            words: `${clock(startsAt)}: ${number(ok)} done, ${number(refused)} refused, ${number(failed)} failed`,
            values: [ok, refused, failed],
          }))}
        />
        <LineChart
          id="latency"
          title="Latency, logarithmic"
          from={from}
          summary={`the median is ${duration(calls.p50Ms)}, 95 of 100 calls take at most ${duration(calls.p95Ms)}; the slowest stretch had ${duration(timed.length > 0 ? Math.max(...timed) : undefined)}.`}
          legend={[
            { part: 'p50', label: 'median' },
            { part: 'p95', label: 'p95' },
          ]}
          write={duration}
          lines={[calls.bars.map(({ p50Ms }) => p50Ms), calls.bars.map(({ p95Ms }) => p95Ms)]}
        />
      </div>
      <details class="station" id="figures-table">
        <summary id="figures-table-summary">The same as a table</summary>
        <div class="station-body dense">
          <Table
            caption="Calls and latency over time"
            columns={[
              { title: 'From' },
              { title: 'Done' },
              { title: 'Refused' },
              { title: 'Failed' },
              { title: 'Median' },
              { title: 'p95' },
            ]}
            rows={calls.bars
              .filter((bar) => total(bar) > 0)
              .toReversed()
              .map(({ startsAt, ok, refused, failed, p50Ms, p95Ms }) => [
                <Moment at={startsAt} />,
                number(ok),
                number(refused),
                number(failed),
                duration(p50Ms),
                duration(p95Ms),
              ])}
          />
        </div>
      </details>
    </>
  )
}

function Lists({ calls, span }: { calls: CallFigures; span: FigureSpan }) {
  const { long } = spanLabels[span]
  return (
    <div class="halves dense">
      <Section title="Tools" lead={`The most called in ${long}.`}>
        {calls.topTools.length === 0 ? (
          <p class="soft">No tool was called.</p>
        ) : (
          <Table
            caption="Most called tools"
            columns={[{ title: 'Tool' }, { title: 'Calls' }, { title: 'Refused' }, { title: 'Failed' }]}
            rows={calls.topTools.map(({ tool, ...counts }) => [
              <a href={auditLink(auditPath, { tool })}>
                <code>{tool}</code>
              </a>,
              number(total(counts)),
              number(counts.refused),
              number(counts.failed),
            ])}
          />
        )}
      </Section>
      <Section title="Reasons" lead={`Why calls were refused or failed in ${long}.`}>
        {calls.topReasons.length === 0 ? (
          <p class="soft">Nothing was refused and nothing failed.</p>
        ) : (
          <Table
            caption="Most frequent reasons"
            columns={[{ title: 'Reason' }, { title: 'Outcome' }, { title: 'Times' }]}
            rows={calls.topReasons.map(({ reason, outcome, n }) => [
              <a href={auditLink(auditPath, { reason })}>
                <code>{reason}</code>
              </a>,
              <Tag kind={outcome === 'failed' ? 'seal' : 'warn'}>{outcome}</Tag>,
              number(n),
            ])}
          />
        )}
      </Section>
    </div>
  )
}

function CannotCount() {
  return (
    <Notice kind="error" title="The calls could not be counted">
      <p>
        The database did not count them in time. Choose a shorter span, or reload in a moment; the log of the app server
        says more.
      </p>
    </Notice>
  )
}

function DatabaseWords({ database }: { database: DatabaseVitals }) {
  const { version: postgres, sizeBytes, connections, maxConnections, answeredInMs } = database
  return (
    <>
      <Tag kind="good">answers</Tag> in {duration(answeredInMs)}. PostgreSQL {postgres}, {bytes(sizeBytes)},{' '}
      {number(connections)} of {number(maxConnections)} connections
    </>
  )
}

function replicaWords(replicas: number): string {
  // One that has just started or lost its connection for a moment does not show.
  return replicas === 0 ? 'none is connected at this moment' : `${counted(replicas, 'is', 'are')} connected`
}

function Tiles({ children }: { children?: Child }) {
  return <dl class="tiles">{children}</dl>
}

function Tile(props: {
  term: string
  value: string | undefined
  href?: string
  tone?: 'refused' | 'failed' | undefined
  children?: Child
}) {
  const { term, value, href, tone, children } = props
  return (
    <div class={tone ? `tile tile-${tone}` : 'tile'}>
      <dt>{href ? <a href={href}>{term}</a> : term}</dt>
      <dd class="tile-value">{value ?? 'not known'}</dd>
      {children ? <dd class="tile-words">{children}</dd> : null}
    </div>
  )
}

/** The moment a bar begins, in UTC; tooltips cannot be told in the reader's own zone. */
function clock(at: Date): string {
  return `${at.toISOString().slice(5, 16).replace('T', ' ')} UTC`
}
