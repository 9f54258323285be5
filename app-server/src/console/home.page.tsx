// The home page: the one address, how to give it to a program, and what programs can then be allowed.
import { ButtonLink, Card, CopyBox, EmptyState, PageHead, Section } from '../platform/html/components.js'
import { Mark } from '../platform/html/mark.js'
import type { Viewer } from '../platform/html/pages.js'
import type { Provider, Tool } from '../providers/provider.js'
import { shown } from '../providers/shown.js'
import { Effect } from '../tools/effect.js'
import { ConnectList } from './connect.js'
import { t } from './t.js'

/** Tools of one provider that are seen at once. */
const shownTools = 6

export interface HomePageProps {
  viewer: Viewer
  mcpUrl: string
  providers: readonly Provider[]
}

export function HomePage({ viewer, mcpUrl, providers }: HomePageProps) {
  return (
    <>
      <PageHead title={t('Welcome, {name}', { name: viewer.name })}>
        {t('Give a program this one address. It shows its pass here, you decide what it may do, and the road is open.')}
      </PageHead>
      <div class="pass">
        <CopyBox label={t('Your address')} text={mcpUrl} large />
        <span class="pass-seal">
          <Mark size={72} />
        </span>
      </div>
      <Section
        title={t('Connect a program')}
        lead={t(
          'The program opens this site in your browser once, so that you can say yes. After that it works by itself.',
        )}
      >
        <ConnectList mcpUrl={mcpUrl} />
      </Section>
      <Section
        title={t('What programs can be allowed')}
        lead={t('Only what you tick when you say yes, and only until you withdraw it.')}
      >
        {providers.length === 0 ? (
          <EmptyState title={t('No tools yet')}>
            <p>{t('Nothing is installed on this server. Whoever runs it can add providers.')}</p>
          </EmptyState>
        ) : (
          <div class="grid">
            {providers.map((provider) => (
              <ProviderCard provider={provider} />
            ))}
          </div>
        )}
      </Section>
      <Section title={t('In your hands')}>
        <div class="actions">
          <ButtonLink href="/chat">{t('Chat with a model')}</ButtonLink>
          <ButtonLink href="/approvals">{t('Calls that wait for you')}</ButtonLink>
          <ButtonLink href="/programs">{t('Programs with access')}</ButtonLink>
          <ButtonLink href="/connections">{t('Connected accounts')}</ButtonLink>
          <ButtonLink href="/account/sessions">{t('Your sessions')}</ButtonLink>
          <ButtonLink href="/api/docs">{t('Call the tools yourself')}</ButtonLink>
        </div>
      </Section>
    </>
  )
}

function ProviderCard({ provider }: { provider: Provider }) {
  const rest = provider.tools.slice(shownTools)
  return (
    <Card title={shown(provider, provider.title)} level={3}>
      <p class="soft">{shown(provider, provider.description)}</p>
      <ToolList provider={provider} tools={provider.tools.slice(0, shownTools)} />
      {rest.length > 0 ? (
        <details class="more">
          <summary>{t('{count} more', { count: rest.length })}</summary>
          <ToolList provider={provider} tools={rest} />
        </details>
      ) : null}
    </Card>
  )
}

function ToolList({ provider, tools }: { provider: Provider; tools: readonly Tool[] }) {
  return (
    <ul class="tools">
      {tools.map((tool) => (
        <li>
          <span>{shown(provider, tool.title)}</span>
          <Effect tool={tool} />
        </li>
      ))}
    </ul>
  )
}
