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
      <PageHead title="Programs">What may act for you, and what for. You can withdraw it at any time.</PageHead>
      {done === 'withdrawn' ? (
        <Notice kind="success" title="Withdrawn">
          <p>It can no longer act for you, from this moment on.</p>
        </Notice>
      ) : null}
      {done === 'gone' ? (
        <Notice kind="info" title="Nothing to withdraw">
          <p>That access had already ended.</p>
        </Notice>
      ) : null}
      {programs.length === 0 ? (
        <EmptyState
          title="No program acts for you"
          actions={<ButtonLink href="/">How to connect a program</ButtonLink>}
        >
          Connect one, and it shows up here when you have allowed it.
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
      title={`“${name}”`}
      lead={`${publisher ? `Described at ${publisher}.` : 'Registered itself; nobody has checked who made it.'} The name is its own.`}
    >
      <div class="flow">
        {grants.map((grant) => (
          <Card
            level={3}
            title={
              <>
                Allowed <Moment at={grant.createdAt} />
              </>
            }
          >
            <Facts items={grantFacts(grant)} />
            <ButtonLink
              href={`/programs/withdraw?authorization=${encodeURIComponent(grant.id)}`}
              kind="danger"
              label={`Withdraw what ${name} was allowed on ${grant.createdAt.toISOString().slice(0, 10)}`}
            >
              Withdraw
            </ButtonLink>
          </Card>
        ))}
        {grants.length > 1 ? (
          <ButtonLink
            href={`/programs/withdraw?program=${encodeURIComponent(clientId)}`}
            kind="danger"
            label={`Withdraw all ${grants.length} of ${name}`}
          >
            Withdraw all {grants.length}
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
              {allows} {writes ? <Tag kind="warn">makes changes</Tag> : null}
            </div>
          ))}
        </>
      ),
    })),
    { term: 'Returns to', detail: destinationWords(grant.redirectUri) },
    { term: 'Last used', detail: grant.lastUsedAt ? <Ago at={grant.lastUsedAt} /> : 'not yet' },
  ]
}

function destinationWords(redirectUri: string): string {
  const { kind, name } = redirectTargetOf(redirectUri)
  if (kind === 'computer') return 'a program on your computer'
  return kind === 'app' ? `the application that opens ${name} links` : name
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
      <p class="eyebrow">Programs</p>
      <h1>Withdraw the access of “{programName(program)}”?</h1>
      <p>
        {count > 1 ? `This ends all ${count} authorizations of it. ` : ''}
        It is refused from its very next call on. To use it again, you connect it anew.
      </p>
      <Form action="/programs/withdraw" csrfToken={csrfToken}>
        <input type="hidden" name={field.name} value={field.value} />
        <Actions>
          <Button kind="danger">Withdraw</Button>
          <ButtonLink href="/programs">Keep it</ButtonLink>
        </Actions>
      </Form>
    </div>
  )
}
