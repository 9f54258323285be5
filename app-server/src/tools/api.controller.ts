// The direct API: the same tools over plain HTTP, for programs with a bearer and for people with a session.
import { Controller, Get, Header, HttpCode, Inject, Param, Post, Req, Res, UseFilters, UseGuards } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Request, Response } from 'express'
import { Sessions } from '../accounts/session.js'
import type { Access } from '../oauth/access.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import type { Tool } from '../providers/provider.js'
import { ProviderRegistry } from '../providers/provider-registry.js'
import { ApiAccess, ApiGuard } from './api.guard.js'
import { apiDocument } from './api-document.js'
import { ApiProblemFilter } from './api-problem.filter.js'
import { Catalog } from './catalog.js'
import { DirectCalls } from './direct-calls.js'

@Controller('api')
@UseFilters(ApiProblemFilter)
export class ApiController {
  constructor(
    private readonly catalog: Catalog,
    private readonly calls: DirectCalls,
    private readonly sessions: Sessions,
    private readonly registry: ProviderRegistry,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  /** Open to everybody, as the scopes are in the metadata: it says what the operator has set up, not what anybody has. */
  @Get('openapi.json')
  @Header('Cache-Control', 'public, max-age=300')
  @Header('Access-Control-Allow-Origin', '*')
  async describe(): Promise<object> {
    return apiDocument(await this.catalog.definitionsFor(undefined), this.registry, this.settings)
  }

  /** Who is signed in here, with the token that a script on our own pages sends along with a write. */
  @Get('session')
  @Header('Cache-Control', 'no-store')
  async session(@Req() request: Request) {
    const session = await this.sessions.find(request)
    if (!session) throw new Problem('sign-in-required', 'You are not signed in here, or no longer. Sign in first.')
    return { person: session.viewer, csrf_token: session.csrfToken }
  }

  @Get('tools')
  @UseGuards(ApiGuard)
  @Header('Cache-Control', 'no-store')
  async list(@ApiAccess() access: Access) {
    const definitions = await this.catalog.definitionsFor(access.userId)
    return { tools: definitions.map(({ name }) => this.shown(this.requireTool(name), access)) }
  }

  @Get('tools/:name')
  @UseGuards(ApiGuard)
  @Header('Cache-Control', 'no-store')
  get(@Param('name') name: string, @ApiAccess() access: Access) {
    return this.shown(this.requireTool(name), access)
  }

  @Post('tools/:name')
  @UseGuards(ApiGuard)
  @HttpCode(200)
  async call(
    @Param('name') name: string,
    @ApiAccess() access: Access,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const given = withIdempotencyKey(this.catalog.find(name), argumentsOf(request), request.get('idempotency-key'))
    const outcome = await this.calls.run({ access, name, arguments: given, response })
    if ('problem' in outcome) throw outcome.problem
    response.setHeader('Cache-Control', 'no-store')
    response.json(outcome.output)
  }

  private requireTool(name: string): Tool {
    const tool = this.catalog.find(name)
    if (tool) return tool
    throw new Problem('unknown-tool', `There is no tool "${name.slice(0, 128)}". GET /api/tools lists what there is.`, {
      similar: this.catalog.namesLike(name),
    })
  }

  private shown(tool: Tool, access: Access) {
    const definition = this.catalog.definitions.find(({ name }) => name === tool.name)
    return { ...definition, scope: tool.scope, allowed: access.scopes.has(tool.scope) }
  }
}

/** The JSON object in the body; no body at all means no arguments. */
function argumentsOf(request: Request): Record<string, unknown> {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
  if (encoding === undefined && (length === undefined || length === '0')) return {}
  if (!request.is('application/json')) {
    throw new Problem('unsupported-media-type', 'Send the arguments as one JSON object, as application/json.')
  }
  const body: unknown = request.body
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>
  throw new Problem('invalid-request', 'The body must be one JSON object: the arguments of the tool by name.')
}

/**
 * The header as the tool's argument. It may stand in quotes (draft-ietf-httpapi-idempotency-key-header, section 2.1). Tools
 * that change nothing take none, so there it means nothing.
 */
function withIdempotencyKey(
  tool: Tool | undefined,
  given: Record<string, unknown>,
  header: string | undefined,
): Record<string, unknown> {
  if (header === undefined || tool === undefined || !('idempotency_key' in tool.input.shape)) return given
  const key = /^"(.*)"$/.exec(header)?.[1] ?? header
  if (given.idempotency_key !== undefined && given.idempotency_key !== key) {
    throw new Problem(
      'invalid-arguments',
      'The header Idempotency-Key and the argument idempotency_key differ. Send one of them.',
    )
  }
  return { ...given, idempotency_key: key }
}
