// One program of ours as a child process: started, waited for until it is ready, listened to, and ended.
import { spawn } from 'node:child_process'
import { get } from 'node:http'
import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { LogFile } from './log-file.js'
import { STDIN_IS_PARENT } from './processes.js'

/** EX_CONFIG of sysexits.h: the program has said on stderr what in its set-up to change. */
const faultySetUp = 78
/** Lines kept to show when the program ends by itself. */
const keptLines = 60
const maxLineLength = 2_000
const pollEveryMs = 25
const answerDeadlineMs = 2_000

export class Program {
  /** @type {Promise<string>} settles with what to tell when the program has ended */
  exited
  #child
  #name
  #readyUrl
  #showAll
  #ended = false
  /** Until the start is through, lines are held back: a start that fails shows its cause and nothing else. */
  #quiet = true
  /** @type {string[]} */
  #lastLines = []
  /** @type {string[]} */
  #lastFaults = []
  /** @type {string[]} */
  #held = []

  /**
   * @param {object} options
   * @param {string} options.name
   * @param {string} options.file
   * @param {NodeJS.ProcessEnv} options.env
   * @param {string} options.readyUrl answers 200 when the program is ready
   * @param {string} options.logFile gets everything the program writes
   * @param {boolean} options.showAll whether the terminal shows every line instead of warnings and errors
   */
  constructor({ name, file, env, readyUrl, logFile, showAll }) {
    this.#name = name
    this.#readyUrl = readyUrl
    this.#showAll = showAll
    const log = new LogFile(logFile)
    this.#child = spawn(process.execPath, ['--enable-source-maps', file], {
      env: { ...env, ...STDIN_IS_PARENT },
      stdio: ['pipe', 'pipe', 'pipe'],
      // A group of its own, so that Ctrl-C reaches us alone and we end everything in order.
      detached: true,
    })
    // The pipe is there to break; what breaks it is told by the exit.
    this.#child.stdin.on('error', () => {})
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      log.write(line)
      this.#hear(line)
    })
    createInterface({ input: this.#child.stderr }).on('line', (line) => {
      log.write(line)
      keep(this.#lastFaults, line)
      this.#hear(line)
    })
    this.exited = new Promise((settle) => {
      this.#child.once('error', (error) => settle(`Cannot run ${name}: ${error.message}`))
      // 'close' and not 'exit': what the program wrote last has been read by then.
      this.#child.once('close', (code, signal) => {
        this.#ended = true
        log.close()
        settle(code === faultySetUp ? this.#lastFaults.join('\n') : this.#obituary(code, signal, logFile))
      })
    })
  }

  /**
   * Waits until the program is ready.
   * @param {number} deadlineMs
   * @param {AbortSignal} signal ends the waiting
   */
  async ready(deadlineMs, signal) {
    const deadline = performance.now() + deadlineMs
    while (!signal.aborted && !this.#ended) {
      if ((await statusOf(this.#readyUrl)) === 200) return
      if (performance.now() > deadline) {
        throw new Error(`${this.#name} is not ready after ${deadlineMs / 1000} seconds.\n${this.#lastWords()}`)
      }
      await delay(pollEveryMs)
    }
    // Its end, or ours, is told elsewhere.
    await new Promise(() => {})
  }

  /** From now on what the program says is shown at once. */
  speakUp() {
    this.#quiet = false
    for (const line of this.#held.splice(0)) console.error(line)
  }

  /**
   * Asks the program to end, and makes it end when it has not within the time.
   * @param {number} withinMs
   */
  async stop(withinMs) {
    if (!this.#ended) this.#child.kill('SIGTERM')
    const late = setTimeout(() => this.kill(), withinMs)
    await this.exited
    clearTimeout(late)
  }

  /** Ends the program at once. */
  kill() {
    if (!this.#ended) this.#child.kill('SIGKILL')
  }

  /** @param {string} line */
  #hear(line) {
    keep(this.#lastLines, line)
    const shown = this.#showAll ? line : readable(this.#name, line)
    if (shown === undefined) return
    if (this.#quiet) keep(this.#held, shown)
    else console.error(shown)
  }

  /**
   * @param {number | null} code
   * @param {NodeJS.Signals | null} signal
   * @param {string} logFile
   */
  #obituary(code, signal, logFile) {
    return `${this.#name} ended by itself (${signal ?? `status ${code}`}).\n${this.#lastWords()}\nAll of its log is in ${logFile}`
  }

  #lastWords() {
    return this.#lastLines.length > 0 ? `It last said:\n${this.#lastLines.join('\n')}` : 'It said nothing.'
  }
}

/**
 * @param {string[]} lines
 * @param {string} line
 */
function keep(lines, line) {
  lines.push(line.slice(0, maxLineLength))
  if (lines.length > keptLines) lines.shift()
}

/**
 * A structured line as a person wants it; undefined for what only the log file needs.
 * @param {string} name
 * @param {string} line
 * @returns {string | undefined}
 */
export function readable(name, line) {
  const entry = parse(line)
  if (entry === undefined) return line === '' ? undefined : `${name}: ${line}`
  if (!['warn', 'error', 'fatal'].includes(String(entry.level))) return undefined
  const { level, time, msg, err, service: _service, pid: _pid, hostname: _hostname, ...rest } = entry
  const clock = typeof time === 'string' ? time.slice(11, 19) : ''
  const reason = /** @type {{ message?: unknown } | undefined} */ (err)?.message
  const fields = Object.entries(rest).map(
    ([field, value]) => `${field}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  const words = [clock, name, `${level}:`, String(msg ?? ''), ...(reason ? [`(${reason})`] : []), ...fields]
  return words.filter(Boolean).join(' ').slice(0, maxLineLength)
}

/**
 * @param {string} line
 * @returns {Record<string, unknown> | undefined} undefined for what is no structured line
 */
function parse(line) {
  if (!line.startsWith('{')) return undefined
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/**
 * @param {string} url
 * @returns {Promise<number | undefined>} undefined when there was no answer
 */
function statusOf(url) {
  return new Promise((settle) => {
    const request = get(url, { agent: false, timeout: answerDeadlineMs }, (response) => {
      response.resume()
      settle(response.statusCode)
    })
    request.on('timeout', () => request.destroy())
    // Not there yet is what we are waiting to change.
    request.on('error', () => settle(undefined))
  })
}
