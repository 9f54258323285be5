// Why a turn cannot be worked on, by a code; the page has the words.

/**
 * - no-model: the room has no key of a language model, or it may not be used here any more
 * - session-ended: whoever wrote has signed out, so nothing can be done in their name
 * - lending-ended: the member whose accounts the room uses has taken that back
 * - not-a-member: whoever wrote may not write here any more, or the room is archived
 * - tools-unavailable: the router did not say what tools there are
 */
export type TurnFaultCode = 'no-model' | 'session-ended' | 'lending-ended' | 'not-a-member' | 'tools-unavailable'

export class TurnFault extends Error {
  constructor(
    readonly code: TurnFaultCode,
    options?: ErrorOptions,
  ) {
    super(code, options)
    this.name = 'TurnFault'
  }
}
