// What a tool may show beside its output: pictures, sounds, links and files, as MCP content blocks.
import { z } from 'zod'

/** Blocks of one result. */
export const maxBlocks = 32

/** Characters of all blocks of one result, encoded; the answer they travel in may have `doorLimits.responseBytes`. */
export const maxContentCharacters = 6 * 1024 * 1024

const mediaType = z
  .string()
  .max(127)
  .regex(/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?: *; *[\w!#$&^.+-]+=[\w!#$&^.+-]+)*$/, 'must be a media type')
const address = z
  .string()
  .max(2_048)
  .regex(/^[a-z][a-z0-9+.-]*:\S+$/i, 'must be an absolute URI')
const data = z.base64()
const name = z.string().min(1).max(128)

/** The blocks of a CallToolResult (MCP 2026-07-28, server/tools, Tool Result); what is not a member is dropped. */
const block = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('image'), data, mimeType: mediaType }),
  z.object({ type: z.literal('audio'), data, mimeType: mediaType }),
  z.object({
    type: z.literal('resource_link'),
    uri: address,
    name,
    title: name.optional(),
    description: z.string().max(1_000).optional(),
    mimeType: mediaType.optional(),
  }),
  z.object({
    type: z.literal('resource'),
    resource: z.union([
      z.strictObject({ uri: address, mimeType: mediaType.optional(), text: z.string() }),
      z.strictObject({ uri: address, mimeType: mediaType.optional(), blob: data }),
    ]),
  }),
])

export const contentSchema = z
  .array(block)
  .max(maxBlocks)
  .refine(
    (blocks) => charactersOf(blocks) <= maxContentCharacters,
    `must have ${maxContentCharacters} characters or fewer`,
  )

/** One block: text, an image, a sound, a link to a resource or the resource itself. Bytes are in base64. */
export type ContentBlock = z.input<typeof block>

/** A tool's output with blocks to show beside it. */
export class Shown<Output> {
  constructor(
    readonly output: Output,
    readonly content: readonly ContentBlock[],
  ) {}
}

/**
 * Gives an output with blocks that a client shows beside it, e.g. a chart's picture beside its figures. The output must
 * say everything that matters: not every client shows every kind of block.
 */
export function withContent<Output>(output: Output, content: readonly ContentBlock[]): Shown<Output> {
  return new Shown(output, content)
}

function charactersOf(blocks: readonly ContentBlock[]): number {
  let characters = 0
  for (const one of blocks) {
    if (one.type === 'text') characters += one.text.length
    if (one.type === 'image' || one.type === 'audio') characters += one.data.length
    if (one.type === 'resource')
      characters += 'text' in one.resource ? one.resource.text.length : one.resource.blob.length
  }
  return characters
}
