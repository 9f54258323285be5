// The overview: whether all is well, at a glance; then how it came about.
import type { PeopleFigures } from '../accounts/directory.js'
import { type CallFigures, type FigureSpan, figureSpans, total } from '../audit/call-figures.js'
import type { ClientFigures } from '../oauth/client-directory.js'
import type { DatabaseVitals } from '../platform/database/vitals.js'
import { Facts, Notice, PageHead, Section, Tag } from '../platform/html/components.js'
import { liveWords } from '../platform/html/live-words.js'
import { version } from '../platform/version.js'
import { Calls, Lists, spanLabels } from './overview-calls.js'
import { Tile, Tiles } from './overview-tiles.js'
import { t } from './t.js'
import { bytes, duration, number, span as spanWords } from './words.js'

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

const refreshSeconds: Record<FigureSpan, number> = { '15m': 5, '1h': 5, '24h': 30, '7d': 120 }

export function OverviewPage(overview: Overview) {
  const { span } = overview
  return (
    <>
      <PageHead title={t('Overview')}>{t('What came through the checkpoint, and how it is doing.')}</PageHead>
      <div class="live">
        <nav class="choices-inline" aria-label={t('Span of time')}>
          {(Object.keys(figureSpans) as FigureSpan[]).map((key) => (
            <a href={`/admin?span=${key}`} aria-current={key === span ? 'true' : undefined}>
              {t(spanLabels[key].short)}
            </a>
          ))}
        </nav>
        <p class="live-state">
          <span data-live-words>{t('Reload the page for newer figures.')}</span>{' '}
          <button class="button button-quiet" type="button" data-live-pause="figures" hidden>
            {t('Pause')}
          </button>
        </p>
      </div>
      <div
        id="figures"
        data-live={`/admin/figures?span=${span}`}
        data-live-seconds={refreshSeconds[span]}
        data-words={liveWords()}
      >
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
      <Section title={t('Now')}>
        <Tiles>
          <Tile term={t('People')} value={people && number(people.people)} href="/admin/people">
            {people
              ? t('{active, number} active, {administrators, plural, one {# administrator} other {# administrators}}', {
                  active: people.active,
                  administrators: people.administrators,
                })
              : null}
          </Tile>
          <Tile term={t('Suspended or disabled')} value={people && number(people.suspended + people.disabled)}>
            {people
              ? t('{suspended, number} suspended, {disabled, number} disabled', {
                  suspended: people.suspended,
                  disabled: people.disabled,
                })
              : null}
          </Tile>
          <Tile term={t('Sessions')} value={people && number(people.sessions)}>
            {t('browsers signed in')}
          </Tile>
          <Tile term={t('Clients with access')} value={clients && number(clients.used)} href="/admin/clients">
            {clients
              ? t('of {known, number} known, {blocked, number} blocked', {
                  known: clients.clients,
                  blocked: clients.blocked,
                })
              : null}
          </Tile>
          <Tile term={t('Authorizations')} value={clients && number(clients.grants)}>
            {t('given by people to clients')}
          </Tile>
        </Tiles>
      </Section>
      {calls && total(calls) > 0 ? <Lists calls={calls} span={span} /> : null}
      <Section title={t('Health')}>
        <Facts
          items={[
            {
              term: t('Database'),
              detail: database ? <DatabaseWords database={database} /> : <Tag kind="warn">{t('no answer')}</Tag>,
            },
            { term: t('App servers'), detail: database ? replicaWords(database.replicas) : t('not known') },
            {
              term: t('This one'),
              detail: t('Sekisho {version} on Node {node}, up {time}', {
                version,
                node: process.version.slice(1),
                time: spanWords(upSeconds),
              }),
            },
          ]}
        />
      </Section>
    </>
  )
}

function CannotCount() {
  return (
    <Notice kind="error" title={t('The calls could not be counted')}>
      <p>
        {t(
          'The database did not count them in time. Choose a shorter span, or reload in a moment; the log of the app server says more.',
        )}
      </p>
    </Notice>
  )
}

function DatabaseWords({ database }: { database: DatabaseVitals }) {
  const { version: postgres, sizeBytes, connections, maxConnections, answeredInMs } = database
  return (
    <>
      {t.rich(
        '{answers} in {time}. PostgreSQL {version}, {size}, {connections, number} of {most, number} connections',
        {
          answers: <Tag kind="good">{t('answers')}</Tag>,
          time: duration(answeredInMs),
          version: postgres,
          size: bytes(sizeBytes),
          connections,
          most: maxConnections,
        },
      )}
    </>
  )
}

function replicaWords(replicas: number): string {
  // One that has just started or lost its connection for a moment does not show.
  return replicas === 0
    ? t('none is connected at this moment')
    : t('{replicas, plural, one {# is} other {# are}} connected', { replicas })
}
