// Jest's last word: one plain line of counts that a person or a script can read.

export default class CountReporter {
  /**
   * @param {unknown} _contexts
   * @param {import('@jest/reporters').AggregatedResult} results
   */
  onRunComplete(_contexts, results) {
    const skipped = results.numPendingTests + results.numTodoTests
    // A file that could not be run has no tests to count, and is a failure all the same.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites
    process.stderr.write(`${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`)
  }
}
