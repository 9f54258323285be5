// The way of a turn from a message to its answer: ask the model, run what it calls, and again, within what the room allows.
import { Inject, Injectable } from '@nestjs/common'
import { Approvals } from '../approvals/approvals.js'
import { type ModelEnd, ModelFailure, type ModelTool, type ModelUsage } from '../models/model.js'
import { Metrics } from '../platform/metrics.js'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { Attachments } from './attachments.js'
import { runCalls } from './call-round.js'
import { filesToSend, isCut, messagesOf, readMore, textTokens } from './history.js'
import { instructionsFor } from './instructions.js'
import type { LiveTurn } from './live-turn.js'
import { runModelRound, withUsage } from './model-round.js'
import { type Earlier, Summaries, type Summariser } from './summaries.js'
import { ToolLists } from './tool-lists.js'
import { type OfferedTool, ToolSession } from './tool-session.js'
import type { CallPart, Turn, TurnFailure } from './turn.js'
import { TurnFault } from './turn-fault.js'
import { type RoomOfTurn, TurnRooms } from './turn-rooms.js'
import type { Allowance, Claim, TurnEnd } from './turn-store.js'
import { TurnTokens } from './turn-tokens.js'

/** How long a turn may be worked on at a stretch, in milliseconds. */
const longestMs = 20 * 60_000
/** Tokens of one round's answer, thinking included: the most, and what is taken where nobody tells what the model can write. */
const outputTokensAtOnce = { most: 32_768, unknown: 16_384 } as const
/** Of what one answer may take, this part is for what was said before: so that it has rounds enough to call tools. */
const shareOfBudget = 1 / 4
/** What a window is taken for when the service does not tell. */
const defaultWindowTokens = 100_000
/** However much the tools take up, this much is left for what was said; a model that cannot take it says so. */
const leastWindowTokens = 2_000

type OfferedTools = ReadonlyMap<string, OfferedTool>

/** What a turn works with. */
interface Means extends AdvanceOptions {
  readonly tools: OfferedTools
  readonly earlier: Promise<Earlier>
  readonly room: Promise<RoomOfTurn>
  readonly session: ToolSession
}

export interface AdvanceOptions {
  readonly claim: Claim
  readonly signal: AbortSignal
  /** Notes that all of a round is there and stored, and another follows. */
  endRound(): Promise<void>
}

@Injectable()
export class TurnWork {
  constructor(
    private readonly rooms: TurnRooms,
    private readonly tokens: TurnTokens,
    private readonly summaries: Summaries,
    private readonly attachments: Attachments,
    private readonly approvals: Approvals,
    private readonly lists: ToolLists,
    private readonly metrics: Metrics,
    @Inject(SETTINGS) private readonly settings: Pick<Settings, 'routerUrl'>,
  ) {}

