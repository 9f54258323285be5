// The page of one tool: what it is for, its parameters, and a form that runs it in the reader's own name.
import type { Problem } from '@sekisho/contracts'
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
import type { ToolOutcome } from './tool-runner.js'

/** A call that was tried with the form: what stood in it, and what came of it. */
export interface TriedCall {
  text: string
  outcome: ToolOutcome
}

export interface ToolPageProps {
  tool: Tool
  definition: ToolDefinition
  publicUrl: string
  csrfToken: string
  /** What stands in the form: JSON. */
  text: string
  outcome: ToolOutcome | undefined
}

export function ToolPage({ tool, definition, publicUrl, csrfToken, text, outcome }: ToolPageProps) {
  const parameters = parametersOf(definition.inputSchema)
  return (
    <>
      <PageHead title={tool.title} actions={<ButtonLink href="/api/docs">All tools</ButtonLink>}>
        {tool.description}
      </PageHead>
      {outcome ? <Answer tool={tool} outcome={outcome} /> : null}
      <Facts
        items={[
          { term: 'Name', detail: <code>{tool.name}</code> },
          { term: 'Effect', detail: <Effect tool={tool} /> },
          { term: 'Scope', detail: <code>{tool.scope}</code> },
        ]}
      />
      <CopyBox label="Address" text={`POST ${publicUrl}/api/tools/${tool.name}`} />
      <Section title="Parameters">
        {parameters.length === 0 ? (
          <p class="soft">It takes none.</p>
        ) : (
          <Table
            caption={`Parameters of ${tool.name}`}
            columns={[{ title: 'Name' }, { title: 'Kind' }, { title: 'What it is' }]}
            rows={parameters.map(({ name, kind, required, description }) => [
              <>
                <code>{name}</code> {required ? <Tag kind="seal">needed</Tag> : null}
              </>,
              kind,
              description,
            ])}
          />
        )}
      </Section>
      <Section title="Try it" id="try" lead={tried(tool)}>
        <Form action={toolPath(tool.name)} csrfToken={csrfToken} {...question(tool)}>
          <div class="field">
            <label for="arguments">Arguments</label>
            <p class="field-hint" id="arguments-hint">
              One JSON object. The needed parameters are there already, the others you can add.
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
            <Button>Run it</Button>
          </Actions>
        </Form>
      </Section>
    </>
  )
}

function tried({ annotations }: Tool): string {
  return annotations.readOnlyHint
    ? 'It runs in your name and changes nothing.'
    : 'It runs in your name and acts for real, exactly as when a program calls it.'
}

function question({ title, annotations }: Tool): { confirm?: string } {
  return annotations.destructiveHint && !annotations.readOnlyHint ? { confirm: `Really run “${title}”?` } : {}
}

function Answer({ tool, outcome }: { tool: Tool; outcome: ToolOutcome }) {
  if ('output' in outcome) {
    return (
      <Section title="Answer" id="answer">
        <Notice kind="success" title="It ran">
          <p>The call stands in the log like any other.</p>
        </Notice>
        <CopyBox label="Result" text={JSON.stringify(outcome.output, undefined, 2)} />
      </Section>
    )
  }
  const { problem } = outcome
  const connect = pathToConnect(tool, problem)
  return (
    <Section title="Answer" id="answer">
      <Notice kind="error">
        {/* The problem's words are for a model that speaks to somebody; here that one reads by themselves. */}
        <p>
          {connect ? 'This needs an account of yours, with the access it asks for. Then run it again.' : problem.detail}
        </p>
      </Notice>
      {connect ? (
        <Actions>
          <ButtonLink kind="primary" href={connect}>
            Connect an account
          </ButtonLink>
        </Actions>
      ) : null}
      <CopyBox label="Problem" text={JSON.stringify(problem, undefined, 2)} />
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
