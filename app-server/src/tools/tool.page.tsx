// The page of one tool: what it is for, its parameters, and a form that runs it in the reader's own name.
import type { Problem } from '@sekisho/contracts'
import type { Child } from 'hono/jsx'
import {
  Actions,
  Button,
  ButtonLink,
  CopyBox,
  Facts,
  Form,
  Notice,
  PageHead,
  Section,
  Table,
  Tag,
} from '../platform/html/components.js'
import type { Tool } from '../providers/provider.js'
import { toolPath } from './api-docs.page.js'
import type { ToolDefinition } from './catalog.js'
import { Effect } from './effect.js'
import { parametersOf } from './parameters.js'
import { t } from './t.js'
import type { ToolOutcome } from './tool-runner.js'

/** A call that was tried with the form: what stood in it, and what came of it. */
export interface TriedCall {
  text: string
  outcome: ToolOutcome
}

export interface ToolPageProps {
  tool: Tool
  /** As the reader calls it. */
  title: string
  definition: ToolDefinition
  publicUrl: string
  csrfToken: string
  /** What stands in the form: JSON. */
  text: string
  outcome: ToolOutcome | undefined
}

export function ToolPage({ tool, title, definition, publicUrl, csrfToken, text, outcome }: ToolPageProps) {
  const parameters = parametersOf(definition.inputSchema)
  return (
    <>
      <PageHead title={title} actions={<ButtonLink href="/api/docs">{t('All tools')}</ButtonLink>}>
        <ForModels>{tool.description}</ForModels>
      </PageHead>
      {outcome ? <Answer tool={tool} outcome={outcome} /> : null}
      <Facts
        items={[
          { term: t('Name'), detail: <code>{tool.name}</code> },
          { term: t('Effect'), detail: <Effect tool={tool} /> },
          { term: t('Scope'), detail: <code>{tool.scope}</code> },
        ]}
      />
      <CopyBox label={t('Address')} text={`POST ${publicUrl}/api/tools/${tool.name}`} />
      <Section title={t('Parameters')}>
        {parameters.length === 0 ? (
          <p class="soft">{t('It takes none.')}</p>
        ) : (
          <Table
            caption={t('Parameters of {tool}', { tool: tool.name })}
            columns={[{ title: t('Name') }, { title: t('Kind') }, { title: t('What it is') }]}
            rows={parameters.map(({ name, kind, required, description }) => [
              <>
                <code>{name}</code> {required ? <Tag kind="seal">{t('needed')}</Tag> : null}
              </>,
              kind,
              <ForModels>{description}</ForModels>,
            ])}
          />
        )}
      </Section>
      <Section title={t('Try it')} id="try" lead={tried(tool)}>
        <Form action={toolPath(tool.name)} csrfToken={csrfToken} {...question(tool, title)}>
          <div class="field">
            <label for="arguments">{t('Arguments')}</label>
            <p class="field-hint" id="arguments-hint">
              {t('One JSON object. The needed parameters are there already, the others you can add.')}
            </p>
            <textarea
              id="arguments"
              name="arguments"
              rows={10}
              maxlength={50_000}
              spellcheck={false}
              autocomplete="off"
              autocapitalize="off"
              aria-describedby="arguments-hint"
            >
              {text}
            </textarea>
          </div>
          <Actions>
            <Button>{t('Run it')}</Button>
          </Actions>
        </Form>
      </Section>
    </>
  )
}

/** Written for models, in English alone. */
function ForModels({ children }: { children?: Child }) {
  return <span lang="en">{children}</span>
}

function tried({ annotations }: Tool): string {
  return annotations.readOnlyHint
    ? t('It runs in your name and changes nothing.')
    : t('It runs in your name and acts for real, exactly as when a program calls it.')
}

function question({ annotations }: Tool, title: string): { confirm?: string } {
  return annotations.destructiveHint && !annotations.readOnlyHint
    ? { confirm: t('Really run “{tool}”?', { tool: title }) }
    : {}
}

function Answer({ tool, outcome }: { tool: Tool; outcome: ToolOutcome }) {
  if ('output' in outcome) {
    return (
      <Section title={t('Answer')} id="answer">
        <Notice kind="success" title={t('It ran')}>
          <p>{t('The call stands in the log like any other.')}</p>
        </Notice>
        <CopyBox label={t('Result')} text={JSON.stringify(outcome.output, undefined, 2)} />
      </Section>
    )
  }
  const { problem } = outcome
  const connect = pathToConnect(tool, problem)
  return (
    <Section title={t('Answer')} id="answer">
      <Notice kind="error">
        {/* The problem's words are for a model that speaks to somebody; here that one reads by themselves. */}
        <p>
          {connect
            ? t('This needs an account of yours, with the access it asks for. Then run it again.')
            : problem.detail}
        </p>
      </Notice>
      {connect ? (
        <Actions>
          <ButtonLink kind="primary" href={connect}>
            {t('Connect an account')}
          </ButtonLink>
        </Actions>
      ) : null}
      <CopyBox label={t('Problem')} text={JSON.stringify(problem, undefined, 2)} />
    </Section>
  )
}

/** Where the reader mends a missing account, and comes back from; undefined when that is not what is wrong. */
function pathToConnect(tool: Tool, { code, members }: Problem): string | undefined {
  const { connect_url: link } = members
  if (code !== 'not-connected' || typeof link !== 'string') return undefined
  const url = new URL(link)
  url.searchParams.set('returnTo', toolPath(tool.name))
  return url.pathname + url.search
}
