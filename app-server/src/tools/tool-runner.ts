// Runs one tool call from its name to its audit entry; there is no other way to run a tool.
import { setTimeout as wait } from 'node:timers/promises'
import { Injectable } from '@nestjs/common'
import { doorLimits, Problem } from '@sekisho/contracts'
import type { Span } from '@sekisho/telemetry'
import type { z } from 'zod'
import { AuditLog } from '../audit/audit-log.js'
import { redactArguments } from '../audit/redact.js'
import type { Access } from '../oauth/access.js'
import { insufficientScope } from '../oauth/challenge.js'
import { Database } from '../platform/database/database.js'
import { once, onceOutside } from '../platform/database/once.js'
import { Log } from '../platform/log.js'
import { Metrics } from '../platform/metrics.js'
import { toProblem } from '../platform/problem.js'
import { currentSpan, inSpan } from '../platform/spans.js'
import { type ContentBlock, contentSchema, Shown } from '../providers/content.js'
import type { Tool, ToolCall } from '../providers/provider.js'
import { ProviderRegistry } from '../providers/provider-registry.js'
import { isConnected } from '../vault/not-connected.js'
import { type OpenedUpstream, type UpstreamRequest, Vault } from '../vault/vault.js'
import { Catalog } from './catalog.js'
import { ConnectFirst, isMendable, type Said } from './connect-first.js'
import { PlacesPerPerson } from './places-per-person.js'

export interface ToolRequest {
  access: Access
  name: string
  arguments: Record<string, unknown>
  /** What the person said when they were asked to connect an account for this very call. */
  saidToConnect?: Said | undefined
  /** Aborted when the caller gave up. */
  cancelled: AbortSignal
  reportProgress: ToolCall['reportProgress']
}

/** What a tool gave: its output, and the blocks to show beside it when it has any. */
interface ToolAnswer {
  output: Record<string, unknown>
  content?: readonly ContentBlock[]
}

/** What became of a call that was allowed to run: its answer, or the problem that a model can act on. */
export type ToolOutcome = ToolAnswer | { problem: Problem }

/** Problems of the request itself, thrown past the tool's result: the caller is told by the protocol, not by a result. */
const thrownCodes: ReadonlySet<string> = new Set(['unknown-tool', 'insufficient-scope', 'invalid-token'])

/** One person's calls at services at once: the way out of a replica is everybody's. */
const maxAtServices = 32

@Injectable()
export class ToolRunner {
  private readonly atServices = new PlacesPerPerson(maxAtServices, 'calls at other services')

