// What Postgres can keep of a text: its jsonb takes neither zero bytes nor halves of surrogate pairs, both of which JSON can carry.

export function storable(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed()
}

/** Plain JSON with every text and name in it as Postgres can keep it. */
export function storableJson(value: unknown): unknown {
  if (typeof value === 'string') return storable(value)
  if (Array.isArray(value)) return value.map(storableJson)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [storable(name), storableJson(member)]))
}
