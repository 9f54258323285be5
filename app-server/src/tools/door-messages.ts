// What the door does with a client's message: JSON-RPC in, JSON-RPC out; HTTP is the door's own business.
import { Injectable } from '@nestjs/common'
import { type DoorError, type DoorResult, type Era, Problem, rpcErrors } from '@sekisho/contracts'
import { z } from 'zod'
import type { Access } from '../oauth/access.js'
import { Metrics } from '../platform/metrics.js'
import { Catalog, listTtlMs, type ToolDefinition } from './catalog.js'
import type { DoorStream } from './door-stream.js'
import { type Answers, Questions } from './questions.js'
import { RpcFault } from './rpc-fault.js'
import { type CallAddress, RunningCalls } from './running-calls.js'
import { type ToolOutcome, ToolRunner } from './tool-runner.js'

const requestId = z.union([z.string().max(256), z.number()])

const message = z.object({
  jsonrpc: z.literal('2.0'),
  id: requestId.optional(),
  method: z.string().min(1).max(128),
  params: z.record(z.string(), z.unknown()).optional(),
})

const callParams = z.object({
  name: z.string().min(1).max(256),
  arguments: z.record(z.string(), z.unknown()).default({}),
  _meta: z.object({ progressToken: requestId.optional() }).optional(),
})
const cancelledParams = z.object({ requestId })

/** How a message came, and where its answer goes. */
export interface DoorExchange {
  readonly era: Era
  /** The client's label, from a legacy client that sends one. */
  readonly label: string | undefined
  readonly stream: DoorStream
}

@Injectable()
export class DoorMessages {
  constructor(
    private readonly catalog: Catalog,
    private readonly runner: ToolRunner,
    private readonly running: RunningCalls,
    private readonly questions: Questions,
    private readonly metrics: Metrics,
  ) {}

  /** Answers one message. Throws Problem where there is no JSON-RPC answer to give: it is then told over HTTP. */
  async answer(access: Access, given: unknown, { era, label, stream }: DoorExchange): Promise<void> {
    const parsed = message.safeParse(given)
    if (!parsed.success) {
      throw new Problem('invalid-request', 'The body must be one JSON-RPC 2.0 request or notification.')
    }
    const { id, method, params = {} } = parsed.data
    if (id === undefined) {
      await this.takeNotification(access, method, params, label)
      stream.accept()
      return
    }
    try {
      const result = await this.resultOf(access, { id, method, params }, label, stream, era)
      stream.end({ jsonrpc: '2.0', id, result } satisfies DoorResult)
    } catch (error) {
      if (!(error instanceof RpcFault)) throw error
      const { code, message: text, data } = error
      stream.end({
        jsonrpc: '2.0',
        id,
        error: { code, message: text, ...(data === undefined ? {} : { data }) },
      } satisfies DoorError)
    }
  }

  private async resultOf(
    access: Access,
    { id, method, params }: { id: string | number; method: string; params: Record<string, unknown> },
    label: string | undefined,
    stream: DoorStream,
    era: Era,
  ): Promise<Record<string, unknown>> {
    switch (method) {
      // Framing requests are answered by the router; it asks here whether the bearer is good.
      case 'ping':
        return {}
      case 'tools/list':
        if (params.cursor !== undefined) {
          throw new RpcFault(
            rpcErrors.invalidParams,
            'cursor is not one that this server gave out: the list has one page.',
          )
        }
        return listOf(await this.catalog.definitionsFor(access.userId), era)
      case 'tools/call': {
        const call = callParams.safeParse(params)
        if (!call.success) {
          throw new RpcFault(rpcErrors.invalidParams, 'params must have a name (text) and arguments (an object).')
        }
        const address = label === undefined ? undefined : { owner: access.ownerId, sessionLabel: label, requestId: id }
        if (era === 'legacy') return toolResult(await this.call(access, call.data, address, stream))
        return this.answerOrQuestion(access, call.data, params, (answers) =>
          this.call(access, call.data, address, stream, answers),
        )
      }
      default:
        throw new RpcFault(rpcErrors.methodNotFound, `There is no method "${method}" here.`)
    }
  }

  /** A call of the modern era, which may be answered by a question; its repetition then carries what the person said. */
  private async answerOrQuestion(
    access: Access,
    { name, arguments: given }: z.output<typeof callParams>,
    params: Record<string, unknown>,
    run: (answers: Answers) => Promise<ToolOutcome>,
  ): Promise<Record<string, unknown>> {
    const call = { access, name, arguments: given }
    const answers = this.questions.answersIn(call, params)
    const outcome = await run(answers)
    const question =
      'problem' in outcome ? this.questions.questionFor(call, params, outcome.problem, answers) : undefined
    return question ?? { resultType: 'complete', ...toolResult(outcome) }
  }

  private async call(
    access: Access,
    params: z.output<typeof callParams>,
    address: CallAddress | undefined,
    stream: DoorStream,
    answers: Answers = {},
  ): Promise<ToolOutcome> {
    const progressToken = params._meta?.progressToken
    try {
      return await this.running.run(access.userId, address, (cancelled, cancel) => {
        stream.onHangUp(cancel)
        return this.runner.run({
          access,
          name: params.name,
          arguments: params.arguments,
          answers,
          cancelled,
          reportProgress: (progress, total, text) => {
            if (progressToken !== undefined) stream.progress(progressToken, progress, total, text)
          },
        })
      })
    } catch (error) {
      if (error instanceof Problem && error.code === 'unknown-tool') {
        throw new RpcFault(rpcErrors.invalidParams, error.detail, error.members)
      }
      if (error instanceof Problem && error.code === 'rate-limited') {
        this.metrics.refusal(error)
        return { problem: error }
      }
      throw error
    }
  }

  private async takeNotification(
    access: Access,
    method: string,
    params: Record<string, unknown>,
    label: string | undefined,
  ): Promise<void> {
    if (method !== 'notifications/cancelled' || label === undefined) return
    const parsed = cancelledParams.safeParse(params)
    // MCP: a malformed cancellation is to be ignored.
    if (!parsed.success) return
    await this.running.cancel({ owner: access.ownerId, sessionLabel: label, requestId: parsed.data.requestId })
  }
}

function listOf(tools: readonly ToolDefinition[], era: Era): Record<string, unknown> {
  return era === 'modern' ? { resultType: 'complete', tools, ttlMs: listTtlMs, cacheScope: 'private' } : { tools }
}

/** A tool's output or problem as MCP's CallToolResult; the text is the same data, for clients that read only text. */
function toolResult(outcome: ToolOutcome): Record<string, unknown> {
  if ('output' in outcome) {
    const { output, content = [] } = outcome
    return { content: [{ type: 'text', text: JSON.stringify(output) }, ...content], structuredContent: output }
  }
  const { problem } = outcome
  return {
    content: [{ type: 'text', text: problem.detail }],
    structuredContent: problem.toJSON(),
    isError: true,
  }
}
