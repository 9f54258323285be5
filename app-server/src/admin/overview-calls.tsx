// The part of the overview that tells of calls: how many, how they ended, how long they took.
import { type CallFigures, type FigureSpan, total } from '../audit/call-figures.js'
import { EmptyState, Moment, Section, Table, Tag } from '../platform/html/components.js'
import { auditPath } from './audit-list.page.js'
import { auditLink } from './audit-query.js'
import { BarChart, LineChart } from './chart.js'
import { Tile, Tiles } from './overview-tiles.js'
import { t } from './t.js'
import { duration, number, percent } from './words.js'

export const spanLabels = {
  '15m': { short: '15 min', long: 'the last 15 minutes', from: '15 min ago' },
  '1h': { short: '1 hour', long: 'the last hour', from: '1 hour ago' },
  '24h': { short: '24 hours', long: 'the last 24 hours', from: '24 hours ago' },
  '7d': { short: '7 days', long: 'the last 7 days', from: '7 days ago' },
} as const satisfies Record<FigureSpan, unknown>

export function Calls({ calls }: { calls: CallFigures }) {
  const long = t(spanLabels[calls.span].long)
  const from = t(spanLabels[calls.span].from)
  const all = total(calls)
  if (all === 0) {
    return (
      <EmptyState title={t('No calls in {span}', { span: long })}>
        <p>{t('When a program calls a tool, it shows here at once. Look at a longer span for what came earlier.')}</p>
      </EmptyState>
    )
  }
  const through = calls.ok + calls.failed
  const timed = calls.bars.map(({ p95Ms }) => p95Ms).filter((value) => value !== undefined)
  return (
    <>
      <Tiles>
        <Tile term={t('Calls')} value={number(all)}>
          {t(
            'by {people, plural, one {# person} other {# people}} through {clients, plural, one {# client} other {# clients}}',
            { people: calls.people, clients: calls.clients },
          )}
        </Tile>
        <Tile term={t('Refused')} value={number(calls.refused)} tone={calls.refused > 0 ? 'refused' : undefined}>
          {t('{part} of calls', { part: percent(calls.refused, all) })}
        </Tile>
        <Tile term={t('Failed')} value={number(calls.failed)} tone={calls.failed > 0 ? 'failed' : undefined}>
          {t('{part} of those let through', { part: percent(calls.failed, through) })}
        </Tile>
        <Tile term={t('Latency, median')} value={duration(calls.p50Ms)}>
          {t('half of the calls are faster')}
        </Tile>
        <Tile term={t('Latency, p95')} value={duration(calls.p95Ms)}>
          {t('19 of 20 calls are faster')}
        </Tile>
      </Tiles>
      <div class="charts">
        <BarChart
          id="calls"
          title={t('Calls')}
          from={from}
          summary={t(
            '{all, plural, one {# call} other {# calls}} in {span}: {ok, number} done, {refused, number} refused, {failed, number} failed. The table below has the numbers.',
            { all, span: long, ok: calls.ok, refused: calls.refused, failed: calls.failed },
          )}
          legend={[
            { part: 'ok', label: t('done') },
            { part: 'refused', label: t('refused') },
            { part: 'failed', label: t('failed') },
          ]}
          bars={calls.bars.map(({ startsAt, ok, refused, failed }) => ({
            words: t('{from}: {ok, number} done, {refused, number} refused, {failed, number} failed', {
              from: clock(startsAt),
              ok,
              refused,
              failed,
            }),
            values: [ok, refused, failed],
          }))}
        />
        <LineChart
          id="latency"
          title={t('Latency, logarithmic')}
          from={from}
          summary={t('the median is {p50}, 95 of 100 calls take at most {p95}; the slowest stretch had {slowest}.', {
            p50: duration(calls.p50Ms),
            p95: duration(calls.p95Ms),
            slowest: duration(timed.length > 0 ? Math.max(...timed) : undefined),
          })}
          legend={[
            { part: 'p50', label: t('median') },
            { part: 'p95', label: t('p95') },
          ]}
          write={duration}
          lines={[calls.bars.map(({ p50Ms }) => p50Ms), calls.bars.map(({ p95Ms }) => p95Ms)]}
        />
      </div>
      <details class="station" id="figures-table">
        <summary id="figures-table-summary">{t('The same as a table')}</summary>
        <div class="station-body dense">
          <Table
            caption={t('Calls and latency over time')}
            columns={[
              { title: t('From') },
              { title: t('Done') },
              { title: t('Refused') },
              { title: t('Failed') },
              { title: t('Median') },
              { title: t('p95') },
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

export function Lists({ calls, span }: { calls: CallFigures; span: FigureSpan }) {
  const long = t(spanLabels[span].long)
  return (
    <div class="halves dense">
      <Section title={t('Tools')} lead={t('The most called in {span}.', { span: long })}>
        {calls.topTools.length === 0 ? (
          <p class="soft">{t('No tool was called.')}</p>
        ) : (
          <Table
            caption={t('Most called tools')}
            columns={[{ title: t('Tool') }, { title: t('Calls') }, { title: t('Refused') }, { title: t('Failed') }]}
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
      <Section title={t('Reasons')} lead={t('Why calls were refused or failed in {span}.', { span: long })}>
        {calls.topReasons.length === 0 ? (
          <p class="soft">{t('Nothing was refused and nothing failed.')}</p>
        ) : (
          <Table
            caption={t('Most frequent reasons')}
            columns={[{ title: t('Reason') }, { title: t('Outcome') }, { title: t('Times') }]}
            rows={calls.topReasons.map(({ reason, outcome, n }) => [
              <a href={auditLink(auditPath, { reason })}>
                <code>{reason}</code>
              </a>,
              <Tag kind={outcome === 'failed' ? 'seal' : 'warn'}>{t(outcome)}</Tag>,
              number(n),
            ])}
          />
        )}
      </Section>
    </div>
  )
}

/** The moment a bar begins, in UTC; tooltips cannot be told in the reader's own zone. */
function clock(at: Date): string {
  return `${at.toISOString().slice(5, 16).replace('T', ' ')} UTC`
}
