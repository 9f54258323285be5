// The page of the direct API: how to call, with what, and which tools there are.
import { ButtonLink, CopyBox, EmptyState, PageHead, Section, Table } from '../platform/html/components.js'
import type { Provider } from '../providers/provider.js'
import { Effect } from './effect.js'

export interface ApiDocsPageProps {
  publicUrl: string
  providers: readonly Provider[]
}

/** Where the page of one tool is. */
export const toolPath = (name: string) => `/api/docs/${encodeURIComponent(name)}`

export function ApiDocsPage({ publicUrl, providers }: ApiDocsPageProps) {
  const example = providers.flatMap(({ tools }) => tools)[0]?.name ?? 'product.search'
  return (
    <>
      <PageHead title="Direct API" actions={<ButtonLink href="/api/openapi.json">OpenAPI document</ButtonLink>}>
        Every tool over plain HTTP, for scripts and programs that do not speak MCP. The same rules hold, and the same
        log.
      </PageHead>
      <Section title="How to call" lead="A program sends an access token. It gets one as MCP clients do, by OAuth.">
        <CopyBox
          label="With an access token"
          text={`curl ${publicUrl}/api/tools/${example} \\\n  -H "Authorization: Bearer $TOKEN" \\\n  -H "Content-Type: application/json" \\\n  -d '{}'`}
        />
        <p>In a browser where you are signed in, your session is enough; a write carries its token as well.</p>
        <CopyBox
          label="In this browser’s console"
          text={`const { csrf_token } = await (await fetch('/api/session')).json()\nawait (await fetch('/api/tools/${example}', {\n  method: 'POST',\n  headers: { 'content-type': 'application/json', 'x-csrf-token': csrf_token },\n  body: JSON.stringify({}),\n})).json()`}
        />
        <p class="soft">
          A failure is a problem document (RFC 9457) that says what to do next. The header <code>Idempotency-Key</code>{' '}
          makes a repeated write act once.
        </p>
      </Section>
      {providers.length === 0 ? (
        <EmptyState title="No tools yet">
          <p>Nothing is installed on this server. Whoever runs it can add providers.</p>
        </EmptyState>
      ) : (
        providers.map(({ id, title, description, tools }) => (
          <Section title={title} id={id} lead={description}>
            <Table
              caption={`Tools of ${title}`}
              columns={[{ title: 'Tool' }, { title: 'What it does' }, { title: 'Effect' }, { title: 'Scope' }]}
              rows={tools.map((tool) => [
                <a href={toolPath(tool.name)}>{tool.name}</a>,
                tool.title,
                <Effect tool={tool} />,
                <code>{tool.scope}</code>,
              ])}
            />
          </Section>
        ))
      )}
    </>
  )
}
