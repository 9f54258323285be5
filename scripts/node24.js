// Hands the command over to the Node 24 that npm installed, when the system's own Node is too old for what we use.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { onStopRequest, STDIN_IS_PARENT } from './processes.js'

const oldestMajor = 22
const installedNode = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url))

/**
 * Runs the script again with the installed Node when this one is too old, and then ends with its status: what follows
 * runs on a new enough Node only. This file and what it imports must therefore run on Node 20.
 * @param {string} script the file URL of the script, import.meta.url
 */
export async function requireNewNode(script) {
  if (Number.parseInt(process.versions.node, 10) >= oldestMajor) return
  if (!existsSync(installedNode)) {
    console.error(
      `Sekisho needs Node ${oldestMajor} or newer; this is ${process.version}, and npm install brought none for this machine. ` +
        'Install Node 24, or run npm install again without --omit=optional.',
    )
    process.exit(1)
  }
  const child = spawn(installedNode, [fileURLToPath(script), ...process.argv.slice(2)], {
    // The pipe tells the child when we are gone, even by SIGKILL.
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { ...process.env, ...STDIN_IS_PARENT },
  })
  child.stdin.on('error', () => {})
  onStopRequest((signal) => child.kill(signal))
  const status = await new Promise((settle) => {
    child.once('exit', (code) => settle(code ?? 1))
    child.once('error', (error) => {
      console.error(`Cannot run ${installedNode}: ${error.message}`)
      settle(1)
    })
  })
  process.exit(status)
}
