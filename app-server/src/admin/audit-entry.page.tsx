// One audit entry: what happened, why it was allowed or refused, and everything that was written down.
import type { AuditRecord } from '../audit/audit-trail.js'
import { Actions, ButtonLink, Card, Facts, Section } from '../platform/html/components.js'
import { auditPath } from './audit-list.page.js'
import type { AuditNames } from './audit-names.js'
import { actorOf, deedWords, OutcomeTag, personName, programNameOf, Second } from './audit-parts.js'
import { auditLink } from './audit-query.js'
import { whyOf } from './audit-why.js'
import { kindWords } from './audit-words.js'

export function AuditEntryPage({ record, names }: { record: AuditRecord; names: AuditNames }) {
  const [answer, ...more] = whyOf(record)
  const actor = actorOf(record, names)
  const through =
    record.actorId !== null && record.clientId !== null ? ` through ${programNameOf(record.clientId, names)}` : ''
  return (
    <>
      <p class="small">
        <a href={auditPath}>Audit</a>
      </p>
      <div class="page-head">
        <div class="page-head-words">
          <h1>
            {actor} {deedWords(record, names)}
          </h1>
          <p class="lead">
            <OutcomeTag outcome={record.outcome} /> <Second at={record.at} />
            {through}
          </p>
        </div>
      </div>
      <Card title="Why">
        <p class="audit-answer">{answer}</p>
        {more.map((sentence) => (
          <p>{sentence}</p>
        ))}
      </Card>
      <Section title="What was written down">
        <Facts items={factsOf(record, names)} />
      </Section>
      {record.arguments === null ? null : (
        <Section title="Arguments" lead="Secrets are hidden and long values are cut before they are written down.">
          <Plain value={record.arguments} />
        </Section>
      )}
      {Object.keys(record.details).length === 0 ? null : (
        <Section title="Details">
          <Plain value={record.details} />
        </Section>
      )}
      <Section title="More like this">
        <Actions>
          {record.actorId === null ? null : (
            <ButtonLink href={auditLink(auditPath, { person: record.actorId })}>Of this person</ButtonLink>
          )}
          {record.clientId === null ? null : (
            <ButtonLink href={auditLink(auditPath, { client: record.clientId })}>Of this program</ButtonLink>
          )}
          {record.tool === null ? null : (
            <ButtonLink href={auditLink(auditPath, { tool: record.tool })}>Of this tool</ButtonLink>
          )}
          {record.reason === null ? null : (
            <ButtonLink href={auditLink(auditPath, { reason: record.reason })}>For this reason</ButtonLink>
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
    { term: 'Kind', detail: kindWords[record.kind] ?? record.kind },
    actorId !== null && { term: 'Person', detail: person(actorId) },
    targetType === 'user' && targetId !== null && { term: 'About', detail: person(targetId) },
    targetType !== null && targetType !== 'user' && { term: 'About', detail: code(`${targetType} ${targetId}`) },
    clientId !== null && {
      term: 'Program',
      detail: (
        <>
          {programNameOf(clientId, names)} {code(clientId)}
        </>
      ),
    },
    record.grantId !== null && { term: 'Authorization', detail: code(record.grantId) },
    record.tool !== null && { term: 'Tool', detail: code(record.tool) },
    record.reason !== null && { term: 'Reason', detail: code(record.reason) },
    record.durationMs !== null && { term: 'Took', detail: `${record.durationMs} ms` },
    record.address !== null && { term: 'Address', detail: record.address },
    record.requestId !== null && { term: 'Request', detail: code(record.requestId) },
    { term: 'Entry', detail: code(record.id) },
  ]
  return facts.filter((fact) => fact !== false)
}