  /**
   * Goes on until the turn is answered, must wait for a person, or has used up what it may.
   * Throws TurnFault, ModelFailure, LeaseLost; the signal's reason when that was aborted.
   */
  async advance(live: LiveTurn, { claim, signal, endRound }: AdvanceOptions): Promise<TurnEnd> {
    signal.throwIfAborted()
    // Read while the tools are found out; whoever asks for them first hears what went wrong.
    const earlier = this.summaries.earlier(live.turn.roomId, live.turn.seq)
    earlier.catch(() => undefined)
    const room = this.rooms.require(live.turn)
    room.catch(() => undefined)
    const providers = await this.rooms.providersOf(live.turn.roomId)
    const token = this.tokens.sourceFor(claim, providers)
    const session = new ToolSession({ url: this.settings.routerUrl, token })
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(), longestMs)
    const bounded = AbortSignal.any([signal, late.signal])
    try {
      const tools = await this.offeredTools(live, providers, session, bounded)
      return await this.takeTurns(live, { claim, tools, earlier, room, session, signal: bounded, endRound })
    } catch (error) {
      if (late.signal.aborted && !signal.aborted) return { status: 'stopped', endReason: 'time' }
      throw error
    } finally {
      clearTimeout(timer)
      await session.close()
    }
  }

  /** What a failure is called; undefined for what nobody expected. */
  failureOf(error: unknown): TurnFailure | undefined {
    if (error instanceof TurnFault) return { code: error.code }
    if (!(error instanceof ModelFailure)) return undefined
    const { kind, detail, retryAfterMs } = error
    return {
      code: kind,
      ...(detail === undefined ? {} : { detail }),
      ...(retryAfterMs === undefined ? {} : { retryAt: new Date(Date.now() + retryAfterMs).toISOString() }),
    }
  }

  private async takeTurns(live: LiveTurn, means: Means): Promise<TurnEnd> {
    const { claim, tools, session, signal, endRound, ...before } = means
    for (let { earlier, room } = before; ; ) {
      signal.throwIfAborted()
      await this.takeUpDecided(live)
      const calls = live.calls('asked', 'running')
      await runCalls({ live, calls, tools, session, signal })
      if (live.calls('approval').length > 0) return { status: 'waiting', endReason: null }
      const spent = usedUp(live.turn, claim.allowed)
      if (spent) return { status: 'stopped', endReason: spent }
      // Looked at anew after calls: a member who was taken out, or a key that was removed, counts at once.
      if (calls.length > 0) room = this.rooms.require(live.turn)
      const [found, said] = await Promise.all([room, earlier])
      const round = await this.askModel(live, found, said, tools, signal)
      if (round.end.reason !== 'calls') return endOf(round.end)
      earlier = Promise.resolve(round.earlier)
      if (tools.size > 0) session.prepare()
      await endRound()
    }
  }

  private async askModel(
    live: LiveTurn,
    room: RoomOfTurn,
    before: Earlier,
    tools: OfferedTools,
    signal: AbortSignal,
  ): Promise<{ end: ModelEnd; earlier: Earlier }> {
    const { key, vendor } = room
    const window = key.inputTokenLimit ?? defaultWindowTokens
    const { most, unknown } = outputTokensAtOnce
    // Small models have small windows.
    const outputTokens = Math.min(most, key.outputTokenLimit ?? unknown, Math.floor(window / 4))
    const forHistory = Math.min(window - outputTokens - toolTokens(tools), room.room.maxTokens * shareOfBudget)
    const onUsage = (usage: ModelUsage) => {
      live.change(withUsage(live, usage, key.prices))
      this.metrics.tokens(vendor.id, usage)
    }
    const summariser: Summariser = {
      vendor,
      access: key.access,
      model: key.model,
      windowTokens: Math.max(leastWindowTokens, forHistory),
      signal,
      onUsage,
    }
    live.change({ rounds: live.turn.rounds + 1, model: key.model })
    let earlier = before
    let [force, forced] = [false, false]
    let withEarlierFiles = true
    for (;;) {
      const fitted = await this.summaries.fit(live.turn.roomId, earlier, summariser, force)
      force = false
      if (fitted.summarised > 0) live.addNote({ code: 'summarised', turns: fitted.summarised })
      earlier = { summary: fitted.summary, turns: fitted.turns }
      const sent = filesToSend(
        withEarlierFiles ? fitted.turns : fitted.turns.filter(({ turn }) => turn.id === live.turn.id),
      )
      const files = await this.attachments.bodiesOf(sent)
      const request = {
        model: key.model,
        system: instructionsFor({ room: room.room, turn: live.turn, lender: room.lenderName, now: new Date() }),
        messages: messagesOf({
          turns: fitted.turns.map((one) => (one.turn.id === live.turn.id ? live.snapshot() : one)),
          currentId: live.turn.id,
          files,
          summary: fitted.summary,
          shared: room.room.members > 1,
        }),
        tools: toolsFor(tools, live.calls('done', 'failed')),
        maxOutputTokens: outputTokens,
        signal,
      }
      try {
        const end = await runModelRound({ live, vendor, access: key.access, request, tools, onUsage })
        return { end, earlier }
      } catch (error) {
        const kind = error instanceof ModelFailure ? error.kind : undefined
        // Our guess of the size was too low: summarise in any case, once.
        if (kind === 'too-long' && !forced) force = forced = true
        // A file of an earlier message that the model does not take must not spoil all that come after it.
        else if ((kind === 'too-long' || kind === 'bad-request') && sent.some((id) => !isOf(live, id)))
          withEarlierFiles = false
        else throw error
      }
    }
  }

  /** What the room's providers offer this person. A router that cannot be reached fails the turn: it would guess. */
  private async offeredTools(
    live: LiveTurn,
    providers: readonly string[],
    session: ToolSession,
    signal: AbortSignal,
  ): Promise<OfferedTools> {
    if (providers.length === 0) return new Map()
    const listed = await this.list(live.turn.actsFor ?? '', session, signal)
    const wanted = new Set(providers)
    const offered = listed.filter(({ name }) => wanted.has(this.rooms.providerOf(name) ?? ''))
    const missing = providers.filter((id) => !offered.some(({ name }) => this.rooms.providerOf(name) === id))
    const told = live.parts.some((part) => part.kind === 'note' && part.data.code === 'tools-left-out')
    if (missing.length > 0 && !told) live.addNote({ code: 'tools-left-out', providers: missing })
    return new Map(offered.map((tool) => [tool.name, tool]))
  }

  private async list(userId: string, session: ToolSession, signal: AbortSignal): Promise<readonly OfferedTool[]> {
    const known = this.lists.find(userId)
    if (known) return known
    try {
      const listed = await session.list(signal)
      this.lists.keep(userId, listed)
      return listed
    } catch (error) {
      signal.throwIfAborted()
      if (error instanceof TurnFault) throw error
      throw new TurnFault('tools-unavailable', { cause: error })
    }
  }

  /** Calls that waited and were decided about are made, or told to be refused. */
  private async takeUpDecided(live: LiveTurn): Promise<void> {
    const { actsFor } = live.turn
    for (const { idx, data } of live.calls('approval')) {
      const approval = actsFor && data.approvalId ? await this.approvals.find(data.approvalId, actsFor) : undefined
      switch (approval?.state) {
        case 'pending':
          break
        case 'approved':
        case 'used':
          live.changeCall(idx, { state: 'asked' })
          break
        default: {
          const denied = approval?.state === 'denied'
          const result = denied
            ? 'The person said no, so this was not done. Do not try it again unless they ask for it.'
            : 'Nobody allowed this in time, so it was not done. Ask the person whether to try again.'
          live.changeCall(idx, { state: 'denied', result, resultLength: result.length })
        }
      }
    }
  }
}

