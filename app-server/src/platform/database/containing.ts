// Searching for a part of a text with LIKE, whatever signs somebody types.

/** A LIKE pattern for texts that contain this one. Postgres takes no zero byte, so it is left out. */
export function containing(text: string): string {
  return `%${text.replaceAll('\u0000', '').replace(/[\\%_]/g, '\\$&')}%`
}
