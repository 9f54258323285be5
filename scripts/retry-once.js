// In CI a failed end-to-end test is tried once more, and its first failure printed: machines there are shared and noisy.
import { jest } from '@jest/globals'

if (process.env.CI) jest.retryTimes(1, { logErrorsBeforeRetry: true })
