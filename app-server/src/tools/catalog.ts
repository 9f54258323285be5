// The list of tools as a client sees it: definitions with JSON Schemas, made once at the start.
import { Injectable } from '@nestjs/common'
import { z } from 'zod'
import type { Tool } from '../providers/provider.js'
import { ProviderRegistry } from '../providers/provider-registry.js'

/** How long a client may keep the list, in milliseconds. It changes only when the app server is updated. */
export const listTtlMs = 5 * 60_000

/** A tool as `tools/list` shows it (MCP 2026-07-28, server/tools). */
export interface ToolDefinition {
  name: string
  title: string
  description: string
  inputSchema: Record<string, unknown>
  outputSchema: Record<string, unknown>
  annotations: Record<string, unknown>
}

@Injectable()
export class Catalog {
  /** All tools in one steady order: providers as listed, tools as they list them. */
  readonly definitions: readonly ToolDefinition[]

  constructor(private readonly registry: ProviderRegistry) {
    this.definitions = [...registry.tools.values()].map(definitionOf)
  }

  find(name: string): Tool | undefined {
    return this.registry.tools.get(name)
  }

  /** Names like the one asked for, to help a caller that mistyped. */
  namesLike(name: string): string[] {
    const prefix = name.split(/[._]/)[0]?.toLowerCase() ?? ''
    const names = [...this.registry.tools.keys()]
    const near = names.filter((known) => known.startsWith(`${prefix}.`))
    return near.length > 0 ? near : names.slice(0, 20)
  }
}

function definitionOf(tool: Tool): ToolDefinition {
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: schemaOf(tool.input, 'input'),
    outputSchema: schemaOf(tool.output, 'output'),
    annotations: { title: tool.title, ...tool.annotations },
  }
}

function schemaOf(schema: z.ZodObject, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io })
  return rest
}
