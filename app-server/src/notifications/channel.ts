// A way in which people are told, and what can go wrong on it.
import type { Language } from '../platform/html/language.js'

export const channelIds = ['webhook', 'mail'] as const
export type ChannelId = (typeof channelIds)[number]

/** What is to be brought to somebody, with their address of this moment. */
export interface DueNotice {
  /** The same at every attempt, so that a receiver knows what it had already. */
  readonly id: string
  readonly kind: string
  readonly subject: string
  readonly words: string
  readonly link: string
  readonly createdAt: Date
  /** What the person reads. */
  readonly language: Language
  readonly user: { readonly id: string; readonly email: string; readonly name: string }
}

export interface Channel {
  readonly id: ChannelId
  /** Deliveries under way at once. */
  readonly atOnce: number
  /** A delivery has ended by then, whatever the other side does. */
  readonly deadlineMs: number
  /** Throws DeliveryFault. */
  deliver(notice: DueNotice): Promise<void>
}

/** A delivery that was not taken, or nobody knows whether it was. The message is for the operator: no secret, no person. */
export class DeliveryFault extends Error {
  constructor(
    message: string,
    /** final: another attempt cannot go better. notBeforeMs: the other side named the time to wait. */
    readonly next: { final?: boolean; notBeforeMs?: number | undefined } = {},
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'DeliveryFault'
  }
}
