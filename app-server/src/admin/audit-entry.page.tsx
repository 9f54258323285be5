// One audit entry: what happened, why it was allowed or refused, and everything that was written down.
import type { AuditRecord } from '../audit/audit-trail.js'
import { Actions, ButtonLink, Card, Facts, Section } from '../platform/html/components.js'
import { auditPath } from './audit-list.page.js'
import type { AuditNames } from './audit-names.js'
import { actorOf, deedWords, OutcomeTag, personName, programNameOf, Second } from './audit-parts.js'
import { auditLink } from './audit-query.js'
import { whyOf } from './audit-why.js'
import { isKeyOf, kindWords } from './audit-words.js'
import { t } from './t.js'

export function AuditEntryPage({ record, names }: { record: AuditRecord; names: AuditNames }) {
  const [answer, ...more] = whyOf(record)
  const actor = actorOf(record, names)
  const through = record.actorId === null ? null : record.clientId
  return (
    <>
      <p class="small">
        <a href={auditPath}>{t('Audit')}</a>
      </p>
      <div class="page-head">
        <div class="page-head-words">
          <h1>{t('{who} {deed}', { who: actor, deed: deedWords(record, names) })}</h1>
          <p class="lead">
            <OutcomeTag outcome={record.outcome} />{' '}
            {through === null ? (
              <Second at={record.at} />
            ) : (
              t.rich('{when} through {program}', {
                when: <Second at={record.at} />,
                program: programNameOf(through, names),
              })
            )}
          </p>
        </div>
      </div>
      <Card title={t('Why')}>
        <p class="audit-answer">{answer}</p>
        {more.map((sentence) => (
          <p>{sentence}</p>
        ))}
      </Card>
      <Section title={t('What was written down')}>
        <Facts items={factsOf(record, names)} />
      </Section>
      {record.arguments === null ? null : (
        <Section
          title={t('Arguments')}
          lead={t('Secrets are hidden and long values are cut before they are written down.')}
        >
          <Plain value={record.arguments} />
        </Section>
      )}
      {Object.keys(record.details).length === 0 ? null : (
        <Section title={t('Details')}>
          <Plain value={record.details} />
        </Section>
      )}
      <Section title={t('More like this')}>
        <Actions>
          {record.actorId === null ? null : (
            <ButtonLink href={auditLink(auditPath, { person: record.actorId })}>{t('Of this person')}</ButtonLink>
          )}
          {record.clientId === null ? null : (
            <ButtonLink href={auditLink(auditPath, { client: record.clientId })}>{t('Of this program')}</ButtonLink>
          )}
          {record.tool === null ? null : (
            <ButtonLink href={auditLink(auditPath, { tool: record.tool })}>{t('Of this tool')}</ButtonLink>
          )}
          {record.reason === null ? null : (
            <ButtonLink href={auditLink(auditPath, { reason: record.reason })}>{t('For this reason')}</ButtonLink>
          )}
        </Actions>
      </Section>
    </>
  )
}

/** JSON to be read, or scrolled through with the keyboard. */
function Plain({ value }: { value: unknown }) {
  return (
    <pre class="copybox-text" tabindex={0}>
      <code>{JSON.stringify(value, undefined, 2)}</code>
    </pre>
  )
}

function factsOf(record: AuditRecord, names: AuditNames) {
  const { actorId, clientId, targetType, targetId } = record
  const person = (id: string) => {
    const known = names.people.get(id)
    return (
      <>
        {personName(id, names)} {known ? `<${known.email}>` : ''} <code>{id}</code>
      </>
    )
  }
  const code = (text: string) => <code>{text}</code>
  const facts = [
    { term: t('Kind'), detail: isKeyOf(kindWords, record.kind) ? t(kindWords[record.kind]) : record.kind },
    actorId !== null && { term: t('Person'), detail: person(actorId) },
    targetType === 'user' && targetId !== null && { term: t('About'), detail: person(targetId) },
    targetType !== null && targetType !== 'user' && { term: t('About'), detail: code(`${targetType} ${targetId}`) },
    clientId !== null && {
      term: t('Program'),
      detail: (
        <>
          {programNameOf(clientId, names)} {code(clientId)}
        </>
      ),
    },
    record.grantId !== null && { term: t('Authorization'), detail: code(record.grantId) },
    record.tool !== null && { term: t('Tool'), detail: code(record.tool) },
    record.reason !== null && { term: t('Reason'), detail: code(record.reason) },
    record.durationMs !== null && { term: t('Took'), detail: `${record.durationMs} ms` },
    record.address !== null && { term: t('Address'), detail: record.address },
    record.requestId !== null && { term: t('Request'), detail: code(record.requestId) },
    { term: t('Entry'), detail: code(record.id) },
  ]
  return facts.filter((fact) => fact !== false)
}
