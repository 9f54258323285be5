// Processes of the bench: how one of ours says where it listens, and what one costs in processor time and memory.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Clock ticks of /proc/<pid>/stat; the same on every Linux that Node runs on. */
const tickMs = 10

/**
 * In a child: listens on a free port, tells the bench, and ends with it.
 * @param {import('node:net').Server} server
 */
export function listening(server) {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    if (typeof address === 'object') process.send?.({ port: address?.port })
  })
  process.on('disconnect', () => process.exit(0))
}

/**
 * Starts one of the bench's own servers.
 * @param {string} file
 * @param {{ args?: string[], env?: Record<string, string> }} [options]
 */
export async function startChild(file, { args = [], env = {} } = {}) {
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url)), ...args], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  return child
}

/**
 * Waits until one of the bench's servers listens.
 * @param {import('node:child_process').ChildProcess} child
 * @returns {Promise<number>} its port
 */
export async function portOf(child) {
  const [{ port }] = await once(child, 'message')
  return port
}

/**
 * Processor time of a process so far, in milliseconds; of a server with a process for each connection, of all of them.
 * @param {number} pid
 * @param {boolean} [withChildren]
 */
export function cpuMsOf(pid, withChildren = false) {
  // After the last bracket: the program's name may hold anything.
  const statOf = (/** @type {number | string} */ id) => {
    const text = readFileSync(`/proc/${id}/stat`, 'latin1')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  }
  const ticksOf = (/** @type {string[]} */ stat) => Number(stat[11]) + Number(stat[12])
  const own = statOf(pid)
  let ticks = ticksOf(own)
  if (withChildren) {
    ticks += Number(own[13]) + Number(own[14])
    for (const id of readdirSync('/proc')) {
      if (!/^\d+$/.test(id)) continue
      try {
        const stat = statOf(id)
        if (Number(stat[1]) === pid) ticks += ticksOf(stat)
      } catch {
        // It ended while we were looking; its time is in its parent's by now.
      }
    }
  }
  return ticks * tickMs
}

/** Processor time that all programs of this machine have used so far, in milliseconds. */
export function busyMs() {
  const [, user = 0, nice = 0, system = 0, , , irq = 0, softIrq = 0] = (
    readFileSync('/proc/stat', 'latin1').split('\n', 1)[0] ?? ''
  )
    .split(/ +/)
    .map(Number)
  return (user + nice + system + irq + softIrq) * tickMs
}

/**
 * Memory of a process that is resident now, in megabytes.
 * @param {number} pid
 */
export function residentMbOf(pid) {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]) / 1024
}
