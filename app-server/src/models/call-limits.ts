// How many calls a model may make in one answer, and how long their arguments may be.
import { ModelFailure } from './model.js'

export const maxCalls = 64
const maxArgumentChars = 256 * 1024

/** Throws ModelFailure cut. */
export function requireShort(argumentText: string): void {
  if (argumentText.length <= maxArgumentChars) return
  throw new ModelFailure('cut', `the arguments of a call are longer than ${maxArgumentChars} characters`)
}
