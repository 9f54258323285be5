// How a script of ours is asked to stop, and how it makes sure that its children stop with it. Runs on Node 20.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/**
 * The agreement between a parent and its child: with this in its environment, a child's stdin is a pipe that nobody
 * writes to, and the child ends itself, in order, when that pipe ends. It ends when the parent is gone, even by SIGKILL.
 */
export const STDIN_IS_PARENT = { SEKISHO_PARENT_PIPE: 'stdin' }

/** npm passes on a Ctrl-C that the terminal has sent us already: a repetition so soon is the same request. */
const sameRequestMs = 700
const watchParentEveryMs = 500

/**
 * Calls back for each request to stop: Ctrl-C, SIGTERM, a closed terminal, or the end of the parent that started us
 * (a parent script by its pipe; npm, which has none, by our being handed to another parent).
 * @param {(signal: NodeJS.Signals) => void} stop
 */
export function onStopRequest(stop) {
  let lastMs = Number.NEGATIVE_INFINITY
  /** @param {NodeJS.Signals} signal */
  const request = (signal) => {
    const nowMs = performance.now()
    if (nowMs - lastMs < sameRequestMs) return
    lastMs = nowMs
    stop(signal)
  }
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, request)

  if (process.env.SEKISHO_PARENT_PIPE === 'stdin') {
    process.stdin.on('end', () => request('SIGTERM')).on('error', () => request('SIGTERM'))
    process.stdin.resume()
  } else if (process.env.npm_lifecycle_event) {
    const parent = process.ppid
    const npm = findNpm()
    const watch = () => {
      if (process.ppid !== parent || !isAlive(npm)) request('SIGTERM')
    }
    setInterval(watch, watchParentEveryMs).unref()
  }
}

// npm runs a script through a shell, which may have made itself our process or may stand between.
function findNpm() {
  const above = about(process.ppid)
  return above && /^-?(ba|da|a|z|k)?sh$/.test(above.name) ? above.ppid : process.ppid
}

/**
 * @param {number} pid
 * @returns {{ name: string, ppid: number } | undefined} undefined when the system does not tell
 */
function about(pid) {
  if (process.platform === 'linux') {
    // proc(5): "pid (name) state ppid …"; the name may hold anything, so the last parenthesis counts.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const end = stat.lastIndexOf(')')
    return { name: stat.slice(stat.indexOf('(') + 1, end), ppid: Number(stat.slice(end + 2).split(' ')[1]) }
  }
  const told = spawnSync('ps', ['-o', 'ppid=,comm=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? ''
  const [ppid, path] = told.trim().split(/\s+/, 2)
  return path ? { name: path.split('/').pop() ?? path, ppid: Number(ppid) } : undefined
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Not ours to signal (EPERM) is alive all the same.
    return /** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH'
  }
}
