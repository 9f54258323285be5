// Signing in and out: the choices, the development form, Google there and back.
import { Body, Controller, Get, HttpCode, Inject, Post, Query, Req, Res } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import { plainToInstance } from 'class-transformer'
import { IsEmail, IsString, Length, MaxLength, validate } from 'class-validator'
import type { Request, Response } from 'express'
import { goTo } from '../platform/html/go-to.js'
import { Pages } from '../platform/html/pages.js'
import { Log } from '../platform/log.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { Accounts } from './accounts.js'
import { formTokenOf, isToken } from './cookies.js'
import { GoogleSignIn } from './google.js'
import { asGoogleFailure, type GoogleFailure, googleFailures } from './google-failure.js'
import { GoogleFailurePage, LoginPage, type LoginPageProps } from './login.page.js'
import { ownPath } from './own-path.js'
import { requireFormToken } from './session.guard.js'
import { Sessions } from './session.js'
import { SignInAttempts } from './sign-in-attempts.js'
import { SignInAudit } from './sign-in-audit.js'
import { t } from './t.js'

class DevelopmentSignIn {
  @IsString()
  @Length(1, 100, { message: () => t('Tell us what to call you, in at most 100 characters.') })
  name!: string

  @IsEmail({}, { message: () => t('This is not a whole e-mail address, like mika@example.com.') })
  @MaxLength(254, { message: () => t('This address is too long.') })
  email!: string
}

@Controller('auth')
export class SignInController {
  constructor(
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
    private readonly attempts: SignInAttempts,
    private readonly google: GoogleSignIn,
    private readonly audit: SignInAudit,
    private readonly pages: Pages,
    private readonly log: Log,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get('login')
  async choose(@Query() query: Record<string, unknown>, @Req() request: Request, @Res() response: Response) {
    const returnTo = ownPath(query.returnTo)
    if (await this.sessions.find(request)) return goTo(response, returnTo)
    const signedOut = {
      kind: 'success',
      title: t('You are signed out'),
      words: t('Programs you allowed keep their access until you withdraw it.'),
    } as const
    this.showLogin(request, response, 200, { returnTo, ...(query.done === 'signed-out' ? { notice: signedOut } : {}) })
  }

  @Post('development')
  @HttpCode(200)
  async developmentSignIn(
    @Body() body: Record<string, unknown> | undefined,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    if (!this.settings.devSignIn) throw notOffered()
    const returnTo = ownPath(body?.returnTo)
    const typed = { name: textOf(body?.name), email: textOf(body?.email) }
    if (!isToken(body?._csrf, formTokenOf(this.attempts.browserOf(request, response)))) {
      // Otherwise another site could sign a person in to an account of its own (login CSRF).
      const notice = {
        kind: 'warning',
        title: t('Please send this once more'),
        words: t('The page had been open too long, or came from another browser. Nothing happened.'),
      } as const
      return this.showLogin(request, response, 403, { returnTo, typed, notice })
    }
    const faults = await validate(plainToInstance(DevelopmentSignIn, typed))
    if (faults.length > 0) {
      const errors = Object.fromEntries(
        faults.map(({ property, constraints }) => [property, Object.values(constraints ?? {})[0]]),
      )
      return this.showLogin(request, response, 400, { returnTo, typed, errors })
    }
    const { email } = typed
    await this.audit.watch('development', email, async () => {
      await this.attempts.count(request)
      const person = await this.accounts.signIn({ provider: 'development', subject: email.toLowerCase(), ...typed })
      await this.sessions.start(request, response, person.id)
      return person
    })
    goTo(response, returnTo)
  }

  @Get('google')
  async toGoogle(@Query('returnTo') returnTo: unknown, @Req() request: Request, @Res() response: Response) {
    if (!this.google.offered) throw notOffered()
    goTo(response, await this.google.depart(request, response, ownPath(returnTo)))
  }

  @Get('google/callback')
  async fromGoogle(@Req() request: Request, @Res() response: Response) {
    if (!this.google.offered) throw notOffered()
    try {
      const { person, returnTo } = await this.google.arrive(request)
      await this.audit.watch('google', person.email, async () => {
        const account = await this.accounts.signIn({ provider: 'google', ...person })
        await this.sessions.start(request, response, account.id)
        return account
      })
      goTo(response, returnTo)
    } catch (error) {
      const failure = asGoogleFailure(error)
      if (!failure) throw error
      if (failure.kind !== 'account-not-active') await this.audit.refused('google', failure.kind)
      this.showFailure(response, failure)
    }
  }

  @Post('logout')
  @HttpCode(200)
  async signOut(@Req() request: Request, @Res() response: Response) {
    const session = await this.sessions.find(request)
    if (session) {
      requireFormToken(request, session)
      await this.sessions.end(session.id)
      await this.audit.signedOut(session)
    }
    this.sessions.forget(response)
    goTo(response, '/auth/login?done=signed-out')
  }

  private showLogin(
    request: Request,
    response: Response,
    status: number,
    page: Pick<LoginPageProps, 'returnTo' | 'notice' | 'typed' | 'errors'>,
  ): void {
    const formToken = formTokenOf(this.attempts.browserOf(request, response))
    const body = LoginPage({ google: this.google.offered, development: this.settings.devSignIn, formToken, ...page })
    // Signing in can be a step of an authorization that then goes on to the program it is for.
    this.pages.send(response, { title: t('Sign in'), status, layout: 'card', leadsAway: true }, body)
  }

  private showFailure(response: Response, failure: GoogleFailure): void {
    const { kind, returnTo, cause } = failure
    this.log.warn(
      { kind, cause: cause instanceof Error ? cause.message : cause },
      'a Google sign-in did not come about',
    )
    const { title, status } = googleFailures[kind]
    this.pages.send(response, { title: t(title), status, layout: 'card' }, GoogleFailurePage({ kind, returnTo }))
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.trim() : ''
}

function notOffered(): Problem {
  return new Problem(
    'not-found',
    t('This way of signing in is not offered here. Go to /auth/login for those that are.'),
  )
}
