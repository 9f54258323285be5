// Callouts as Markdown: a quotation that begins with [!TIP] and the like, as GitHub writes alerts.

const icons: Readonly<Record<string, string>> = {
  NOTE: 'ℹ️',
  TIP: '💡',
  IMPORTANT: '❗',
  WARNING: '⚠️',
  CAUTION: '🛑',
}

const marker = /^\[!(?:(NOTE|TIP|IMPORTANT|WARNING|CAUTION)|CALLOUT(?: ([^\s\][]{1,16}))?)\][ \t]*\n?/

/** The marker of a callout with an icon; undefined for one that is a picture, or none. */
export function markerOf(emoji: string | undefined): string {
  const name = Object.keys(icons).find((one) => icons[one] === emoji)
  if (name !== undefined) return `[!${name}]`
  return emoji !== undefined && /^[^\s\][\p{Cc}]{1,16}$/u.test(emoji) ? `[!CALLOUT ${emoji}]` : '[!CALLOUT]'
}

/** The icon and the length of the marker a quotation begins with; undefined when it is no callout. */
export function findMarker(text: string): { emoji: string | undefined; length: number } | undefined {
  const found = marker.exec(text)
  if (!found) return undefined
  return { emoji: found[1] === undefined ? found[2] : icons[found[1]], length: found[0].length }
}
