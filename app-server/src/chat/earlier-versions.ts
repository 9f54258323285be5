// What stood at the place of a message before it was reworded or answered anew, newest first, a page at a time.
import { Injectable } from '@nestjs/common'
import { Database } from '../platform/database/database.js'
import type { Turn, TurnSnapshot } from './turn.js'
import { Turns, turnColumns, turnsPerPage } from './turns.js'

export interface EarlierVersion {
  readonly version: number
  readonly replacedAt: Date
  /** Who had it replaced. */
  readonly replacedByName: string
  /** A page before this one has its beginning. */
  readonly continued: boolean
  /** The message first, then what came after it and was replaced with it. */
  readonly turns: readonly TurnSnapshot[]
}

export interface EarlierPage {
  readonly versions: readonly EarlierVersion[]
  /** Where the next page begins: with what this turn replaced, after this number. */
  readonly next: { readonly turn: string; readonly after: number } | undefined
}

interface Row extends Turn {
  readonly replacedAt: Date
  readonly replacedBy: string
  readonly placeVersion: number
  readonly replacedByName: string
}

@Injectable()
export class EarlierVersions {
  constructor(
    private readonly database: Database,
    private readonly turns: Turns,
  ) {}

  /** @param after of what the turn replaced only turns behind this number; of what was replaced before, all. */
  async before(turn: Turn, after = 0): Promise<EarlierPage> {
    // From a turn to the first of those it replaced, which stood at its place. Each version has a turn, and a page so many.
    const rows = await this.database.query<Row>(
      `WITH RECURSIVE places AS (
         SELECT t.id, t.version, t.author_name, 1 AS step FROM chat_turns t WHERE t.id = $1
         UNION ALL
         SELECT f.id, f.version, f.author_name, p.step + 1
           FROM places p CROSS JOIN LATERAL (
             SELECT r.id, r.version, r.author_name FROM chat_turns r WHERE r.replaced_by = p.id ORDER BY r.seq LIMIT 1
           ) f
          WHERE p.step <= $3
       )
       SELECT ${turnColumns}, p.version - 1 AS "placeVersion", p.author_name AS "replacedByName"
         FROM places p JOIN chat_turns t ON t.replaced_by = p.id
        WHERE p.step > 1 OR t.seq > $2
        ORDER BY p.step, t.seq LIMIT $3`,
      [turn.id, after, turnsPerPage + 1],
    )
    const shown = await this.turns.withParts(rows.slice(0, turnsPerPage))
    const ofVersion = Map.groupBy(shown, (_snapshot, index) => rows[index]?.replacedBy)
    const versions = rows.flatMap((row): EarlierVersion[] => {
      const turns = ofVersion.get(row.replacedBy)
      if (turns?.[0]?.turn.id !== row.id) return []
      const { placeVersion: version, replacedAt, replacedByName } = row
      return [{ version, replacedAt, replacedByName, continued: row.replacedBy === turn.id && after > 0, turns }]
    })
    const last = rows[turnsPerPage - 1]
    const hasMore = rows.length > turnsPerPage
    return { versions, next: hasMore && last ? { turn: last.replacedBy, after: last.seq } : undefined }
  }
}
