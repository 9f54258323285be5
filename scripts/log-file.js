// A log file that cannot fill the disk: begun anew at each start and when it is full, with a few older ones beside it.
import { closeSync, existsSync, openSync, renameSync, writeSync } from 'node:fs'

const keptFiles = 3

export class LogFile {
  #path
  /** @type {number | undefined} undefined once writing has failed */
  #descriptor
  #bytes = 0
  #maxBytes

  /**
   * @param {string} path
   * @param {number} maxBytes
   */
  constructor(path, maxBytes = 20 * 1024 * 1024) {
    this.#path = path
    this.#maxBytes = maxBytes
    this.#begin()
  }

  /** @param {string} line */
  write(line) {
    if (this.#descriptor === undefined) return
    try {
      if (this.#bytes > this.#maxBytes) {
        closeSync(this.#descriptor)
        this.#begin()
      }
      this.#bytes += writeSync(this.#descriptor, `${line}\n`)
    } catch (error) {
      // A full disk must not take the service down with its log.
      this.#descriptor = undefined
      console.error(`Cannot write ${this.#path} (${/** @type {Error} */ (error).message}); its log ends here.`)
    }
  }

  close() {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor)
    this.#descriptor = undefined
  }

  #begin() {
    for (let age = keptFiles - 1; age >= 0; age -= 1) {
      const from = age === 0 ? this.#path : `${this.#path}.${age}`
      if (existsSync(from)) renameSync(from, `${this.#path}.${age + 1}`)
    }
    this.#descriptor = openSync(this.#path, 'w', 0o600)
    this.#bytes = 0
  }
}
