// The switch of languages at the foot of every page.
import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Request, Response } from 'express'
import { isLanguage, languages } from '../platform/asked-language.js'
import { goTo } from '../platform/html/go-to.js'
import { formPage } from '../platform/request-context.js'
import { Languages } from './languages.js'
import { ownPage } from './own-path.js'
import { Sessions } from './session.js'
import { t } from './t.js'

@Controller('language')
export class LanguageController {
  constructor(
    private readonly languages: Languages,
    private readonly sessions: Sessions,
  ) {}

  /** For everybody, signed in or not, and without a form token: all it changes is the words, and another site may not send it. */
  @Post()
  @HttpCode(200)
  async choose(
    @Body() body: Record<string, unknown> | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const language = body?.language
    if (!isLanguage(language)) {
      throw new Problem(
        'invalid-request',
        t('There is no such language here. Choose one of: {languages}.', { languages: languages.join(', ') }),
      )
    }
    const session = await this.sessions.find(request)
    await this.languages.choose(response, language, session?.viewer.id)
    goTo(response, ownPage(body?.returnTo ?? formPage()))
  }
}
