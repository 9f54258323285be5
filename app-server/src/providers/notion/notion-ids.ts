// Ids of Notion as people have them: with dashes, without, or within an address copied from the browser.
import { Problem } from '@sekisho/contracts'
import { text } from '../inputs.js'

const bareId = /^[0-9a-f]{32}$/
const lastId = /([0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

/** Input member for an id of Notion. */
export function notionId(description: string) {
  return text({ min: 1, max: 500 })
    .refine(
      (given) => findId(given) !== undefined,
      'must be an id of Notion (32 hexadecimal digits, with or without dashes) or an address that ends with one',
    )
    .describe(`${description} An id, or an address copied from Notion.`)
}

/** The id in what was given, with dashes. Throws Problem invalid-arguments when there is none. */
export function requireId(given: string): string {
  const id = findId(given)
  if (id === undefined) throw new Problem('invalid-arguments', `"${given.slice(0, 80)}" is no id of Notion.`)
  return id
}

export function findId(given: string): string | undefined {
  const lower = given.trim().toLowerCase()
  const url = URL.parse(lower)
  const isWeb = url?.protocol === 'https:' || url?.protocol === 'http:'
  // A page that is open beside a database stands in `p`; `v` is a view and no page.
  const places = isWeb ? [url.hash, url.searchParams.get('p') ?? '', url.pathname.replace(/\/+$/, '')] : [lower]
  for (const place of places) {
    const found = isWeb ? lastId.exec(place)?.[1] : lastId.exec(lower)?.[0] === lower ? lower : undefined
    const plain = found?.replaceAll('-', '')
    if (plain !== undefined && bareId.test(plain)) {
      return plain.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
    }
  }
  return undefined
}

/** Where a page, a database or a block is in the browser. */
export function notionUrl(id: string): string {
  return `https://www.notion.so/${id.replaceAll('-', '')}`
}