function usedUp(turn: Turn, allowed: Allowance): TurnEnd['endReason'] | undefined {
  if (turn.rounds >= allowed.rounds) return 'rounds'
  if (turn.inputTokens + turn.outputTokens + turn.thinkingTokens >= allowed.tokens) return 'tokens'
  if (allowed.costMicros !== null && (turn.costMicros ?? 0) >= allowed.costMicros) return 'cost'
  return undefined
}

function endOf({ reason, detail }: ModelEnd): TurnEnd {
  if (reason === 'stop' || reason === 'calls') return { status: 'done', endReason: 'answered' }
  return { status: 'done', endReason: reason, failure: detail === undefined ? null : { code: reason, detail } }
}

function isOf(live: LiveTurn, fileId: string): boolean {
  return live.snapshot().attachments.some(({ id }) => id === fileId)
}

function toolsFor(tools: OfferedTools, calls: readonly CallPart[]): ModelTool[] {
  return [...tools.values(), ...(calls.some(isCut) ? [readMore] : [])].map(({ name, description, parameters }) => ({
    name,
    description,
    parameters,
  }))
}

function toolTokens(tools: OfferedTools): number {
  return [...tools.values()].reduce(
    (sum, { description, parameters }) => sum + textTokens(description) + textTokens(JSON.stringify(parameters)),
    0,
  )
}
