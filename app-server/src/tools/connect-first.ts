// "Connect first": asks the person, through a client that can open links, to connect the account a call is missing.
// MCP 2026-07-28: Multi Round-Trip Requests; Elicitation, URL mode. ADR 21 says what other clients get instead.
import { Inject, Injectable } from '@nestjs/common'
import { Problem, rpcErrors } from '@sekisho/contracts'
import { z } from 'zod'
import { Log } from '../platform/log.js'
import { SecretBox } from '../platform/secret-box.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { ProviderRegistry } from '../providers/provider-registry.js'
import { type ConnectedProvider, connectUrl, isConnected } from '../vault/not-connected.js'
import { RequestStates, type StatefulCall, stateMinutes } from './request-state.js'
import { RpcFault } from './rpc-fault.js'

/** Accept: they agreed to open the link, which is not yet to have connected anything. */
const said = z.enum(['accept', 'decline', 'cancel'])
export type Said = z.output<typeof said>

/** What a repeated call carries beside what it was. Answers to questions of others are none of our business. */
const repetition = z.object({
  inputResponses: z.looseObject({ connect: z.looseObject({ action: said }).optional() }).optional(),
  requestState: z.string().optional(),
})

const capabilitiesKey = 'io.modelcontextprotocol/clientCapabilities'
/** An empty object of `elicitation` stands for forms alone. */
const opensLinks = z.looseObject({
  _meta: z.looseObject({
    [capabilitiesKey]: z.looseObject({ elicitation: z.looseObject({ url: z.looseObject({}) }) }),
  }),
})

/** What a link mends. An account of an unknown name is mended by the model, and a service that is not set up by nobody here. */
const mendable: ReadonlySet<unknown> = new Set(['no-account', 'reconnect-needed', 'revoked', 'more-access-needed'])

/** Whether the person can mend this now, at the link that it carries. */
export function isMendable(problem: Problem): boolean {
  const { reason, connect_url } = problem.members
  return problem.code === 'not-connected' && mendable.has(reason) && typeof connect_url === 'string'
}

@Injectable()
export class ConnectFirst {
  private readonly states: RequestStates

  constructor(
    box: SecretBox,
    private readonly registry: ProviderRegistry,
    private readonly log: Log,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'publicUrl'>,
  ) {
    this.states = new RequestStates(box)
  }

  /**
   * What the person said to the question of an earlier answer; undefined when none was asked, or was not answered: then the
   * call is taken as new. Throws RpcFault when the answer is malformed or its state is not one of this call.
   */
  answerIn(call: StatefulCall, params: Record<string, unknown>): Said | undefined {
    // As nearly every call is.
    if (params.requestState === undefined && params.inputResponses === undefined) return undefined
    const { success, data, error } = repetition.safeParse(params)
    if (!success) {
      const [issue] = error.issues
      throw new RpcFault(rpcErrors.invalidParams, `params.${issue?.path.join('.')}: ${issue?.message}`)
    }
    const { requestState, inputResponses } = data
    // An answer without its state proves nothing, and a call needs nothing to be proven.
    if (requestState === undefined) return undefined
    const verdict = this.states.judge(call, requestState)
    if (verdict === 'good') return inputResponses?.connect?.action
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

  /** The question to put to the person instead of a failure; undefined when this client or this problem is none to ask about. */
  questionFor(
    call: StatefulCall,
    params: Record<string, unknown>,
    problem: Problem,
  ): Record<string, unknown> | undefined {
    const provider = this.providerOf(call.name)
    if (!provider || !isMendable(problem) || !opensLinks.safeParse(params).success) return undefined
    return {
      resultType: 'input_required',
      inputRequests: {
        connect: {
          method: 'elicitation/create',
          params: { mode: 'url', message: wordsFor(provider, problem), url: problem.members.connect_url },
        },
      },
      requestState: this.states.give(call),
    }
  }

  /** What the model is told when the person would not. */
  refusedBy(call: Pick<StatefulCall, 'name'>, scope: string, said: Exclude<Said, 'accept'>): Problem | undefined {
    const provider = this.providerOf(call.name)
    if (!provider) return undefined
    const url = connectUrl({ publicUrl: this.settings.publicUrl, provider, scopes: [scope] })
    const { service } = provider.connect
    const what =
      said === 'decline'
        ? `The person was asked to connect their ${service} account and said no, so ${call.name} was not run. Do not call again unless they ask for it; they connect an account at ${url}.`
        : `The person was asked to connect their ${service} account and closed the question, so ${call.name} was not run. Ask them whether to go on; they connect an account at ${url}, then call again.`
    const reason = said === 'decline' ? 'declined' : 'cancelled'
    return new Problem('not-connected', what, { provider: provider.id, reason, connect_url: url })
  }

  private providerOf(tool: string): ConnectedProvider | undefined {
    const provider = this.registry.providerOf.get(tool)
    return provider && isConnected(provider) ? provider : undefined
  }
}

/** For the person, who sees where the link leads beside it. */
function wordsFor({ connect: { service } }: ConnectedProvider, { members }: Problem): string {
  const account = `${service} account${typeof members.connection === 'string' ? ` ${members.connection}` : ''}`
  switch (members.reason) {
    case 'no-account':
      return `Connect your ${account} on the page that opens. What was begun goes on when it is connected.`
    case 'more-access-needed':
      return `Your ${account} was connected without the access this needs. Allow it on the page that opens; then this goes on.`
    default:
      return `Access to your ${account} was lost. Connect it again on the page that opens; then this goes on.`
  }
}
