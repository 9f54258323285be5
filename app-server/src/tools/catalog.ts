// The list of tools as a client sees it: definitions with JSON Schemas, made once at the start; those whose service nobody
// has set up are left out.
import { Injectable } from '@nestjs/common'
import type { Tool } from '../providers/provider.js'
import { ProviderRegistry } from '../providers/provider-registry.js'
import { schemaOf } from '../providers/tool-schemas.js'
import { SetUp } from '../vault/set-up.js'

/** How long a client may keep the list, in milliseconds. It changes when a service is set up, or the app server updated. */
export const listTtlMs = 60_000

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

  constructor(
    private readonly registry: ProviderRegistry,
    private readonly setUp: SetUp,
  ) {
    this.definitions = [...registry.tools.values()].map(definitionOf)
  }

  /**
   * The tools that a person can use, or could after connecting an account: all but those of services that neither the
   * operator nor this person has set up. Costs nothing when there are no such services.
   * @param userId undefined: anybody
   */
  async definitionsFor(userId: string | undefined): Promise<readonly ToolDefinition[]> {
    const hidden = await this.hiddenProviders(userId)
    if (hidden.size === 0) return this.definitions
    return this.definitions.filter(({ name }) => !hidden.has(this.registry.providerOf.get(name)?.id ?? ''))
  }

  /** The ids of providers whose services are not set up for a person. */
  hiddenProviders(userId: string | undefined): Promise<ReadonlySet<string>> {
    return this.setUp.missing(userId, this.registry.providers)
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
