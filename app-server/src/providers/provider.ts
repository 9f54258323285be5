// What a provider is made of: an island of tools with their scopes, tables and sample data.
// A provider imports this file and platform/ only.
import type { MigrationInterface } from 'typeorm'
import type { z } from 'zod'
import type { Database, Sql } from '../platform/database/database.js'
import type { Connect, Upstream } from './connect.js'
import type { Shown } from './content.js'

/** Who is calling: taken from the verified token and the accounts table, never from arguments. */
export interface Caller {
  readonly userId: string
  readonly email: string
  readonly name: string
}

/** What a running tool is given besides its input. */
export interface ToolCall {
  readonly caller: Caller
  readonly database: Database
  /** Aborted when the caller gives up or the deadline passes. */
  readonly signal: AbortSignal
  /** Tells the client how far a long call is; dropped silently when the client did not ask for it. */
  reportProgress(progress: number, total?: number, message?: string): void
  /**
   * Runs a write in one transaction, once for the idempotency key in the tool's input.
   * A repeated call gets the result of the first.
   */
  once<Result>(write: (sql: Sql) => Promise<Result>): Promise<Result>
  /**
   * Does something at a service, at most once for the idempotency key in the tool's input.
   * A repeated call gets the result of the first; when nobody knows whether that one was done, it is told so.
   */
  onceUpstream<Result>(act: () => Promise<Result>): Promise<Result>
  /** The connected account, for tools of providers with `connect`; `upstreamOf` requires it. */
  readonly upstream?: Upstream
}

/** MCP tool annotations; every one is stated, truthfully. */
export interface ToolAnnotations {
  /** Changes nothing. */
  readonly readOnlyHint: boolean
  /** May undo or overwrite something that exists (only meaningful when not read-only). */
  readonly destructiveHint: boolean
  /** Calling again with the same arguments changes nothing more. */
  readonly idempotentHint: boolean
  /** Reaches beyond this system. */
  readonly openWorldHint: boolean
}

export interface Tool<Input extends z.ZodObject = z.ZodObject, Output extends z.ZodObject = z.ZodObject> {
  /** `<provider>.<verb_noun>`, lower case, at most 64 characters. */
  readonly name: string
  readonly title: string
  /** Written for a model: what it does, when to use it, what comes back, which tool to call before or after. */
  readonly description: string
  /** The one scope a token must hold. */
  readonly scope: string
  readonly annotations: ToolAnnotations
  readonly input: Input
  readonly output: Output
  /** Members of the input whose values never reach the audit log. */
  readonly redact?: readonly (keyof z.output<Input> & string)[]
  /** Gives the output, alone or `withContent` to show beside it. */
  run(input: z.output<Input>, call: ToolCall): Promise<z.input<Output> | Shown<z.input<Output>>>
}

/** A scope as a person reads it on the consent page. */
export interface Scope {
  /** What it allows, continuing "This program may …". */
  readonly allows: string
  readonly access: 'read' | 'write'
}

export interface Provider {
  /** Lower case, the first part of its tools' names and its folder's name. */
  readonly id: string
  readonly title: string
  readonly description: string
  readonly scopes: Readonly<Record<string, Scope>>
  /** For tools that act on an account of the caller's at a service. */
  readonly connect?: Connect
  readonly tools: readonly Tool[]
  readonly migrations?: readonly (new () => MigrationInterface)[]
  /** What people read of it on pages (titles, scopes, how to connect), each English text with the Japanese one: see `shown`. */
  readonly japanese?: Readonly<Record<string, string>>
  /** Fills an empty database with something to look at; only called in development, once, in a transaction. */
  sampleData?(sql: Sql): Promise<void>
}

export function defineProvider(provider: Provider): Provider {
  return provider
}

/** Types a tool by its own schemas, then forgets them, so that tools of all kinds fit in one list. */
export function defineTool<Input extends z.ZodObject, Output extends z.ZodObject>(tool: Tool<Input, Output>): Tool {
  return tool as unknown as Tool
}

/** The account of a call of a tool whose provider has `connect`. */
export function upstreamOf(call: ToolCall): Upstream {
  if (!call.upstream) throw new Error('only tools of providers with `connect` have an upstream')
  return call.upstream
}
