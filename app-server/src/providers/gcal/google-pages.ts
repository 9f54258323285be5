// Pages of Google's lists behind our cursors.
import { z } from 'zod'
import { fromCursor, pageInput, toCursor } from '../../platform/paging.js'

/** Google does not say how long its page tokens can be; those seen have a few hundred characters. */
const maxToken = 4_000
export const googleToken = z.string().min(1).max(maxToken)

/** `pageInput` with room for Google's tokens in the cursor. */
export const googlePageInput = {
  limit: pageInput.limit,
  cursor: z.string().max(16_384).optional().describe('next_cursor of the page before; left out for the first.'),
}

const position = z.tuple([googleToken])

export function fromGooglePage(cursor: string | undefined): string | undefined {
  return fromCursor(cursor, position)?.[0]
}

export function toGooglePage(pageToken: string | null | undefined): string | null {
  return pageToken ? toCursor([pageToken]) : null
}
