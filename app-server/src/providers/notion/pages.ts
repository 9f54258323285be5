// Pages as tools show them.
import { z } from 'zod'
import { oneLine } from '../foreign-text.js'
import { type Json, objectOf, textOf } from './notion-api.js'
import { notionUrl } from './notion-ids.js'
import { propertiesOf, propertiesOutput, titleOf } from './property-values.js'
import { safeUrl } from './rich-text.js'

export const pageOutput = z.object({
  id: z.string(),
  title: z.string(),
  url: z.string(),
  parent: z.string().describe('What it stands in: workspace, or page, database or block with its id.'),
  last_edited_time: z.string(),
  in_trash: z.boolean().describe('Whether it was deleted; it can be restored.'),
  properties: propertiesOutput.describe('Its properties besides the title, by name.'),
})

/** @param maxText characters of one property */
export function pageOf(page: Json, maxText: number): z.input<typeof pageOutput> {
  return { ...referenceOf(page), in_trash: page.in_trash === true, properties: propertiesOf(page, maxText) }
}

export const referenceOutput = pageOutput.omit({ properties: true, in_trash: true })

export function referenceOf(page: Json): z.input<typeof referenceOutput> {
  const id = textOf(page.id)
  return {
    id,
    title: titleOf(page),
    url: safeUrl(page.url) ?? notionUrl(id),
    parent: parentOf(page.parent),
    last_edited_time: oneLine(textOf(page.last_edited_time), 40),
  }
}

export function parentOf(value: unknown): string {
  const parent = objectOf(value)
  const source = textOf(parent.data_source_id) || textOf(parent.database_id)
  if (source) return `database ${source}`
  if (parent.page_id) return `page ${textOf(parent.page_id)}`
  return parent.block_id ? `block ${textOf(parent.block_id)}` : 'workspace'
}
