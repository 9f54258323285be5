// Questions in the middle of a call: a client that can open links leads the person to a page of ours, then repeats the call.
// MCP 2026-07-28: Multi Round-Trip Requests; Elicitation, URL mode. ADR 21 says what other clients get instead.
import { Injectable } from '@nestjs/common'
import { type Problem, rpcErrors } from '@sekisho/contracts'
import { z } from 'zod'
import { Log } from '../platform/log.js'
import { SecretBox } from '../platform/secret-box.js'
import { ApproveFirst } from './approve-first.js'
import { ConnectFirst } from './connect-first.js'
import { RequestStates, type StatefulCall, stateMinutes } from './request-state.js'
import { RpcFault } from './rpc-fault.js'

/** Accept: they agreed to open the link, which is not yet to have done anything there. */
const said = z.enum(['accept', 'decline', 'cancel'])
export type Said = z.output<typeof said>

const answer = z.looseObject({ action: said }).optional()

/** What a repeated call carries beside what it was. Answers to questions of others are none of our business. */
const repetition = z.object({
  inputResponses: z.looseObject({ connect: answer, approve: answer }).optional(),
  requestState: z.string().optional(),
})

const capabilitiesKey = 'io.modelcontextprotocol/clientCapabilities'
/** An empty object of `elicitation` stands for forms alone. */
const opensLinks = z.looseObject({
  _meta: z.looseObject({
    [capabilitiesKey]: z.looseObject({ elicitation: z.looseObject({ url: z.looseObject({}) }) }),
  }),
})

/** What is asked: to connect an account, to approve the call. */
export type QuestionKey = 'connect' | 'approve'

/** What the person said to which question. */
export type Answers = Readonly<Partial<Record<QuestionKey, Said>>>

/** One kind of question. */
export interface Asker {
  /** Whether the person can mend this now, at the link that the problem carries. */
  isAbout(problem: Problem): boolean
  /** Undefined when this tool is none to ask about. The words are for the person, who sees where the link leads beside them. */
  questionFor(tool: string, problem: Problem): { message: string; url: string } | undefined
}

const none: Answers = {}

@Injectable()
export class Questions {
  private readonly states: RequestStates
  private readonly askers: Readonly<Record<QuestionKey, Asker>>

  constructor(
    box: SecretBox,
    connect: ConnectFirst,
    approve: ApproveFirst,
    private readonly log: Log,
  ) {
    this.states = new RequestStates(box)
    this.askers = { connect, approve }
  }

  /**
   * What the person said to the questions of an earlier answer; what was not asked, or not answered, is not in it: then the
   * call is taken as new. Throws RpcFault when the answer is malformed or its state is not one of this call.
   */
  answersIn(call: StatefulCall, params: Record<string, unknown>): Answers {
    // As nearly every call is.
    if (params.requestState === undefined && params.inputResponses === undefined) return none
    const { success, data, error } = repetition.safeParse(params)
    if (!success) {
      const [issue] = error.issues
      throw new RpcFault(rpcErrors.invalidParams, `params.${issue?.path.join('.')}: ${issue?.message}`)
    }
    const { requestState, inputResponses } = data
    // An answer without its state proves nothing, and a call needs nothing to be proven.
    if (requestState === undefined) return none
    const verdict = this.states.judge(call, requestState)
    if (verdict === 'good') {
      const { connect, approve } = inputResponses ?? {}
      return { ...(connect ? { connect: connect.action } : {}), ...(approve ? { approve: approve.action } : {}) }
    }
    const { userId, clientId } = call.access
    this.log.info({ userId, clientId, tool: call.name, verdict }, 'a repeated call was refused for its state')
    throw new RpcFault(
      rpcErrors.invalidParams,
      verdict === 'expired'
        ? `requestState is older than ${stateMinutes} minutes. Nothing was run. Call again, without requestState and inputResponses.`
        : 'requestState was not given for this call: another person, client, tool or arguments, or it was changed. Nothing was run. Call again, without requestState and inputResponses.',
      { reason: 'invalid_request_state' },
    )
  }

  /**
   * The result that asks the person instead of failing; undefined when this client or this problem is none to ask about.
   * Whoever was asked already is told: the same question again would go round for ever.
   */
  questionFor(
    call: StatefulCall,
    params: Record<string, unknown>,
    problem: Problem,
    answers: Answers,
  ): Record<string, unknown> | undefined {
    const key = this.keyOf(problem)
    if (key === undefined || answers[key] !== undefined || !opensLinks.safeParse(params).success) return undefined
    const question = this.askers[key].questionFor(call.name, problem)
    if (!question) return undefined
    const { message, url } = question
    return {
      resultType: 'input_required',
      inputRequests: { [key]: { method: 'elicitation/create', params: { mode: 'url', message, url } } },
      requestState: this.states.give(call),
    }
  }

  /** Which question a problem is answered by; undefined for what the person cannot mend at a link. */
  keyOf(problem: Problem): QuestionKey | undefined {
    if (this.askers.connect.isAbout(problem)) return 'connect'
    return this.askers.approve.isAbout(problem) ? 'approve' : undefined
  }
}
