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
