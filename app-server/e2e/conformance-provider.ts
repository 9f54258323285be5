// The tools the official conformance suite asks a server under test to have; they exist in tests only.
import { setTimeout as wait } from 'node:timers/promises'
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { type ContentBlock, withContent } from '../src/providers/content.js'
import { defineProvider, defineTool } from '../src/providers/provider.js'

export const conformanceScope = 'conformance:use'

/** One red pixel, and no sound at all. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=='
const wav = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA='

const output = z.object({ said: z.string() })

function tool<Input extends z.ZodObject>(
  name: string,
  description: string,
  input: Input,
  run: Parameters<typeof defineTool<Input, typeof output>>[0]['run'],
) {
  return defineTool({
    name,
    title: name,
    description,
    scope: conformanceScope,
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    input,
    output,
    run,
  })
}

const nothing = z.strictObject({})

/** A tool that shows blocks. */
function showing(name: string, description: string, content: readonly ContentBlock[]) {
  return tool(name, description, nothing, async () => withContent({ said: description }, content))
}

/** The suite's own schema for `json_schema_2020_12_tool`: what zod has no words for is told as it is. */
const address = z
  .object({ street: z.string().optional(), city: z.string().optional() })
  .meta({ id: 'address', $anchor: 'addressDef' })
const contact = z
  .strictObject({
    name: z.string().max(100).optional(),
    address: address.optional(),
    contactMethod: z.enum(['phone', 'email']).optional(),
    phone: z.string().max(100).optional(),
    email: z.string().max(100).optional(),
  })
  .meta({
    allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
    if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { required: ['phone'] },
    else: { required: ['email'] },
  })

export const conformanceProvider = defineProvider({
  id: 'conformance',
  title: 'Conformance',
  description: 'Tools for the conformance suite.',
  scopes: { [conformanceScope]: { allows: 'use the tools of the conformance suite', access: 'read' } },
  tools: [
    tool('test_simple_text', 'Says a sentence.', nothing, async () => ({
      said: 'This is a simple text response for testing.',
    })),
    showing('test_image_content', 'Shows an image.', [{ type: 'image', data: png, mimeType: 'image/png' }]),
    showing('test_audio_content', 'Plays a sound.', [{ type: 'audio', data: wav, mimeType: 'audio/wav' }]),
    showing('test_embedded_resource', 'Shows a file.', [
      {
        type: 'resource',
        resource: { uri: 'test://embedded-resource', mimeType: 'text/plain', text: 'An embedded resource.' },
      },
    ]),
    showing('test_multiple_content_types', 'Shows several things.', [
      { type: 'text', text: 'Multiple content types test:' },
      { type: 'image', data: png, mimeType: 'image/png' },
      {
        type: 'resource',
        resource: { uri: 'test://mixed-content-resource', mimeType: 'application/json', text: '{"value":123}' },
      },
    ]),
    tool('test_error_handling', 'Always fails.', nothing, async () => {
      throw new Problem('conflict', 'This tool intentionally returns an error for testing.')
    }),
    tool('test_tool_with_progress', 'Tells its progress.', nothing, async (_input, { signal, reportProgress }) => {
      for (const progress of [0, 50, 100]) {
        reportProgress(progress, 100)
        await wait(50, undefined, { signal })
      }
      return { said: 'done' }
    }),
    // What it must not do without being asked is to log, and what the next must not do is to ask the client anything.
    tool('test_logging_tool', 'Has nothing to log.', nothing, async () => ({ said: 'done' })),
    tool('test_streaming_elicitation', 'Asks nothing.', nothing, async () => ({ said: 'done' })),
    tool('json_schema_2020_12_tool', 'Takes a contact.', contact, async () => ({ said: 'ok' })),
  ],
})
