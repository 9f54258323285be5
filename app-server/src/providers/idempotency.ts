// The input member every writing tool has.
import { text } from './inputs.js'

/** Spread into a writing tool's input. The tool runner hands it to `call.once`. */
export const idempotencyInput = {
  idempotency_key: text({ min: 1, max: 200 })
    .optional()
    .describe(
      'Unique text of yours for this action. Repeat it when you call again after an unclear answer: it is done only once.',
    ),
}
