// In which language people want to read: kept in their browser, and with the person for their mails and other browsers.
import { Inject, Injectable } from '@nestjs/common'
import type { Request, Response } from 'express'
import { findChosenLanguage, type Language, setChosenLanguage } from '../platform/asked-language.js'
import { Database, type Sql } from '../platform/database/database.js'
import { currentLanguage } from '../platform/request-context.js'
import { SETTINGS, type Settings } from '../platform/settings.js'

@Injectable()
export class Languages {
  constructor(
    private readonly database: Database,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Keeps the choice in this browser, and with the person if somebody is signed in. */
  async choose(response: Response, language: Language, userId: string | undefined): Promise<void> {
    if (userId) await this.database.query('UPDATE users SET language = $2 WHERE id = $1', [userId, language])
    this.keepIn(response, language)
  }

  /** Keeps the choice in this browser. */
  keepIn(response: Response, language: Language): void {
    setChosenLanguage(response, language, this.settings)
  }

  /**
   * When somebody signs in: a person who never chose is given the choice of the browser, and a browser in which nothing was
   * chosen is to be given that of the person, which is returned.
   */
  async settle(sql: Sql, request: Request, userId: string): Promise<Language | undefined> {
    const chosenHere = findChosenLanguage(request)
    const [person] = await sql.query<{ language: Language | null }>(
      `UPDATE users SET language = coalesce(language, $2), browser_language = $3 WHERE id = $1 RETURNING language`,
      [userId, chosenHere ?? null, currentLanguage()],
    )
    return chosenHere ? undefined : (person?.language ?? undefined)
  }
}
