// What a start says when everything is up: where things are, how to sign in, and how to connect each client.

/**
 * @param {Pick<import('./setup.js').StartSettings, 'publicUrl' | 'mcpUrl' | 'dataDirectory' | 'devSignIn' | 'google' | 'needsDatabase'>} settings
 * @returns {string}
 */
export function welcome({ publicUrl, mcpUrl, dataDirectory, devSignIn, google, needsDatabase }) {
  const ways = [
    ...(google ? ['with Google'] : []),
    ...(devSignIn ? ['with any name and e-mail (development only)'] : []),
  ]
  const cursor = JSON.stringify({ mcpServers: { sekisho: { url: mcpUrl } } })
  const vsCode = JSON.stringify({ name: 'sekisho', type: 'http', url: mcpUrl })
  return `
Sekisho is up.

  Console       ${publicUrl}
  MCP endpoint  ${mcpUrl}
  Sign in       ${ways.join(', or ') || 'is not set up: set GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET'}

Connect a client; it opens the browser for you to sign in and consent:

  Claude Code   claude mcp add --transport http sekisho ${mcpUrl}
  VS Code       code --add-mcp '${vsCode}'
  Cursor        in ~/.cursor/mcp.json: ${cursor}

  Data          ${dataDirectory}${needsDatabase ? ' (database, sealing key, logs)' : ' (sealing key, logs); the database is the one of DATABASE_URL'}
  Stop          Ctrl-C
`
}

/**
 * What the demo says when everything is up: that nothing of it is real, and what to try first.
 * @param {Pick<import('./setup.js').StartSettings, 'publicUrl' | 'mcpUrl' | 'dataDirectory'>} settings
 * @param {{ name: string, port: number }[]} services
 * @returns {string}
 */
export function demoWelcome({ publicUrl, mcpUrl, dataDirectory }, services) {
  const width = Math.max(...services.map(({ name }) => name.length)) + 2
  const places = services.map(({ name, port }) => `    ${name.padEnd(width)}http://127.0.0.1:${port}`)
  return `
┌──────────────────────────────────────────────────────────────────────────────┐
│  This is the DEMO of Sekisho. Its services are pretended ones: their people  │
│  and all their data are made up, run on this machine and answer it alone.    │
│  Enter no real password and no real token. Every start begins afresh.        │
└──────────────────────────────────────────────────────────────────────────────┘

Try this first:

  1. Open ${publicUrl} and sign in with any name and e-mail.
  2. Choose Connections and connect an account. The pretended service asks
     whether you agree; choose one of its people and press Allow.
  3. Open ${publicUrl}/api/docs, choose a tool, e.g. gcal.list_events, and call it.
  4. Ask the same with an LLM client:
       claude mcp add --transport http sekisho-demo ${mcpUrl}
     then /mcp to sign in, and: "What is on my calendar this week?"

  Pretended services
${places.join('\n')}

  MCP endpoint  ${mcpUrl}
  Data          ${dataDirectory} (a real start uses another place)
  Stop          Ctrl-C
`
}
