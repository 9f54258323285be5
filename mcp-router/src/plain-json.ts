// Looking over JSON without parsing it: whether it can be passed on as it is and mean what it would mean written anew.

const quote = 0x22
const backslash = 0x5c
const minus = 0x2d
const digit0 = 0x30
const digit9 = 0x39
/** More digits than any number needs; hundreds of them would be read as infinite. */
const maxDigits = 32

/**
 * How many members objects have down to the depth `countedDepth`, members of equal name counted each; -1 when the bytes
 * are not plain: no single object from the first byte to the last, nested deeper than `maxDepth`, or with a number that
 * is not the same once it has been read and written again (-0, exponents, endless digits).
 * Means something only for bytes that JSON.parse takes.
 */
export function membersOf(bytes: Uint8Array, maxDepth: number, countedDepth: number): number {
  const end = bytes.length - 1
  if (bytes[0] !== 0x7b || bytes[end] !== 0x7d) return -1
  let depth = 0
  let members = 0
  let digits = 0
  for (let at = 0; at <= end; at++) {
    const code = bytes[at] as number
    if (code >= digit0 && code <= digit9) {
      if (++digits > maxDigits) return -1
      continue
    }
    if (code === quote) {
      for (at++; at <= end && bytes[at] !== quote; at++) if (bytes[at] === backslash) at++
    } else if (code === 0x7b || code === 0x5b) {
      if (++depth > maxDepth) return -1
    } else if (code === 0x7d || code === 0x5d) {
      depth--
      if (depth === 0 && at < end) return -1
    } else if (code === 0x3a) {
      if (depth <= countedDepth) members++
    } else if (code === minus) {
      const next = bytes[at + 1] as number
      if (next <= digit0 || next > digit9) return -1
    } else if ((code | 0x20) === 0x65 && digits > 0) {
      return -1
    } else if (code === 0x2e) {
      // The digits behind a point belong to the same number.
      continue
    }
    digits = 0
  }
  return members
}

/** How many members a parsed value has, all of its objects together: fewer than were written if a name came twice. */
export function memberCount(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  let count = 0
  if (Array.isArray(value)) {
    for (const item of value) count += memberCount(item)
    return count
  }
  for (const key in value) count += 1 + memberCount((value as Record<string, unknown>)[key])
  return count
}
