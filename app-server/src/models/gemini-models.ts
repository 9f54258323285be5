// What the names of Google's models say: which are for conversations, which is newer, which to offer first, which think.
import type { ModelInfo } from './model.js'

/** Of one family many names are for pictures, speech, search or robots; these take tools and talk. */
const otherwiseUsed = /-(image|tts|live|audio|embedding|computer-use|robotics|omni|transcribe|customtools)\b/

const named = /^gemini-(?:(\d+(?:\.\d+)?)-)?(pro|flash|flash-lite)\b/

export function isForChat(id: string): boolean {
  return /^gemini-[\w.-]{1,80}$/.test(id) && !otherwiseUsed.test(id)
}

/** 0 of names without one, e.g. `gemini-flash-latest`. */
export function versionOf(id: string): number {
  return Number(named.exec(id)?.[1] ?? 0)
}

/** Whether the model can be told to show its thoughts; those that cannot refuse to be told. */
export function thinks(id: string): boolean {
  return id.startsWith('gemini-') && !/^gemini-(1\b|2\.0\b|exp\b)/.test(id)
}

/** The newest flash, a finished one before a preview of the same version. */
export function suggestGemini(models: readonly ModelInfo[]): string | undefined {
  const flashes = models.filter(({ id }) => named.exec(id)?.[2] === 'flash' && !/-lite\b/.test(id))
  const [best] = flashes.sort(
    (one, other) =>
      versionOf(other.id) - versionOf(one.id) ||
      Number(/preview|exp/.test(one.id)) - Number(/preview|exp/.test(other.id)) ||
      one.id.length - other.id.length,
  )
  return (best ?? models[0])?.id
}
