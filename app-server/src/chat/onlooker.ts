// Who looks at an answer, as far as it makes a difference to what they are shown.

import type { Session } from '../accounts/session.js'
import type { Language } from '../platform/html/language.js'
import { currentLanguage } from '../platform/html/language.js'
import type { Room } from './rooms.js'

export interface Onlooker {
  readonly userId: string
  readonly language: Language
  /** May write here now: a writer or an owner, in a room that is not archived. */
  readonly writes: boolean
  /** For forms that work without scripts; what is streamed goes without it. */
  readonly csrfToken: string | undefined
}

export function onlookerOf(room: Room, session: Session): Onlooker {
  return {
    userId: session.viewer.id,
    language: currentLanguage(),
    writes: room.role !== 'reader' && room.archivedAt === null,
    csrfToken: session.csrfToken,
  }
}
