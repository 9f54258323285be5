// What the two programs will not take of the settings, all of it at once: each would end at its own first message.

/** Stands for a database that the start itself will bring. */
const localDatabase = 'postgres://sekisho@127.0.0.1/sekisho'

/**
 * @param {NodeJS.ProcessEnv} env what the programs will get
 * @returns {Promise<string[]>} a line for each fault; empty when both will start
 */
export async function findSettingFaults(env) {
  // Built by now, and not before: that is why they are not imported above.
  const programs = await Promise.all([
    import('../app-server/dist/platform/settings.js'),
    import('../mcp-router/dist/settings.js'),
  ])
  const given = { ...env, ...(!env.DATABASE_URL && !env.DATABASE_URL_FILE && { DATABASE_URL: localDatabase }) }
  const faults = programs.flatMap(({ loadSettings }) => {
    try {
      loadSettings(given)
      return []
    } catch (error) {
      if (error instanceof Error && 'faults' in error) return /** @type {string[]} */ (error.faults)
      throw error
    }
  })
  return [...new Set(faults)]
}
