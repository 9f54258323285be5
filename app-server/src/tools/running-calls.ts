// The calls this replica is working on: how many a person has, and which one a cancellation means.
import { Injectable } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import { Notices } from '../platform/database/notices.js'

/** Calls one person may have running on one replica. */
export const maxCallsPerPerson = 128
const topic = 'cancel-call'

/** Which call a legacy client's `notifications/cancelled` speaks of. */
export interface CallAddress {
  /** The authorization (or session) the token came from: nobody can name another's. */
  owner: string
  /** The router's label of the client, from `Mcp-Session-Id`. Without it a request id could mean anybody's call. */
  sessionLabel: string
  /** The JSON-RPC id, a string or a number: 1 and "1" differ. */
  requestId: string | number
}

@Injectable()
export class RunningCalls {
  private readonly byAddress = new Map<string, AbortController>()
  private readonly countByPerson = new Map<string, number>()

  constructor(private readonly notices: Notices) {
    notices.on(topic, (address) => this.byAddress.get(address)?.abort())
  }

  /**
   * Runs one call of a person, counted, and cancellable by its address when it has one.
   * Throws Problem rate-limited when the person has too many running.
   */
  async run<Result>(
    userId: string,
    address: CallAddress | undefined,
    work: (cancelled: AbortSignal, cancel: () => void) => Promise<Result>,
  ): Promise<Result> {
    const count = this.countByPerson.get(userId) ?? 0
    if (count >= maxCallsPerPerson) {
      throw new Problem(
        'rate-limited',
        `You have ${maxCallsPerPerson} calls running already. Wait until some have finished, then call again.`,
        { retry_after_seconds: 1 },
        { headers: { 'Retry-After': '1' } },
      )
    }
    const controller = new AbortController()
    const key = address === undefined ? undefined : keyOf(address)
    // A client that reuses an id that is still running breaks JSON-RPC; then the newer call is the one that is meant.
    if (key !== undefined) this.byAddress.set(key, controller)
    this.countByPerson.set(userId, count + 1)
    try {
      return await work(controller.signal, () => controller.abort())
    } finally {
      if (key !== undefined && this.byAddress.get(key) === controller) this.byAddress.delete(key)
      const left = (this.countByPerson.get(userId) ?? 1) - 1
      if (left > 0) this.countByPerson.set(userId, left)
      else this.countByPerson.delete(userId)
    }
  }

  /** Cancels a call wherever it runs. Cancelling what is over, or never was, does nothing (MCP, utilities/cancellation). */
  async cancel(address: CallAddress): Promise<void> {
    await this.notices.tell(topic, keyOf(address))
  }
}

function keyOf(address: CallAddress): string {
  return JSON.stringify([address.owner, address.sessionLabel, address.requestId])
}