  constructor(
    private readonly catalog: Catalog,
    private readonly registry: ProviderRegistry,
    private readonly vault: Vault,
    private readonly connectFirst: ConnectFirst,
    private readonly database: Database,
    private readonly audit: AuditLog,
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {}

  /**
   * Runs a tool and writes its audit entry before it answers.
   * Throws Problem unknown-tool and insufficient-scope; every other failure is an outcome.
   */
  async run(request: ToolRequest): Promise<ToolOutcome> {
    const startedAt = performance.now()
    const tool = this.catalog.find(request.name)
    const span = currentSpan()?.child(...spanOf(tool))
    const used: Used = {}
    const attempt = () => this.attempt(tool, request, used)
    const outcome = await (span ? inSpan(span, attempt) : attempt())
    const problem = 'problem' in outcome ? outcome.problem : undefined
    if (problem) span?.fail(problem.code)
    span?.end()
    const word = wordOf(problem)
    await this.audit.record({
      kind: 'call',
      action: 'call',
      actorId: request.access.userId,
      clientId: request.access.clientId,
      grantId: request.access.grantId,
      tool: tool?.name ?? request.name.slice(0, 128),
      arguments: redactArguments(request.arguments, tool?.redact),
      outcome: word,
      reason: problem?.code,
      details: { ...basisOf(request.access, tool, problem), ...accountOf(used, problem) },
      durationMs: performance.now() - startedAt,
    })
    this.metrics.toolCall(tool?.name, word, performance.now() - startedAt)
    if (problem && word === 'refused') this.metrics.refusal(problem)
    if (problem && thrownCodes.has(problem.code)) throw problem
    return outcome
  }

  private async attempt(tool: Tool | undefined, request: ToolRequest, used: Used): Promise<ToolOutcome> {
    try {
      if (!tool) {
        throw new Problem(
          'unknown-tool',
          `There is no tool "${request.name.slice(0, 128)}". Call tools/list to see what there is.`,
          {
            similar: this.catalog.namesLike(request.name),
          },
        )
      }
      if (!request.access.scopes.has(tool.scope)) throw insufficientScope(request.access, [tool.scope])
      const input = parseArguments(tool, request.arguments)
      const { saidToConnect: said } = request
      const refused = said && said !== 'accept' ? this.connectFirst.refusedBy(request, tool.scope, said) : undefined
      if (refused) throw refused
      return await this.runBounded(tool, input, request, used)
    } catch (error) {
      return {
        problem: toProblem(error, (cause, reference) =>
          this.log.error({ error: cause, reference, tool: request.name }, 'a tool failed unexpectedly'),
        ),
      }
    }
  }

  /** Runs the tool until it ends, the caller gives up or the deadline passes, whichever is first. */
  private async runBounded(
    tool: Tool,
    input: Record<string, unknown>,
    request: ToolRequest,
    used: Used,
  ): Promise<ToolAnswer> {
    if (request.cancelled.aborted) throw givenUp()
    const end = new AbortController()
    const { signal } = end
    const timer = setTimeout(() => end.abort(tooLate(tool)), doorLimits.callDeadlineMs)
    const giveUp = () => end.abort(givenUp())
    const { userId, email, name } = request.access
    const action = { ownerId: userId, operation: tool.name, key: keyOf(input), arguments: input }
    const call: ToolCall = {
      caller: { userId, email, name },
      database: this.database,
      signal,
      reportProgress: request.reportProgress,
      once: (write) => once(this.database, action, write),
      onceUpstream: (act) => onceOutside(this.database, action, act),
    }
    const aborted = new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    })
    request.cancelled.addEventListener('abort', giveUp)
    try {
      const given = await Promise.race([this.runWithAccount(tool, input, call, used, request.saidToConnect), aborted])
      if (!(given instanceof Shown)) return { output: tool.output.parse(given) }
      return { output: tool.output.parse(given.output), content: contentSchema.parse(given.content) }
    } finally {
      clearTimeout(timer)
      request.cancelled.removeEventListener('abort', giveUp)
    }
  }

  /** Tools of connected providers get the way to their service, with the account the call names; others just run. */
  private async runWithAccount(
    tool: Tool,
    input: Record<string, unknown>,
    call: ToolCall,
    used: Used,
    said: Said | undefined,
  ) {
    const provider = this.registry.providerOf.get(tool.name)
    if (!provider || !isConnected(provider)) return tool.run(input, call)
    const wanted: UpstreamRequest = {
      userId: call.caller.userId,
      provider,
      connection: typeof input.connection === 'string' ? input.connection : undefined,
      scope: tool.scope,
      signal: call.signal,
    }
    const until = said === 'accept' ? performance.now() + connectPatience.forMs : 0
    const { upstream, connection } = await this.openUpstream(wanted, until)
    used.connection = connection
    return this.atServices.hold(call.caller.userId, () => tool.run(input, { ...call, upstream }))
  }

  /** The way to the service; while the person may be connecting the account, it is looked for again and again. */
  private async openUpstream(wanted: UpstreamRequest, until: number): Promise<OpenedUpstream> {
    for (;;) {
      try {
        return await this.vault.upstream(wanted)
      } catch (error) {
        const mayBeMended = error instanceof Problem && isMendable(error) && performance.now() < until
        if (!mayBeMended) throw error
      }
      await wait(connectPatience.everyMs, undefined, { signal: wanted.signal })
    }
  }
}

