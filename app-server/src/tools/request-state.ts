// What a client carries from a question to the call it repeats: sealed against change, and good for that call alone.
// MCP 2026-07-28, Multi Round-Trip Requests: what comes back is an attacker's input until it is proven not to be.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Access } from '../oauth/access.js'
import { canonicalJson } from '../platform/database/once.js'
import type { SecretBox } from '../platform/secret-box.js'

/** As long as people may take to answer a question. */
export const stateMinutes = 15
const longestState = 128
const form = /^1\.(\d{1,12})\.([A-Za-z0-9_-]{43})$/

/** A call, as far as its state is bound to it. */
export interface StatefulCall {
  readonly access: Pick<Access, 'userId' | 'clientId'>
  readonly name: string
  readonly arguments: Record<string, unknown>
}

export class RequestStates {
  constructor(private readonly box: Pick<SecretBox, 'deriveKeys'>) {}

  /** A state for the repetition of this call. It says nothing but when it ends. */
  give(call: StatefulCall): string {
    const until = Math.floor(Date.now() / 1000) + stateMinutes * 60
    const [key] = this.keys()
    if (!key) throw new Error('there is no key')
    return `1.${until}.${macOf(key, call, until).toString('base64url')}`
  }

  /** Whether a state was given for this very call: the person, the client, the tool and its arguments. */
  judge(call: StatefulCall, state: string): 'good' | 'expired' | 'foreign' {
    const [, until, mac] = (state.length <= longestState && form.exec(state)) || []
    if (until === undefined || mac === undefined) return 'foreign'
    const given = Buffer.from(mac, 'base64url')
    const genuine = this.keys().some((key) => timingSafeEqual(macOf(key, call, Number(until)), given))
    if (!genuine) return 'foreign'
    return Number(until) * 1000 < Date.now() ? 'expired' : 'good'
  }

  private keys(): Buffer[] {
    return this.box.deriveKeys('states of repeated calls')
  }
}

function macOf(key: Buffer, { access, name, arguments: given }: StatefulCall, until: number): Buffer {
  const digest = createHash('sha256').update(canonicalJson(given)).digest('hex')
  // As JSON, so that no two different calls give the same text.
  const bound = JSON.stringify(['tools/call', access.userId, access.clientId, name, digest, until])
  return createHmac('sha256', key).update(bound).digest()
}
