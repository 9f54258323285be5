// The programs a person has allowed to act for them, and the question before one is withdrawn.
import {
  Actions,
  Ago,
  Button,
  ButtonLink,
  Card,
  EmptyState,
  Facts,
  Form,
  Moment,
  Notice,
  PageHead,
  Section,
  Tag,
} from '../platform/html/components.js'
import type { ShownGrant } from './grants.js'
import { programName, publisherOf } from './program-name.js'
import { redirectTargetOf } from './redirect-target.js'
import type { ScopeGroup } from './scope-words.js'
import { t } from './t.js'

/** Everything a person allowed one program. */
export interface Program {
  readonly clientId: string
  readonly name: string
  readonly grants: readonly (ShownGrant & { readonly groups: readonly ScopeGroup[] })[]
}

export type ProgramsDone = 'withdrawn' | 'gone'

export interface ProgramsPageProps {
  programs: readonly Program[]
  done: ProgramsDone | undefined
}

export function ProgramsPage({ programs, done }: ProgramsPageProps) {
  return (
    <>
      <PageHead title={t('Programs')}>
        {t('What may act for you, and what for. You can withdraw it at any time.')}
      </PageHead>
      {done === 'withdrawn' ? (
        <Notice kind="success" title={t('Withdrawn')}>
          <p>{t('It can no longer act for you, from this moment on.')}</p>
        </Notice>
      ) : null}
      {done === 'gone' ? (
        <Notice kind="info" title={t('Nothing to withdraw')}>
          <p>{t('That access had already ended.')}</p>
        </Notice>
      ) : null}
      {programs.length === 0 ? (
        <EmptyState
          title={t('No program acts for you')}
          actions={<ButtonLink href="/">{t('How to connect a program')}</ButtonLink>}
        >
          {t('Connect one, and it shows up here when you have allowed it.')}
        </EmptyState>
      ) : (
        programs.map((program) => <OneProgram program={program} />)
      )}
    </>
  )
}

function OneProgram({ program }: { program: Program }) {
  const { clientId, name, grants } = program
  const publisher = publisherOf(clientId)
  return (
    <Section
      title={t('“{name}”', { name })}
      lead={
        publisher
          ? t('Described at {site}. The name is its own.', { site: publisher })
          : t('Registered itself; nobody has checked who made it. The name is its own.')
      }
    >
      <div class="flow">
        {grants.map((grant) => (
          <Card level={3} title={t.rich('Allowed {when}', { when: <Moment at={grant.createdAt} /> })}>
            <Facts items={grantFacts(grant)} />
            <ButtonLink
              href={`/programs/withdraw?authorization=${encodeURIComponent(grant.id)}`}
              kind="danger"
              label={t('Withdraw what {name} was allowed on {date}', {
                name,
                date: grant.createdAt.toISOString().slice(0, 10),
              })}
            >
              {t('Withdraw')}
            </ButtonLink>
          </Card>
        ))}
        {grants.length > 1 ? (
          <ButtonLink
            href={`/programs/withdraw?program=${encodeURIComponent(clientId)}`}
            kind="danger"
            label={t('Withdraw all {count} of {name}', { count: grants.length, name })}
          >
            {t('Withdraw all {count}', { count: grants.length })}
          </ButtonLink>
        ) : null}
      </div>
    </Section>
  )
}

function grantFacts(grant: Program['grants'][number]) {
  return [
    ...grant.groups.map(({ title, scopes }) => ({
      term: title,
      detail: (
        <>
          {scopes.map(({ allows, writes }) => (
            <div>
              {allows} {writes ? <Tag kind="warn">{t('makes changes')}</Tag> : null}
            </div>
          ))}
        </>
      ),
    })),
    { term: t('Returns to'), detail: destinationWords(grant.redirectUri) },
    { term: t('Last used'), detail: grant.lastUsedAt ? <Ago at={grant.lastUsedAt} /> : t('not yet') },
  ]
}

function destinationWords(redirectUri: string): string {
  const { kind, name } = redirectTargetOf(redirectUri)
  if (kind === 'computer') return t('a program on your computer')
  return kind === 'app' ? t('the application that opens {scheme} links', { scheme: name }) : name
}

export interface WithdrawPageProps {
  csrfToken: string
  program: string
  /** How many authorizations end. */
  count: number
  /** What the form sends: one authorization, or a program. */
  field: { name: 'authorization' | 'program'; value: string }
}

export function WithdrawPage({ csrfToken, program, count, field }: WithdrawPageProps) {
  return (
    <div class="card-decision">
      <p class="eyebrow">{t('Programs')}</p>
      <h1>{t('Withdraw the access of “{name}”?', { name: programName(program) })}</h1>
      <p>
        {count > 1
          ? t(
              'This ends all {count} authorizations of it. It is refused from its very next call on. To use it again, you connect it anew.',
              { count },
            )
          : t('It is refused from its very next call on. To use it again, you connect it anew.')}
      </p>
      <Form action="/programs/withdraw" csrfToken={csrfToken}>
        <input type="hidden" name={field.name} value={field.value} />
        <Actions>
          <Button kind="danger">{t('Withdraw')}</Button>
          <ButtonLink href="/programs">{t('Keep it')}</ButtonLink>
        </Actions>
      </Form>
    </div>
  )
}
