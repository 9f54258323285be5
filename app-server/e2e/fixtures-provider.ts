// A provider that exists in tests only: tools that are slow, break, tell their progress or lie about their output.
import { setTimeout as wait } from 'node:timers/promises'
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { withContent } from '../src/providers/content.js'
import { idempotencyInput } from '../src/providers/idempotency.js'
import { defineProvider, defineTool, type ToolAnnotations } from '../src/providers/provider.js'

export const innerWords = 'inner words: password=hunter2'

/** Calls of fixtures.wait that were aborted, by the label they were given. */
export const abortedWaits = new Set<string>()

const reading: ToolAnnotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
}
const anything = z.object({}).loose()

function fixture<Input extends z.ZodObject>(
  name: string,
  input: Input,
  run: Parameters<typeof defineTool<Input, typeof anything>>[0]['run'],
  more: { output?: z.ZodObject; annotations?: ToolAnnotations; redact?: never[] } = {},
) {
  return defineTool({
    name: `fixtures.${name}`,
    title: name,
    description: `Fixture: ${name}.`,
    scope: 'fixtures:use',
    annotations: more.annotations ?? reading,
    input,
    output: (more.output ?? anything) as typeof anything,
    run,
  })
}

let writes = 0

export const fixturesProvider = defineProvider({
  id: 'fixtures',
  title: 'Fixtures',
  description: 'Tools for tests.',
  scopes: {
    'fixtures:use': { allows: 'use the test tools', access: 'read' },
    'fixtures:other': { allows: 'do something else', access: 'write' },
  },
  tools: [
    fixture(
      'echo',
      z.strictObject({ text: z.string().max(10_000), secret_token: z.string().max(100).optional() }),
      async ({ text }) => ({ text }),
    ),
    fixture('who', z.strictObject({}), async (_input, { caller }) => ({ ...caller })),
    fixture('break', z.strictObject({}), async () => {
      throw new Error(innerWords)
    }),
    fixture('refuse', z.strictObject({}), async () => {
      throw new Problem('conflict', 'It does not fit. Try another one.', { other: 1 })
    }),
    fixture('show', z.strictObject({}), async () =>
      withContent({ places: 3 }, [
        { type: 'image', data: 'aGVsbG8=', mimeType: 'image/png' },
        { type: 'resource_link', uri: 'https://example.test/places', name: 'places' },
      ]),
    ),
    fixture('garble', z.strictObject({}), async () =>
      withContent({}, [{ type: 'image', data: 'no base64', mimeType: 'image/png' }]),
    ),
    fixture('lie', z.strictObject({}), async () => ({ count: 'many' }), { output: z.object({ count: z.number() }) }),
    fixture(
      'wait',
      z.strictObject({
        ms: z.number().int().max(60_000),
        label: z.string().max(50),
        steps: z.number().int().max(50).default(0),
      }),
      async ({ ms, label, steps }, { signal, reportProgress }) => {
        signal.addEventListener('abort', () => abortedWaits.add(label))
        for (let step = 1; step <= steps; step++) {
          await wait(ms / (steps + 1), undefined, { signal })
          reportProgress(step, steps, `step ${step}`)
        }
        await wait(ms / (steps + 1), undefined, { signal })
        return { label }
      },
    ),
    fixture(
      'write',
      z.strictObject({ note: z.string().max(100), ...idempotencyInput }),
      ({ note }, { once }) => once(async () => ({ note, write: ++writes })),
      { annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false } },
    ),
  ],
})
