// What a person sees when something cannot be done: what happened, what to do, and a way on.
import { type ProblemCode, type ProblemDetails, problems } from '@sekisho/contracts'
import { Actions, ButtonLink, Facts } from './components.js'
import { t } from './t.js'

const home = { href: '/', label: 'Go to the home page' } as const
const signIn = { href: '/auth/login', label: 'Sign in' } as const
const otherAccount = { href: '/auth/login', label: 'Sign in with another account' } as const

/** The first step that helps, for the problems where it is not the home page. */
const firstStep: Partial<Record<ProblemCode, typeof signIn | typeof otherAccount>> = {
  'sign-in-required': signIn,
  'account-not-active': otherAccount,
}

export interface ProblemPageProps {
  problem: ProblemDetails
  /** What the operator finds the log lines by; the `reference` member of `internal` unless told. */
  reference?: string
}

/** What a problem is called on pages; programs are told by its English title. */
export function problemTitle(code: ProblemCode): string {
  return t(problems[code].title)
}

/** The body of a problem's page; send it with `layout: 'card'` and the problem's status. */
export function ProblemPage({ problem, reference }: ProblemPageProps) {
  const known = reference ?? (typeof problem.reference === 'string' ? problem.reference : undefined)
  const onward = firstStep[problem.code] ?? home
  return (
    <div class="card-decision">
      <p class="eyebrow">{problem.status}</p>
      <h1>{problemTitle(problem.code)}</h1>
      <p>{problem.detail}</p>
      {known ? <Facts items={[{ term: t('Reference'), detail: <code>{known}</code> }]} /> : null}
      <Actions>
        <ButtonLink kind="primary" href={onward.href}>
          {t(onward.label)}
        </ButtonLink>
        {onward === home ? null : <ButtonLink href={home.href}>{t(home.label)}</ButtonLink>}
      </Actions>
    </div>
  )
}
