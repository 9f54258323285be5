// The pages of the direct API: what there is, how each tool is called, and a form to try it in one's own name.
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Res, UseGuards } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Response } from 'express'
import { CurrentSession, SessionGuard } from '../accounts/session.guard.js'
import type { Session } from '../accounts/session.js'
import { Pages } from '../platform/html/pages.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import type { Tool } from '../providers/provider.js'
import { ProviderRegistry } from '../providers/provider-registry.js'
import { shown } from '../providers/shown.js'
import { ApiDocsPage } from './api-docs.page.js'
import { Catalog } from './catalog.js'
import { DirectCalls } from './direct-calls.js'
import { firstArguments } from './parameters.js'
import { accessOfSession } from './session-access.js'
import { t } from './t.js'
import { ToolPage, type TriedCall } from './tool.page.js'
import type { ToolOutcome } from './tool-runner.js'

const path = '/api/docs'

@Controller('api/docs')
@UseGuards(SessionGuard)
export class ApiDocsController {
  constructor(
    private readonly catalog: Catalog,
    private readonly calls: DirectCalls,
    private readonly registry: ProviderRegistry,
    private readonly pages: Pages,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get()
  async list(@CurrentSession() session: Session, @Res() response: Response): Promise<void> {
    const { viewer, csrfToken } = session
    const hidden = await this.catalog.hiddenProviders(viewer.id)
    const providers = this.registry.providers.filter(({ id }) => !hidden.has(id))
    const body = ApiDocsPage({ publicUrl: this.settings.publicUrl, providers })
    this.pages.send(response, { title: t('API'), current: path, viewer, csrfToken }, body)
  }

  @Get(':name')
  show(@Param('name') name: string, @CurrentSession() session: Session, @Res() response: Response): void {
    this.send(response, session, this.requireTool(name))
  }

  /** Runs the tool with the JSON in the form, and shows the same page with what came of it. */
  @Post(':name')
  @HttpCode(200)
  async attempt(
    @Param('name') name: string,
    @CurrentSession() session: Session,
    @Body() form: Record<string, unknown> | undefined,
    @Res() response: Response,
  ): Promise<void> {
    const tool = this.requireTool(name)
    const text = typeof form?.arguments === 'string' ? form.arguments : ''
    const given = parseObject(text)
    const outcome: ToolOutcome = given
      ? await this.calls.run({
          access: accessOfSession(session, this.registry, this.settings),
          name,
          arguments: given,
          response,
        })
      : {
          problem: new Problem(
            'invalid-request',
            t('The arguments are not one JSON object, so nothing was run. Mind the quotes and the commas.'),
          ),
        }
    this.send(response, session, tool, { text, outcome })
  }

  private send(response: Response, session: Session, tool: Tool, tried?: TriedCall): void {
    const { viewer, csrfToken } = session
    const definition = this.catalog.definitions.find(({ name }) => name === tool.name)
    if (!definition) throw new Error(`${tool.name} is there and not defined`)
    const text = tried?.text ?? JSON.stringify(firstArguments(definition.inputSchema), undefined, 2)
    const status = tried && 'problem' in tried.outcome ? tried.outcome.problem.status : 200
    const provider = this.registry.providerOf.get(tool.name)
    const title = provider ? shown(provider, tool.title) : tool.title
    this.pages.send(
      response,
      { title, current: path, viewer, csrfToken, status },
      ToolPage({
        tool,
        title,
        definition,
        publicUrl: this.settings.publicUrl,
        csrfToken,
        text,
        outcome: tried?.outcome,
      }),
    )
  }

  private requireTool(name: string): Tool {
    const tool = this.catalog.find(name)
    if (tool) return tool
    throw new Problem(
      'unknown-tool',
      t('There is no tool "{name}" here. {path} lists what there is.', { name: name.slice(0, 128), path }),
    )
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}
