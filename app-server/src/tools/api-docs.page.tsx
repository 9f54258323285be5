// The page of the direct API: how to call, with what, and which tools there are.
import { ButtonLink, CopyBox, EmptyState, PageHead, Section, Table } from '../platform/html/components.js'
import type { Provider } from '../providers/provider.js'
import { shown } from '../providers/shown.js'
import { Effect } from './effect.js'
import { t } from './t.js'

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
      <PageHead
        title={t('Direct API')}
        actions={<ButtonLink href="/api/openapi.json">{t('OpenAPI document')}</ButtonLink>}
      >
        {t(
          'Every tool over plain HTTP, for scripts and programs that do not speak MCP. The same rules hold, and the same log.',
        )}
      </PageHead>
      <Section
        title={t('How to call')}
        lead={t('A program sends an access token. It gets one as MCP clients do, by OAuth.')}
      >
        <CopyBox
          label={t('With an access token')}
          text={`curl ${publicUrl}/api/tools/${example} \\\n  -H "Authorization: Bearer $TOKEN" \\\n  -H "Content-Type: application/json" \\\n  -d '{}'`}
        />
        <p>{t('In a browser where you are signed in, your session is enough; a write carries its token as well.')}</p>
        <CopyBox
          label={t('In this browser’s console')}
          text={`const { csrf_token } = await (await fetch('/api/session')).json()\nawait (await fetch('/api/tools/${example}', {\n  method: 'POST',\n  headers: { 'content-type': 'application/json', 'x-csrf-token': csrf_token },\n  body: JSON.stringify({}),\n})).json()`}
        />
        <p class="soft">
          {t.rich(
            'A failure is a problem document (RFC 9457) that says what to do next. The header {header} makes a repeated write act once.',
            { header: <code>Idempotency-Key</code> },
          )}
        </p>
      </Section>
      {providers.length === 0 ? (
        <EmptyState title={t('No tools yet')}>
          <p>{t('Nothing is installed on this server. Whoever runs it can add providers.')}</p>
        </EmptyState>
      ) : (
        providers.map((provider) => (
          <Section
            title={shown(provider, provider.title)}
            id={provider.id}
            lead={shown(provider, provider.description)}
          >
            <Table
              caption={t('Tools of {provider}', { provider: shown(provider, provider.title) })}
              columns={[
                { title: t('Tool') },
                { title: t('What it does') },
                { title: t('Effect') },
                { title: t('Scope') },
              ]}
              rows={provider.tools.map((tool) => [
                <a href={toolPath(tool.name)}>{tool.name}</a>,
                shown(provider, tool.title),
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
