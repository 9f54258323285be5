// Asks before an act on a person, then does it, and shows what came of it.
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Res, UseGuards } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Response } from 'express'
import { type Account, Accounts } from '../accounts/accounts.js'
import { CurrentSession, SessionGuard } from '../accounts/session.guard.js'
import { type Session, Sessions } from '../accounts/session.js'
import { Grants } from '../oauth/grants.js'
import { programName } from '../oauth/program-name.js'
import { goTo } from '../platform/html/go-to.js'
import { QuestionPage, type QuestionPageProps } from '../platform/html/question.page.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { AdminGuard } from './admin.guard.js'
import { AdminPages } from './admin-frame.js'
import { Administration } from './administration.js'
import { type PersonActName, personActs, requirePersonAct, requirePersonId } from './person-acts.js'
import { t } from './t.js'

const clientIdShape = /^[\x21-\x7e]{1,2000}$/

/** An act that is being asked for or done. */
interface Meant {
  readonly person: Account
  readonly act: PersonActName
  /** Whose access is withdrawn; of that act alone. */
  readonly program: { readonly clientId: string; readonly name: string } | undefined
}

@Controller('admin/people/:id/:act')
@UseGuards(SessionGuard, AdminGuard)
export class PersonActsController {
  constructor(
    private readonly accounts: Accounts,
    private readonly sessions: Sessions,
    private readonly grants: Grants,
    private readonly administration: Administration,
    private readonly pages: AdminPages,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get()
  async ask(
    @CurrentSession() session: Session,
    @Param() { id = '', act = '' }: Record<string, string>,
    @Query('program') program: unknown,
    @Res() response: Response,
  ) {
    this.sendQuestion(response, session, await this.requireMeant(id, act, program))
  }

  @Post()
  @HttpCode(200)
  async perform(
    @CurrentSession() session: Session,
    @Param() { id = '', act = '' }: Record<string, string>,
    @Body() body: Record<string, unknown> | undefined,
    @Res() response: Response,
  ) {
    const meant = await this.requireMeant(id, act, body?.program)
    const { person, program } = meant
    const target = { type: 'user', id: person.id } as const
    const entry = { action: actionOf(meant.act), target, ...(program ? { clientId: program.clientId } : {}) }
    try {
      await this.administration.act(session, entry, () => this.carryOut(session, meant))
    } catch (error) {
      if (!(error instanceof Problem) || error.code !== 'conflict') throw error
      return this.sendQuestion(response, session, meant, error)
    }
    this.goOn(response, session, meant)
  }

  /** Does it, and tells for the audit log what changed. */
  private async carryOut(session: Session, { person, act, program }: Meant): Promise<Record<string, unknown>> {
    const by = session.viewer.id
    const before = { status_before: person.status, role_before: person.role }
    switch (act) {
      case 'suspend':
        await this.accounts.setStatus(person.id, 'suspended', by)
        return before
      case 'disable':
        await this.accounts.setStatus(person.id, 'disabled', by)
        return { ...before, withdrawn: await this.grants.withdrawAllOfPerson(person.id) }
      case 'reactivate':
        await this.accounts.setStatus(person.id, 'active', by)
        return before
      case 'promote':
        await this.accounts.setRole(person.id, 'administrator', by)
        return before
      case 'demote':
        await this.accounts.setRole(person.id, 'member', by)
        return before
      case 'end-sessions':
        return { ended: await this.sessions.endAll(person.id) }
      case 'withdraw':
        return { withdrawn: await this.grants.withdrawProgram(person.id, program?.clientId ?? '') }
    }
  }

  /** Who has just taken these pages or their own session away goes where they still may be. */
  private goOn(response: Response, session: Session, { person, act }: Meant): void {
    const self = person.id === session.viewer.id
    if (self && act === 'end-sessions') {
      this.sessions.forget(response)
      goTo(response, '/auth/login?done=signed-out')
    } else {
      goTo(response, self && act === 'demote' ? '/' : `/admin/people/${person.id}?done=${act}`)
    }
  }

  /** Throws Problem not-found and invalid-request. */
  private async requireMeant(id: string, actName: string, clientId: unknown): Promise<Meant> {
    const act = requirePersonAct(actName)
    const person = await this.accounts.require(requirePersonId(id))
    if (act !== 'withdraw') return { person, act, program: undefined }
    if (typeof clientId !== 'string' || !clientIdShape.test(clientId)) {
      throw new Problem('invalid-request', t('Say whose access to withdraw. Start at the page of the person.'))
    }
    const grant = (await this.grants.list(person.id)).find((one) => one.clientId === clientId)
    return { person, act, program: { clientId, name: programName(grant?.clientName) } }
  }

  private sendQuestion(response: Response, session: Session, meant: Meant, refusal?: Problem): void {
    const { person, act, program } = meant
    const { question, effects, button, danger } = personActs[act]
    const props: QuestionPageProps = {
      eyebrow: person.email,
      question: t(question, { name: program?.name ?? person.name }),
      effects: [...effects.map((effect) => t(effect)), ...this.warningsOf(meant, session.viewer.id)],
      button: t(button),
      danger,
      action: `/admin/people/${person.id}/${act}`,
      csrfToken: session.csrfToken,
      fields: program ? { program: program.clientId } : {},
      back: `/admin/people/${person.id}`,
      refusal: refusal?.detail,
    }
    this.pages.ask(response, session, props.question, QuestionPage(props), refusal?.status ?? 200)
  }

  /** What is true for this person alone. */
  private warningsOf({ person, act }: Meant, viewerId: string): string[] {
    if (act === 'demote' && this.settings.adminEmails.includes(person.email.toLowerCase())) {
      return [
        t('Their address is in ADMIN_EMAILS: unless it is taken out there, their next sign-in makes them one again.'),
      ]
    }
    if (person.id !== viewerId) return []
    if (act === 'demote') return [t('This is you: only another administrator can take it back.')]
    return act === 'end-sessions' ? [t('This is you: this browser is signed out too.')] : []
  }
}

/** What the audit log calls it. */
function actionOf(act: PersonActName): string {
  return act === 'promote' ? 'make-administrator' : act === 'demote' ? 'make-member' : act
}
