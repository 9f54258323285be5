// A provider that exists in tests only: tools that look, add and change, and count how often they really ran.
import { setTimeout as wait } from 'node:timers/promises'
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { idempotencyInput } from '../src/providers/idempotency.js'
import { defineProvider, defineTool } from '../src/providers/provider.js'

/** What was really done, in order. */
export const deeds: string[] = []

const done = z.object({ done: z.number() })
const scope = 'shelf:use'
const local = { openWorldHint: false }

export const shelfProvider = defineProvider({
  id: 'shelf',
  title: 'Shelf',
  description: 'A shelf for tests.',
  scopes: { [scope]: { allows: 'use your shelf', access: 'write' } },
  tools: [
    defineTool({
      name: 'shelf.look',
      title: 'Look at the shelf',
      description: 'Says how much was done.',
      scope,
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, ...local },
      input: z.strictObject({}),
      output: done,
      run: async () => ({ done: deeds.length }),
    }),
    defineTool({
      name: 'shelf.put',
      title: 'Put a thing on the shelf',
      description: 'Adds a thing.',
      scope,
      annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, ...local },
      input: z.strictObject({ thing: z.string().max(100) }),
      output: done,
      run: async ({ thing }) => ({ done: deeds.push(`put ${thing}`) }),
    }),
    defineTool({
      name: 'shelf.clear',
      title: 'Clear the shelf',
      description: 'Takes things away.',
      scope,
      annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, ...local },
      input: z.strictObject({
        board: z.string().max(200_000),
        count: z.number().int().default(1),
        pin: z.string().max(100).optional(),
        options: z.object({ quietly: z.boolean() }).partial().optional(),
        ...idempotencyInput,
      }),
      output: done,
      redact: ['pin'],
      run: ({ board }, { once }) =>
        once(async () => {
          // Long enough for calls that come together to overlap.
          await wait(20)
          if (board === 'stuck') throw new Problem('conflict', 'It is stuck.')
          return { done: deeds.push(`clear ${board}`) }
        }),
    }),
  ],
})
