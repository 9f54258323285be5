// How each kind of client is connected: what to copy, where to put it, what happens next.
import type { Child } from 'hono/jsx'
import { ButtonLink, CopyBox } from '../platform/html/components.js'
import { t } from './t.js'

/** The name programs show for this server. */
const serverName = 'sekisho'

interface Client {
  id: string
  title: () => string
  /** In two or three words, what is done. */
  aside: () => string
  steps: (mcpUrl: string) => Child[]
}

const clients: readonly Client[] = [
  {
    id: 'claude-code',
    title: () => 'Claude Code',
    aside: () => t('one command'),
    steps: (mcpUrl) => [
      <CopyBox label={t('In a terminal')} text={`claude mcp add --transport http ${serverName} ${mcpUrl}`} />,
      <p>
        {t.rich('Start Claude Code, type {command}, choose {server} and then {button}.', {
          command: <code>/mcp</code>,
          server: <strong>{serverName}</strong>,
          button: <strong>Authenticate</strong>,
        })}
      </p>,
    ],
  },
  {
    id: 'vs-code',
    title: () => 'VS Code',
    aside: () => t('one click or one command'),
    steps: (mcpUrl) => {
      const config = JSON.stringify({ name: serverName, type: 'http', url: mcpUrl })
      return [
        <p>
          <ButtonLink href={`vscode:mcp/install?${encodeURIComponent(config)}`}>{t('Add to VS Code')}</ButtonLink>
        </p>,
        <CopyBox label={t('Or in a terminal (macOS, Linux)')} text={`code --add-mcp '${config}'`} />,
        <p>{t('VS Code asks to sign in the first time it uses a tool. Say yes.')}</p>,
      ]
    },
  },
  {
    id: 'cursor',
    title: () => 'Cursor',
    aside: () => t('one click or one file'),
    steps: (mcpUrl) => {
      const config = Buffer.from(JSON.stringify({ url: mcpUrl })).toString('base64')
      const link = `cursor://anysphere.cursor-deeplink/mcp/install?name=${serverName}&config=${encodeURIComponent(config)}`
      return [
        <p>
          <ButtonLink href={link}>{t('Add to Cursor')}</ButtonLink>
        </p>,
        <CopyBox
          label={t('Or in the file {path}', { path: '~/.cursor/mcp.json' })}
          text={JSON.stringify({ mcpServers: { [serverName]: { url: mcpUrl } } }, undefined, 2)}
        />,
        <p>
          {t.rich('Then open Cursor’s settings, find {server} among the MCP servers and connect it.', {
            server: <strong>{serverName}</strong>,
          })}
        </p>,
      ]
    },
  },
  {
    id: 'gemini-cli',
    title: () => 'Gemini CLI',
    aside: () => t('one command'),
    steps: (mcpUrl) => [
      <CopyBox label={t('In a terminal')} text={`gemini mcp add --transport http ${serverName} ${mcpUrl}`} />,
      <p>{t.rich('Start Gemini CLI and type {command}.', { command: <code>/mcp auth {serverName}</code> })}</p>,
    ],
  },
  {
    id: 'chatgpt',
    title: () => 'ChatGPT',
    aside: () => t('in its settings'),
    steps: (mcpUrl) => [
      <p>
        {t.rich(
          'In the settings, under {apps}, turn on developer mode in the advanced settings. Then choose {create}, give it a name and paste the address. Leave the authentication at OAuth.',
          { apps: <strong>Apps</strong>, create: <strong>Create app</strong> },
        )}
      </p>,
      <CopyBox label={t('Address')} text={mcpUrl} />,
      isLocal(mcpUrl) ? (
        <p class="soft">
          {t(
            'ChatGPT connects from the internet. This address is only known on this machine, so it cannot be reached.',
          )}
        </p>
      ) : null,
    ],
  },
  {
    id: 'inspector',
    title: () => 'MCP Inspector',
    aside: () => t('for developers'),
    steps: (mcpUrl) => [
      <CopyBox label={t('In a terminal')} text="npx @modelcontextprotocol/inspector" />,
      <p>
        {t.rich('Choose the transport {transport}, paste the address and press {button}.', {
          transport: <strong>Streamable HTTP</strong>,
          button: <strong>Connect</strong>,
        })}
      </p>,
      <CopyBox label={t('Address')} text={mcpUrl} />,
    ],
  },
  {
    id: 'other',
    title: () => t('Anything else that speaks MCP'),
    aside: () => t('the address is enough'),
    steps: (mcpUrl) => [
      <p>
        {t(
          'Where the program asks for a remote MCP server, give it this address. It finds out by itself where to sign in; no key is needed.',
        )}
      </p>,
      <CopyBox label={t('Address')} text={mcpUrl} />,
    ],
  },
]

/** One entry for each kind of client; opening one closes the others, without scripts. */
export function ConnectList({ mcpUrl }: { mcpUrl: string }) {
  return (
    <div class="stations">
      {clients.map(({ id, title, aside, steps }, index) => (
        <details class="station" name="client" id={id} open={index === 0}>
          <summary>
            {title()}
            <span class="station-aside">{aside()}</span>
          </summary>
          <div class="station-body">{steps(mcpUrl)}</div>
        </details>
      ))}
    </div>
  )
}

/** Whether only this machine can reach the address. */
function isLocal(url: string): boolean {
  const { hostname } = new URL(url)
  return hostname === 'localhost' || hostname.endsWith('.localhost') || /^127\.|^\[::1\]$/.test(hostname)
}
