// How each kind of client is connected: what to copy, where to put it, what happens next.
import type { Child } from 'hono/jsx'
import { ButtonLink, CopyBox } from '../platform/html/components.js'

/** The name programs show for this server. */
const serverName = 'sekisho'

interface Client {
  id: string
  title: string
  /** In two or three words, what is done. */
  aside: string
  steps: (mcpUrl: string) => Child[]
}

const clients: readonly Client[] = [
  {
    id: 'claude-code',
    title: 'Claude Code',
    aside: 'one command',
    steps: (mcpUrl) => [
      <CopyBox label="In a terminal" text={`claude mcp add --transport http ${serverName} ${mcpUrl}`} />,
      <p>
        Start Claude Code, type <code>/mcp</code>, choose <strong>{serverName}</strong> and then{' '}
        <strong>Authenticate</strong>.
      </p>,
    ],
  },
  {
    id: 'vs-code',
    title: 'VS Code',
    aside: 'one click or one command',
    steps: (mcpUrl) => {
      const config = JSON.stringify({ name: serverName, type: 'http', url: mcpUrl })
      return [
        <p>
          <ButtonLink href={`vscode:mcp/install?${encodeURIComponent(config)}`}>Add to VS Code</ButtonLink>
        </p>,
        <CopyBox label="Or in a terminal (macOS, Linux)" text={`code --add-mcp '${config}'`} />,
        <p>VS Code asks to sign in the first time it uses a tool. Say yes.</p>,
      ]
    },
  },
  {
    id: 'cursor',
    title: 'Cursor',
    aside: 'one click or one file',
    steps: (mcpUrl) => {
      const config = Buffer.from(JSON.stringify({ url: mcpUrl })).toString('base64')
      const link = `cursor://anysphere.cursor-deeplink/mcp/install?name=${serverName}&config=${encodeURIComponent(config)}`
      return [
        <p>
          <ButtonLink href={link}>Add to Cursor</ButtonLink>
        </p>,
        <CopyBox
          label="Or in the file ~/.cursor/mcp.json"
          text={JSON.stringify({ mcpServers: { [serverName]: { url: mcpUrl } } }, undefined, 2)}
        />,
        <p>
          Then open Cursor’s settings, find <strong>{serverName}</strong> among the MCP servers and connect it.
        </p>,
      ]
    },
  },
  {
    id: 'gemini-cli',
    title: 'Gemini CLI',
    aside: 'one command',
    steps: (mcpUrl) => [
      <CopyBox label="In a terminal" text={`gemini mcp add --transport http ${serverName} ${mcpUrl}`} />,
      <p>
        Start Gemini CLI and type <code>/mcp auth {serverName}</code>.
      </p>,
    ],
  },
  {
    id: 'chatgpt',
    title: 'ChatGPT',
    aside: 'in its settings',
    steps: (mcpUrl) => [
      <p>
        In the settings, under <strong>Apps</strong>, turn on developer mode in the advanced settings. Then choose{' '}
        <strong>Create app</strong>, give it a name and paste the address. Leave the authentication at OAuth.
      </p>,
      <CopyBox label="Address" text={mcpUrl} />,
      isLocal(mcpUrl) ? (
        <p class="soft">
          ChatGPT connects from the internet. This address is only known on this machine, so it cannot be reached.
        </p>
      ) : null,
    ],
  },
  {
    id: 'inspector',
    title: 'MCP Inspector',
    aside: 'for developers',
    steps: (mcpUrl) => [
      <CopyBox label="In a terminal" text="npx @modelcontextprotocol/inspector" />,
      <p>
        Choose the transport <strong>Streamable HTTP</strong>, paste the address and press <strong>Connect</strong>.
      </p>,
      <CopyBox label="Address" text={mcpUrl} />,
    ],
  },
  {
    id: 'other',
    title: 'Anything else that speaks MCP',
    aside: 'the address is enough',
    steps: (mcpUrl) => [
      <p>
        Where the program asks for a remote MCP server, give it this address. It finds out by itself where to sign in;
        no key is needed.
      </p>,
      <CopyBox label="Address" text={mcpUrl} />,
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
            {title}
            <span class="station-aside">{aside}</span>
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
