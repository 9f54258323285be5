// Runs one tool call from its name to its audit entry; there is no other way to run a tool.
import { setTimeout as wait } from 'node:timers/promises'
import { Inject, Injectable } from '@nestjs/common'
import { doorLimits, Problem } from '@sekisho/contracts'
import type { Span } from '@sekisho/telemetry'
import type { z } from 'zod'
import { ApprovalGate } from '../approvals/approval-gate.js'
import { notLookedAt } from '../approvals/approval-problems.js'
import { AuditLog } from '../audit/audit-log.js'
import { redactArguments } from '../audit/redact.js'
import type { Access } from '../oauth/access.js'
import { insufficientScope } from '../oauth/challenge.js'
import { Database } from '../platform/database/database.js'
import { once, onceOutside } from '../platform/database/once.js'
import { Log } from '../platform/log.js'
import { Metrics } from '../platform/metrics.js'
import { toProblem } from '../platform/problem.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { currentSpan, inSpan } from '../platform/spans.js'
import { type ContentBlock, contentSchema, Shown } from '../providers/content.js'
import type { Tool, ToolCall } from '../providers/provider.js'
import { ProviderRegistry } from '../providers/provider-registry.js'
import { isConnected } from '../vault/not-connected.js'
import { Vault } from '../vault/vault.js'
import { detailsOf, type Used, wordOf } from './call-details.js'
import { Catalog } from './catalog.js'
import { ConnectFirst } from './connect-first.js'
import { PlacesPerPerson } from './places-per-person.js'
import { type Answers, Questions } from './questions.js'

export interface ToolRequest {
  access: Access
  name: string
  arguments: Record<string, unknown>
  /** What the person said to the questions about this very call. */
  answers?: Answers
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
    private readonly approvals: ApprovalGate,
    private readonly questions: Questions,
    private readonly connectFirst: ConnectFirst,
    private readonly database: Database,
    private readonly audit: AuditLog,
    private readonly log: Log,
    private readonly metrics: Metrics,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'publicUrl'>,
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
      details: detailsOf(request.access, tool, used, problem),
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
      if (request.answers) await this.requireNoRefusal(tool, input, request.access, request.answers)
      return await this.runBounded(tool, input, request, used)
    } catch (error) {
      return {
        problem: toProblem(error, (cause, reference) =>
          this.log.error({ error: cause, reference, tool: request.name }, 'a tool failed unexpectedly'),
        ),
      }
    }
  }

  /** The person's no to a question counts, whatever has come about meanwhile. Throws Problem not-connected, approval-denied. */
  private async requireNoRefusal(
    tool: Tool,
    input: Record<string, unknown>,
    access: Access,
    { connect, approve }: Answers,
  ): Promise<void> {
    if (approve !== undefined && approve !== 'accept') {
      await this.approvals.withdraw({ access, tool, input })
      throw notLookedAt(tool.name, this.settings.publicUrl, approve)
    }
    const refused =
      connect !== undefined && connect !== 'accept'
        ? this.connectFirst.refusedBy(tool.name, tool.scope, connect)
        : undefined
    if (refused) throw refused
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
      const given = await Promise.race([this.runAllowed(tool, input, call, used, request), aborted])
      if (!(given instanceof Shown)) return { output: tool.output.parse(given) }
      return { output: tool.output.parse(given.output), content: contentSchema.parse(given.content) }
    } finally {
      clearTimeout(timer)
      request.cancelled.removeEventListener('abort', giveUp)
    }
  }

  /**
   * Tools of connected providers get the way to their service, with the account the call names; others just run. What needs
   * the person's word runs when it is there.
   */
  private async runAllowed(
    tool: Tool,
    input: Record<string, unknown>,
    call: ToolCall,
    used: Used,
    { access, answers = {} }: ToolRequest,
  ) {
    const until = performance.now() + patience.forMs
    /** While the person may be on the page that a question led them to, what they do there is waited for. */
    const patiently = async <Result>(attempt: () => Promise<Result>): Promise<Result> => {
      for (;;) {
        call.signal.throwIfAborted()
        try {
          return await attempt()
        } catch (error) {
          const key = error instanceof Problem ? this.questions.keyOf(error) : undefined
          if (key === undefined || answers[key] !== 'accept' || performance.now() >= until) throw error
        }
        await wait(patience.everyMs, undefined, { signal: call.signal })
      }
    }
    const provider = this.registry.providerOf.get(tool.name)
    const opened =
      provider && isConnected(provider)
        ? await patiently(() =>
            this.vault.upstream({
              userId: access.userId,
              provider,
              connection: typeof input.connection === 'string' ? input.connection : undefined,
              scope: tool.scope,
              signal: call.signal,
            }),
          )
        : undefined
    used.connection = opened?.connection
    used.approval = await patiently(() =>
      this.approvals.require({ access, tool, input, connection: opened?.connection }),
    )
    if (!opened) return tool.run(input, call)
    return this.atServices.hold(access.userId, () => tool.run(input, { ...call, upstream: opened.upstream }))
  }
}

/**
 * A client repeats its call as soon as the person has agreed to open the link, so the page is only just being opened: the
 * call waits for what they do there. Not longer than clients wait for an answer. An object, so that tests are quicker.
 */
export const patience = { forMs: 40_000, everyMs: 1_500 }

/** OpenTelemetry semantic conventions for generative AI, "execute tool"; arguments and outputs stay out of it. */
function spanOf(tool: Tool | undefined): Parameters<Span['child']> {
  const name = tool?.name ?? 'unknown'
  const attributes = { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': name }
  return [`execute_tool ${name}`, { kind: 'internal', attributes }]
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
