// The JSON Schemas of a tool as clients are told them: all that says something, since every character is read by a model.
import { z } from 'zod'

/**
 * Without the dialect, which is that of MCP, and without the bounds of every JavaScript integer. An output's schema says what
 * comes, so it need not say besides that nothing else does.
 */
export function schemaOf(schema: z.ZodObject, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    override({ jsonSchema }) {
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
    },
  })
  return rest
}
