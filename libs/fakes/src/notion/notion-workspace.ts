// A pretended Notion workspace: its people, pages, blocks, databases and comments, and who may see which.
import { randomUUID } from 'node:crypto'
import type { FakeAccount } from '../fake-oauth.js'
import { type Json, NotionRefusal, plainOf, richText, words } from './notion-values.js'

export type Parent = { type: string; [id: string]: unknown }

export interface Block {
  readonly id: string
  type: string
  data: Json
  readonly parent: Parent
  readonly children: string[]
  inTrash: boolean
  readonly createdTime: string
  lastEditedTime: string
}

export interface Page {
  readonly id: string
  readonly parent: Parent
  /** As answers have them, by name. */
  properties: Record<string, Json>
  readonly children: string[]
  icon: Json | null
  inTrash: boolean
  readonly createdTime: string
  lastEditedTime: string
}

export interface DataSource {
  readonly id: string
  readonly databaseId: string
  title: string
  /** Schema by name, as answers have it. */
  properties: Record<string, Json>
  readonly createdTime: string
}

export interface DatabaseEntry {
  readonly id: string
  readonly parent: Parent
  title: string
  readonly dataSourceIds: string[]
}

export interface Comment {
  readonly id: string
  readonly parent: Parent
  readonly discussionId: string
  readonly richText: Json[]
  readonly createdTime: string
}

/** A block to seed: its type, its words or data, and its children. */
export interface BlockSeed {
  readonly type: string
  readonly text?: string
  readonly data?: Json
  readonly children?: readonly BlockSeed[]
}

export class NotionWorkspace {
  readonly pages = new Map<string, Page>()
  readonly blocks = new Map<string, Block>()
  readonly databases = new Map<string, DatabaseEntry>()
  readonly dataSources = new Map<string, DataSource>()
  readonly comments: Comment[] = []
  readonly botId = randomUUID()
  readonly id: string
  private lastMs = Date.parse('2026-11-01T09:00:00Z')

  constructor(
    readonly name: string,
    /** Its people; the first one connects. */
    readonly people: FakeAccount[],
    id: string = randomUUID(),
  ) {
    this.id = id
  }

  /** Time goes on by a minute with everything that happens, so that orders are certain. */
  now(): string {
    this.lastMs += 60_000
    return new Date(this.lastMs).toISOString()
  }

  /** Adds a page with its blocks, under another page or at the top. */
  addPage(title: string, blocks: readonly BlockSeed[] = [], parentId?: string): Page {
    const parent: Parent =
      parentId === undefined ? { type: 'workspace', workspace: true } : { type: 'page_id', page_id: parentId }
    const page = this.insertPage(parent, { title: { id: 'title', type: 'title', title: words(title) } })
    this.addBlocks(page.id, blocks)
    return page
  }

  insertPage(parent: Parent, properties: Record<string, Json>, id: string = randomUUID()): Page {
    const now = this.now()
    const page: Page = {
      id,
      parent,
      properties,
      children: [],
      icon: null,
      inTrash: false,
      createdTime: now,
      lastEditedTime: now,
    }
    this.pages.set(page.id, page)
    if (parent.type === 'page_id') this.childrenOf(String(parent.page_id)).push(page.id)
    return page
  }

  addBlocks(parentId: string, seeds: readonly BlockSeed[]): Block[] {
    return seeds.map(({ type, text, data = {}, children = [] }) => {
      const rich = text === undefined ? {} : { rich_text: words(text) }
      const block = this.insertBlock(parentId, type, { ...rich, ...data })
      this.addBlocks(block.id, children)
      return block
    })
  }

  insertBlock(parentId: string, type: string, data: Json, at?: number): Block {
    const now = this.now()
    const parent: Parent = this.pages.has(parentId)
      ? { type: 'page_id', page_id: parentId }
      : { type: 'block_id', block_id: parentId }
    const id = randomUUID()
    const block: Block = { id, type, data, parent, children: [], inTrash: false, createdTime: now, lastEditedTime: now }
    this.blocks.set(id, block)
    const siblings = this.childrenOf(parentId)
    siblings.splice(at ?? siblings.length, 0, id)
    return block
  }

  /**
   * Adds a database with one data source.
   * @param properties the schema by name: `{ Name: { title: {} }, Done: { checkbox: {} } }`; options by `{ options: ['a'] }`
   */
  addDatabase(
    title: string,
    properties: Record<string, Json>,
    parentId?: string,
  ): DatabaseEntry & { dataSourceId: string } {
    const id = randomUUID()
    const parent: Parent =
      parentId === undefined ? { type: 'workspace', workspace: true } : { type: 'page_id', page_id: parentId }
    const database: DatabaseEntry = { id, parent, title, dataSourceIds: [] }
    this.databases.set(id, database)
    if (parentId !== undefined) this.childrenOf(parentId).push(id)
    return { ...database, dataSourceId: this.addDataSource(id, title, properties).id }
  }

  addDataSource(databaseId: string, title: string, properties: Record<string, Json>): DataSource {
    const schema = Object.entries(properties).map(([name, config], index) => {
      const [type = 'rich_text'] = Object.keys(config)
      const id = type === 'title' ? 'title' : `p${index}`
      return [name, { id, name, description: null, type, [type]: withOptions(config[type] as Json) }] as const
    })
    const source = {
      id: randomUUID(),
      databaseId,
      title,
      properties: Object.fromEntries(schema),
      createdTime: this.now(),
    }
    this.dataSources.set(source.id, source)
    this.databases.get(databaseId)?.dataSourceIds.push(source.id)
    return source
  }

  addComment(parent: Parent, text: unknown, discussionId: string = randomUUID()): Comment {
    const comment = {
      id: randomUUID(),
      parent,
      discussionId,
      richText: typeof text === 'string' ? words(text) : richText(text, 'body.rich_text'),
      createdTime: this.now(),
    }
    this.comments.push(comment)
    return comment
  }

  childrenOf(id: string): string[] {
    const holder = this.pages.get(id) ?? this.blocks.get(id)
    if (!holder) throw missing('block', id)
    return holder.children
  }

  /** Whether this, or anything it stands in, is among what was shared. */
  isShared(id: string, shared: ReadonlySet<string>): boolean {
    if (shared.has('*')) return true
    for (let at: string | undefined = id; at !== undefined; at = this.holderOf(at)) if (shared.has(at)) return true
    return false
  }

  titleOf(page: Page): string {
    const property = Object.values(page.properties).find(({ type }) => type === 'title')
    return plainOf(property?.title)
  }

  private holderOf(id: string): string | undefined {
    const source = this.dataSources.get(id)
    if (source) return source.databaseId
    const parent = this.pages.get(id)?.parent ?? this.blocks.get(id)?.parent ?? this.databases.get(id)?.parent
    return parent ? ((parent.page_id ?? parent.block_id ?? parent.data_source_id) as string | undefined) : undefined
  }
}

export function missing(kind: string, id: string): NotionRefusal {
  return new NotionRefusal(
    'object_not_found',
    `Could not find ${kind} with ID: ${id}. Make sure the relevant pages and databases are shared with your connection.`,
  )
}

function withOptions(config: Json = {}): Json {
  if (!Array.isArray(config.options)) return config
  const options = config.options.map((name, index) => ({
    id: `o${index}`,
    name: String(name),
    color: 'default',
    description: null,
  }))
  return { ...config, options }
}