/**
 * A client repeats its call as soon as the person has agreed to open the link, so the page is only just being opened: the
 * call waits for what they do there. Not longer than clients wait for an answer. An object, so that tests are quicker.
 */
export const connectPatience = { forMs: 40_000, everyMs: 1_500 }

/** What a call turned out to act with. */
interface Used {
  connection?: OpenedUpstream['connection']
}

/** Which account it was, or why there was none. */
function accountOf({ connection }: Used, problem: Problem | undefined): Record<string, unknown> {
  const { members } = problem?.code === 'not-connected' ? problem : { members: {} as Record<string, unknown> }
  const account =
    connection ?? (members.connection_id ? { id: members.connection_id, label: members.connection } : undefined)
  return {
    ...(account ? { connection: account } : {}),
    ...(problem?.code === 'not-connected'
      ? {
          not_connected: members.reason,
          ...(members.lost_because ? { lost_because: members.lost_because } : {}),
          ...(members.missing_scopes ? { missing_scopes: members.missing_scopes } : {}),
        }
      : {}),
  }
}

/** OpenTelemetry semantic conventions for generative AI, "execute tool"; arguments and outputs stay out of it. */
function spanOf(tool: Tool | undefined): Parameters<Span['child']> {
  const name = tool?.name ?? 'unknown'
  const attributes = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': name }
  return [`execute_tool ${name}`, { kind: 'internal', attributes }]
}

/** What the decision rested on, for whoever asks later why. */
function basisOf(access: Access, tool: Tool | undefined, problem: Problem | undefined): Record<string, unknown> {
  const faults = problem?.code === 'invalid-arguments' ? problem.members.faults : undefined
  return {
    ...(tool ? { scopes_needed: [tool.scope] } : {}),
    scopes_held: [...access.scopes],
    role: access.administrator ? 'administrator' : 'member',
    // A session that calls by itself, without a token made for it, is named once.
    ...(access.tokenId === access.sessionId ? {} : { bearer_id: access.tokenId }),
    ...(access.sessionId === undefined ? {} : { session_id: access.sessionId }),
    // Where the faults are, not what was there: that stands in the arguments, as far as it may be kept.
    ...(Array.isArray(faults) ? { faulty_arguments: faults.map(({ path }: { path: string }) => path) } : {}),
    ...(typeof problem?.members.reference === 'string' ? { reference: problem.members.reference } : {}),
  }
}

/** What the audit log and the figures call it. */
function wordOf(problem: Problem | undefined): 'ok' | 'refused' | 'failed' {
  if (problem === undefined) return 'ok'
  return problem.status >= 500 || problem.code === 'cancelled' ? 'failed' : 'refused'
}

function keyOf(input: Record<string, unknown>): string | undefined {
  return typeof input.idempotency_key === 'string' ? input.idempotency_key : undefined
}

/** Every fault of the arguments at once, by the path a caller can find. */
function parseArguments(tool: Tool, given: Record<string, unknown>): Record<string, unknown> {
  const parsed = tool.input.safeParse(given)
  if (parsed.success) return parsed.data
  const faults = parsed.error.issues.slice(0, 20).map((issue) => ({ path: pathOf(issue), message: issue.message }))
  throw new Problem(
    'invalid-arguments',
    `${tool.name} was not run. Mend these arguments and call again:\n${faults.map(({ path, message }) => `- ${path}: ${message}`).join('\n')}`,
    { faults },
  )
}

function pathOf(issue: z.core.$ZodIssue): string {
  return issue.path.length === 0 ? '(arguments)' : issue.path.map(String).join('.')
}

function givenUp(): Problem {
  return new Problem('cancelled', 'The call was cancelled.')
}

function tooLate(tool: Tool): Problem {
  const again = tool.annotations.readOnlyHint
    ? 'Call again, with a narrower question if you can.'
    : 'It may or may not have been done: look first, or call again with the same idempotency_key.'
  return new Problem(
    'timeout',
    `${tool.name} did not finish within ${doorLimits.callDeadlineMs / 1000} seconds. ${again}`,
  )
}
