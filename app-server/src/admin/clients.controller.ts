// Serves the list of clients and the page of one, and blocks, unblocks, withdraws and removes after asking.
import { Body, Controller, Get, HttpCode, Param, Post, Query, Res, UseGuards } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Response } from 'express'
import { z } from 'zod'
import { Directory } from '../accounts/directory.js'
import { CurrentSession, SessionGuard } from '../accounts/session.guard.js'
import type { Session } from '../accounts/session.js'
import { ClientDirectory, clientKinds, clientStates, type ListedClient } from '../oauth/client-directory.js'
import { Clients } from '../oauth/clients.js'
import { Grants } from '../oauth/grants.js'
import { programName } from '../oauth/program-name.js'
import { scopeGroups } from '../oauth/scope-words.js'
import { goTo } from '../platform/html/go-to.js'
import { QuestionPage } from '../platform/html/question.page.js'
import { ProviderRegistry } from '../providers/provider-registry.js'
import { AdminGuard } from './admin.guard.js'
import { AdminPages } from './admin-frame.js'
import { Administration } from './administration.js'
import { ClientPage } from './client.page.js'
import { type ClientActName, clientActs, isClientAct, removeUnusedQuestion } from './client-acts.js'
import { ClientsPage } from './clients.page.js'
import { t } from './t.js'

const perPage = 25
const path = '/admin/clients'

const filters = z.object({
  text: z.string().trim().max(200).optional().catch(undefined),
  kind: z.enum(clientKinds).optional().catch(undefined),
  state: z.enum(clientStates).optional().catch(undefined),
  cursor: z.string().max(4000).optional(),
  removed: z.coerce.number().int().min(0).optional().catch(undefined),
})

@Controller('admin/clients')
@UseGuards(SessionGuard, AdminGuard)
export class ClientsController {
  constructor(
    private readonly clients: Clients,
    private readonly clientDirectory: ClientDirectory,
    private readonly grants: Grants,
    private readonly people: Directory,
    private readonly administration: Administration,
    private readonly registry: ProviderRegistry,
    private readonly pages: AdminPages,
  ) {}

  @Get()
  async list(@CurrentSession() session: Session, @Query() query: unknown, @Res() response: Response) {
    const { removed, ...chosen } = filters.parse(query)
    const [page, { removable }] = await Promise.all([
      this.clientDirectory.search({ ...chosen, limit: perPage }),
      this.clientDirectory.figures(),
    ])
    const body = ClientsPage({ ...chosen, ...page, removable, removed })
    this.pages.send(response, session, { title: t('Clients'), tab: path }, body)
  }

  @Get('details')
  async one(@CurrentSession() session: Session, @Query() query: Record<string, unknown>, @Res() response: Response) {
    const client = await this.requireClient(query.client)
    const cursor = typeof query.cursor === 'string' ? query.cursor : undefined
    const page = await this.grants.listOfClient(client.id, perPage, cursor)
    const people = await this.people.findAll(page.items.map(({ userId }) => userId))
    const body = ClientPage({
      client,
      name: programName(client.name),
      cursor,
      next_cursor: page.next_cursor,
      grants: page.items.map((grant) => ({
        ...grant,
        person: people.get(grant.userId),
        groups: scopeGroups(grant.scopes, this.registry),
      })),
      done: isClientAct(query.done) ? query.done : undefined,
    })
    this.pages.send(response, session, { title: programName(client.name), tab: path }, body)
  }

  @Get('remove-unused')
  async askToRemove(@CurrentSession() session: Session, @Res() response: Response) {
    const { removable } = await this.clientDirectory.figures()
    const question = removeUnusedQuestion(removable, session.csrfToken)
    this.pages.ask(response, session, question.question, QuestionPage(question))
  }

  @Post('remove-unused')
  @HttpCode(200)
  async remove(@CurrentSession() session: Session, @Res() response: Response) {
    let removed = 0
    await this.administration.act(session, { action: 'remove-unused-clients' }, async () => {
      removed = await this.clients.removeUnused()
      return { removed }
    })
    goTo(response, `${path}?removed=${removed}`)
  }

  @Get(':act')
  async ask(
    @CurrentSession() session: Session,
    @Param('act') act: string,
    @Query('client') clientId: unknown,
    @Res() response: Response,
  ) {
    const name = requireAct(act)
    const client = await this.requireClient(clientId)
    const { question, effects, button, danger } = clientActs[name]
    const props = {
      eyebrow: client.kind === 'document' ? client.id : t('A client that registered itself'),
      question: t(question, { name: programName(client.name) }),
      effects: effects(client),
      button: t(button),
      danger,
      action: `${path}/${name}`,
      csrfToken: session.csrfToken,
      fields: { client: client.id },
      back: detailsOf(client.id),
    }
    this.pages.ask(response, session, props.question, QuestionPage(props))
  }

  @Post(':act')
  @HttpCode(200)
  async perform(
    @CurrentSession() session: Session,
    @Param('act') act: string,
    @Body() body: Record<string, unknown> | undefined,
    @Res() response: Response,
  ) {
    const name = requireAct(act)
    const { id } = await this.requireClient(body?.client)
    const entry = { action: `${name}-client`, clientId: id, target: { type: 'client', id } } as const
    await this.administration.act(session, entry, async () => {
      switch (name) {
        case 'block':
          return { withdrawn: await this.clients.block(id) }
        case 'unblock':
          await this.clients.unblock(id)
          return {}
        case 'withdraw':
          return { withdrawn: await this.grants.withdrawAllOfClient(id) }
      }
    })
    goTo(response, `${detailsOf(id)}&done=${name}`)
  }

  /** Throws Problem not-found. */
  private async requireClient(id: unknown): Promise<ListedClient> {
    const client = typeof id === 'string' && id.length <= 2000 ? await this.clientDirectory.find(id) : undefined
    if (!client) throw new Problem('not-found', t('There is no such client, or no longer. Look for it in the list.'))
    return client
  }
}

function requireAct(value: string): ClientActName {
  if (isClientAct(value)) return value
  throw new Problem('not-found', t('There is no such thing to do. Go back to the page of the client.'))
}

function detailsOf(clientId: string): string {
  return `${path}/details?client=${encodeURIComponent(clientId)}`
}
