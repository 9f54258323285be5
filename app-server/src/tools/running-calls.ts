// The calls this replica is working on: how many a person has, and which one a cancellation means.
import { Injectable } from '@nestjs/common'
import { Notices } from '../platform/database/notices.js'
import { PlacesPerPerson } from './places-per-person.js'

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
  private readonly places = new PlacesPerPerson(maxCallsPerPerson, 'calls')

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
    return this.places.hold(userId, () => this.runAt(address, work))
  }

  private async runAt<Result>(
    address: CallAddress | undefined,
    work: (cancelled: AbortSignal, cancel: () => void) => Promise<Result>,
  ): Promise<Result> {
    const controller = new AbortController()
    const key = address === undefined ? undefined : keyOf(address)
    // A client that reuses an id that is still running breaks JSON-RPC; then the newer call is the one that is meant.
    if (key !== undefined) this.byAddress.set(key, controller)
    try {
      return await work(controller.signal, () => controller.abort())
    } finally {
      if (key !== undefined && this.byAddress.get(key) === controller) this.byAddress.delete(key)
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
