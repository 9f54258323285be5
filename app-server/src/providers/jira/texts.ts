// Longer texts of issues: Markdown as input, and as output in parts.
import { z } from 'zod'
import { excerpt } from '../foreign-text.js'
import { text } from '../inputs.js'
import { adfToMarkdown } from './adf-to-markdown.js'

/** Jira takes texts of 32,767 characters; Markdown and its document differ a little in length. */
export function markdownInput(description: string) {
  return text({ min: 1, max: 30_000 }).describe(description)
}

/** How much Markdown is understood, in one sentence. */
export const markdownWords =
  'Markdown: headings, lists, tasks, tables, code, quotes; mention somebody as [@Name](accountid:ACCOUNT_ID).'

export interface Part {
  readonly text: string
  readonly total: number
  readonly next: number | null
}

/** A part of a document as Markdown. */
export function partOf(document: unknown, max: number, from = 0): Part {
  return excerpt(adfToMarkdown(document), { from, max })
}

export const commentOutput = z.object({
  id: z.string(),
  author: z.string().nullable(),
  created_at: z.string().nullable(),
  body: z.string().describe('The text as Markdown.'),
  cut: z.boolean().describe('Whether the text goes on.'),
})
