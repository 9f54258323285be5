// What an answer of a model took, told once when it is over, also of one that broke off or that nobody wanted any more.
import type { ModelEvent, ModelUsage } from './model.js'

type Counted = Exclude<ModelEvent, { kind: 'usage' }>

/** Passes the events on; `onUsage` is called at most once, with the last that the service told. */
export async function* counted(
  events: AsyncIterable<ModelEvent>,
  onUsage: (usage: ModelUsage) => void,
): AsyncGenerator<Counted, void, undefined> {
  let used: ModelUsage | undefined
  try {
    for await (const event of events) {
      if ('usage' in event) used = event.usage
      if (event.kind !== 'usage') yield event
    }
  } finally {
    if (used) onUsage(used)
  }
}
