// Hands jest's counts to `npm test`, which prints them as its last line when jest has said everything else.
import { writeFileSync } from 'node:fs'

/** The environment variable that names the file for the line. */
export const COUNTS_FILE = 'SEKISHO_TEST_COUNTS'

export default class CountReporter {
  /**
   * @param {unknown} _contexts
   * @param {import('@jest/reporters').AggregatedResult} results
   */
  onRunComplete(_contexts, results) {
    const skipped = results.numPendingTests + results.numTodoTests
    // A file that could not be run has no tests to count, and is a failure all the same.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
    const file = process.env[COUNTS_FILE]
    if (file) writeFileSync(file, `${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped`)
  }
}
