// The page where a person chooses, tool by tool, whether calls wait for their word.
import type { ToolPolicies, ToolPolicy } from '../accounts/tool-policies.js'
import {
  Actions,
  Button,
  ButtonLink,
  EmptyState,
  Form,
  Notice,
  PageHead,
  Section,
} from '../platform/html/components.js'
import { Select } from '../platform/html/select.js'
import type { Provider, Tool } from '../providers/provider.js'
import { shown } from '../providers/shown.js'
import { effectWords } from './approval-parts.js'
import { effectOf } from './shown-approvals.js'
import { t } from './t.js'
import { type ApprovalRule, isAskedByDefault } from './when-to-ask.js'

export interface WhenToAskPageProps {
  csrfToken: string
  providers: readonly Provider[]
  policies: ToolPolicies
  rule: ApprovalRule
  /** Whether choices were kept a moment ago. */
  done: boolean
}

export function WhenToAskPage({ csrfToken, providers, policies, rule, done }: WhenToAskPageProps) {
  return (
    <>
      <PageHead title={t('When to ask')} actions={<ButtonLink href="/approvals">{t('All approvals')}</ButtonLink>}>
        {t(
          'For each tool, whether a program that calls it has to wait for your word. It counts from the next call on.',
        )}
      </PageHead>
      {done ? (
        <Notice kind="success" title={t('Kept')}>
          <p>{t('Your choices count from the next call on.')}</p>
        </Notice>
      ) : null}
      {providers.length === 0 ? (
        <EmptyState title={t('No tools yet')}>
          <p>{t('There is nothing here that a program could call for you.')}</p>
        </EmptyState>
      ) : (
        providers.map((provider) => (
          <Section
            title={shown(provider, provider.title)}
            id={provider.id}
            lead={shown(provider, provider.description)}
          >
            <Form action="/approvals/tools" csrfToken={csrfToken}>
              <input type="hidden" name="provider" value={provider.id} />
              {provider.tools.map((tool) => (
                <ToolChoice {...{ tool, rule, own: policies.get(tool.name) }} title={shown(provider, tool.title)} />
              ))}
              <Actions>
                <Button label={t('Keep the choices of {provider}', { provider: shown(provider, provider.title) })}>
                  {t('Keep the choices')}
                </Button>
              </Actions>
            </Form>
          </Section>
        ))
      )}
    </>
  )
}

function ToolChoice(props: { tool: Tool; title: string; rule: ApprovalRule; own: ToolPolicy | undefined }) {
  const { tool, title, rule, own } = props
  const effect = effectOf(tool)
  return (
    <Select
      label={title}
      name={tool.name}
      hint={`${tool.name} · ${effectWords(effect)}`}
      value={own ?? 'default'}
      options={[
        { value: 'default', label: isAskedByDefault(tool, rule) ? t('Default: ask') : t('Default: do not ask') },
        { value: 'ask', label: t('Always ask') },
        {
          value: 'allow',
          label:
            effect === 'changes' ? t('Never ask: programs may change and delete without your word') : t('Never ask'),
        },
      ]}
    />
  )
}
