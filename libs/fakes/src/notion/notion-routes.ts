// What the pretended Notion's API does, address by address.

import type { FakeRequest } from '../fake-service.js'
import {
  botAnswer,
  commentAnswer,
  databaseAnswer,
  dataSourceAnswer,
  pageAnswer,
  propertyItems,
} from './notion-answers.js'
import { appendBlocks, blockAnswer, changeBlock, childAnswers } from './notion-blocks.js'
import { passes, person, sorted, takeProperties } from './notion-properties.js'
import { asList, asObject, idOf, invalid, type Json, listOf, type NotionRefusal, onlyMembers } from './notion-values.js'
import {
  type Block,
  type DataSource,
  missing,
  type NotionWorkspace,
  type Page,
  type Parent,
} from './notion-workspace.js'

/** What a connection may do, as its owner chose at Notion. */
export type NotionCapability =
  | 'read_content'
  | 'update_content'
  | 'insert_content'
  | 'read_comments'
  | 'insert_comments'
  | 'read_users'

/** A request that came with a good token: where, with what. */
export interface NotionAsk {
  readonly workspace: NotionWorkspace
  readonly shared: ReadonlySet<string>
  readonly owner: string | undefined
  readonly params: FakeRequest['params']
  readonly query: URLSearchParams
  readonly body: Json
}

type AddRoute = (
  method: string,
  path: string,
  needs: NotionCapability | undefined,
  answer: (ask: NotionAsk) => Json,
) => void

export function addNotionRoutes(add: AddRoute): void {
  add('GET', '/v1/users/me', undefined, ({ workspace, owner }) => botAnswer(workspace, owner))
  add('GET', '/v1/users', 'read_users', ({ workspace, owner, query }) => {
    const all = [...workspace.people.map(({ id }) => person(workspace, id)), botAnswer(workspace, owner)]
    return listOf('user', all, pagingOf(query))
  })
  add('GET', '/v1/users/{id}', 'read_users', ({ workspace, params }) => {
    const found = workspace.people.find(({ id }) => id === params.id)
    if (!found) throw missing('user', String(params.id))
    return person(workspace, found.id)
  })
  add('POST', '/v1/search', 'read_content', search)
  addPageRoutes(add)
  addDatabaseRoutes(add)
  addBlockRoutes(add)
  addCommentRoutes(add)
}

function search({ workspace, shared, body }: NotionAsk): Json {
  onlyMembers(body, ['query', 'filter', 'sort', 'start_cursor', 'page_size'])
  const filter = (body.filter ?? {}) as Json
  if (filter.value !== undefined && !['page', 'data_source'].includes(String(filter.value))) {
    throw invalid('body failed validation: body.filter.value should be `"page"` or `"data_source"`.')
  }
  const wanted = String(body.query ?? '').toLowerCase()
  const pages = [...workspace.pages.values()]
    .filter((page) => !page.inTrash && workspace.titleOf(page).toLowerCase().includes(wanted))
    .map((page) => pageAnswer(workspace, page))
  const sources = [...workspace.dataSources.values()]
    .filter(({ title }) => title.toLowerCase().includes(wanted))
    .map((source) => dataSourceAnswer(workspace, source))
  const direction = (body.sort as Json | undefined)?.direction === 'ascending' ? 1 : -1
  const results = [...pages, ...sources]
    .filter(({ id, object }) => (filter.value ?? object) === object && workspace.isShared(String(id), shared))
    .sort((a, b) => direction * (String(a.last_edited_time) < String(b.last_edited_time) ? -1 : 1))
  return listOf('page_or_data_source', results, body)
}

function addPageRoutes(add: AddRoute): void {
  add('POST', '/v1/pages', 'insert_content', ({ workspace, shared, body }) => {
    onlyMembers(body, ['parent', 'properties', 'children', 'icon', 'cover'])
    const parent = asObject(body.parent, 'body.parent')
    const { place, source } = requireParent(workspace, shared, parent)
    const properties = takeProperties(workspace, source, asObject(body.properties ?? {}, 'body.properties'))
    const page = workspace.insertPage(place, properties)
    try {
      if (body.children !== undefined) appendBlocks(workspace, page.id, body.children)
    } catch (error) {
      workspace.pages.delete(page.id)
      throw error
    }
    page.icon = (body.icon ?? null) as Json | null
    return pageAnswer(workspace, page)
  })
  add('GET', '/v1/pages/{id}', 'read_content', (ask) => pageAnswer(ask.workspace, requirePage(ask, ask.params.id)))
  add('PATCH', '/v1/pages/{id}', 'update_content', (ask) => {
    const { workspace, body } = ask
    onlyMembers(body, ['properties', 'in_trash', 'icon', 'cover', 'is_locked'])
    const page = requirePage(ask, ask.params.id)
    if (page.inTrash && body.in_trash !== false)
      throw invalid("Can't edit block that is archived. You must unarchive the block before editing.")
    const source = workspace.dataSources.get(String(page.parent.data_source_id))
    const taken = takeProperties(workspace, source, asObject(body.properties ?? {}, 'body.properties'))
    page.properties = { ...page.properties, ...taken }
    if (typeof body.in_trash === 'boolean') page.inTrash = body.in_trash
    if (body.icon !== undefined) page.icon = body.icon as Json | null
    page.lastEditedTime = workspace.now()
    return pageAnswer(workspace, page)
  })
  add('GET', '/v1/pages/{id}/properties/{property}', 'read_content', (ask) => {
    const page = requirePage(ask, ask.params.id)
    const value = Object.values(page.properties).find(({ id }) => id === ask.params.property)
    if (!value) throw missing('property', String(ask.params.property))
    const items = propertyItems(value)
    if (!Array.isArray(items)) return items
    const numbered = items.map((item, index) => ({ ...item, property: item.id, id: String(index) }))
    const list = listOf('property_item', numbered, pagingOf(ask.query))
    return { ...list, results: (list.results as Json[]).map(({ property, ...item }) => ({ ...item, id: property })) }
  })
}

function addDatabaseRoutes(add: AddRoute): void {
  add('GET', '/v1/databases/{id}', 'read_content', ({ workspace, shared, params }) => {
    const id = idOf(params.id, 'path.database_id')
    const database = workspace.databases.get(id)
    if (!database || !workspace.isShared(id, shared)) throw missing('database', id)
    return databaseAnswer(workspace, database)
  })
  add('GET', '/v1/data_sources/{id}', 'read_content', (ask) =>
    dataSourceAnswer(ask.workspace, requireSource(ask, ask.params.id)),
  )
  add('POST', '/v1/data_sources/{id}/query', 'read_content', (ask) => {
    const { workspace, body } = ask
    onlyMembers(body, ['filter', 'sorts', 'start_cursor', 'page_size', 'in_trash', 'result_type'])
    const source = requireSource(ask, ask.params.id)
    const pages = [...workspace.pages.values()].filter(
      (page) =>
        page.parent.data_source_id === source.id &&
        page.inTrash === (body.in_trash ?? false) &&
        (body.filter === undefined || passes(source, page, asObject(body.filter, 'body.filter'))),
    )
    const ordered = sorted(source, pages, asList(body.sorts ?? [], 'body.sorts') as Json[])
    return listOf(
      'page_or_data_source',
      ordered.map((page) => pageAnswer(workspace, page)),
      body,
    )
  })
}

function addBlockRoutes(add: AddRoute): void {
  add('GET', '/v1/blocks/{id}', 'read_content', (ask) => blockAnswer(ask.workspace, requireBlock(ask, ask.params.id)))
  add('GET', '/v1/blocks/{id}/children', 'read_content', (ask) => {
    const id = requireHolder(ask, ask.params.id)
    return listOf('block', childAnswers(ask.workspace, id), pagingOf(ask.query))
  })
  add('PATCH', '/v1/blocks/{id}/children', 'insert_content', (ask) => {
    const { workspace, body } = ask
    onlyMembers(body, ['children', 'position'])
    const id = requireHolder(ask, ask.params.id)
    if (workspace.pages.get(id)?.inTrash)
      throw invalid("Can't edit block that is archived. You must unarchive the block before editing.")
    const added = appendBlocks(workspace, id, body.children, placeOf(workspace.childrenOf(id), body.position))
    return listOf(
      'block',
      added.map((block) => blockAnswer(workspace, block)),
      {},
    )
  })
  add('PATCH', '/v1/blocks/{id}', 'update_content', (ask) => {
    const block = requireBlock(ask, ask.params.id)
    if (block.inTrash && ask.body.in_trash !== false)
      throw invalid("Can't edit block that is archived. You must unarchive the block before editing.")
    changeBlock(ask.workspace, block, ask.body)
    return blockAnswer(ask.workspace, block)
  })
  add('DELETE', '/v1/blocks/{id}', 'update_content', (ask) => {
    const id = idOf(ask.params.id, 'path.block_id')
    const page = ask.workspace.pages.get(id)
    if (page) page.inTrash = true
    const block = page ? undefined : requireBlock(ask, id)
    if (block) block.inTrash = true
    return block ? blockAnswer(ask.workspace, block) : { object: 'block', id, in_trash: true, type: 'child_page' }
  })
}

function placeOf(siblings: readonly string[], position: unknown): number | undefined {
  if (position === undefined) return undefined
  const given = asObject(position, 'body.position')
  if (given.type === 'end') return undefined
  if (given.type === 'start') return 0
  const after = idOf(asObject(given.after_block, 'body.position.after_block').id, 'body.position.after_block.id')
  const index = siblings.indexOf(after)
  if (index < 0) throw invalid(`body.position.after_block.id is not a child of the block.`)
  return index + 1
}

function addCommentRoutes(add: AddRoute): void {
  add('GET', '/v1/comments', 'read_comments', (ask) => {
    const id = requireHolder(ask, ask.query.get('block_id') ?? undefined)
    const found = ask.workspace.comments.filter(({ parent }) => (parent.page_id ?? parent.block_id) === id)
    return listOf(
      'comment',
      found.map((comment) => commentAnswer(ask.workspace, comment)),
      pagingOf(ask.query),
    )
  })
  add('POST', '/v1/comments', 'insert_comments', (ask) => {
    const { workspace, body } = ask
    onlyMembers(body, ['parent', 'discussion_id', 'rich_text', 'markdown', 'display_name'])
    if (body.discussion_id !== undefined) {
      const id = idOf(body.discussion_id, 'body.discussion_id')
      const earlier = workspace.comments.find(({ discussionId }) => discussionId === id)
      if (!earlier) throw missing('discussion', id)
      return commentAnswer(workspace, workspace.addComment(earlier.parent, body.rich_text, id))
    }
    const parent = asObject(body.parent, 'body.parent')
    const type = parent.page_id === undefined ? 'block_id' : 'page_id'
    const id = requireHolder(ask, String(parent[type]))
    return commentAnswer(workspace, workspace.addComment({ type, [type]: id }, body.rich_text))
  })
}

function pagingOf(query: URLSearchParams): Json {
  return { start_cursor: query.get('start_cursor'), page_size: query.get('page_size') ?? undefined }
}

function requireParent(
  workspace: NotionWorkspace,
  shared: ReadonlySet<string>,
  parent: Json,
): { place: Parent; source?: DataSource } {
  const ask = { workspace, shared }
  if (parent.data_source_id !== undefined) {
    const source = requireSource(ask, String(parent.data_source_id))
    return { place: { type: 'data_source_id', data_source_id: source.id, database_id: source.databaseId }, source }
  }
  if (parent.page_id === undefined) throw invalid('body failed validation: body.parent.page_id should be defined.')
  const page = requirePage(ask, String(parent.page_id))
  if (page.inTrash) throw invalid("Can't edit block that is archived. You must unarchive the block before editing.")
  return { place: { type: 'page_id', page_id: page.id } }
}

type Where = Pick<NotionAsk, 'workspace' | 'shared'>

function requirePage({ workspace, shared }: Where, given: string | undefined): Page {
  const id = idOf(given, 'path.page_id')
  const page = workspace.pages.get(id)
  if (workspace.databases.has(id)) throw otherKind(id, 'database', 'page')
  if (!page || !workspace.isShared(id, shared)) throw missing('page', id)
  return page
}

function otherKind(id: string, is: string, not: string): NotionRefusal {
  return invalid(`Provided ID ${id} is a ${is}, not a ${not}. Use the retrieve ${is} API instead.`)
}

function requireSource({ workspace, shared }: Where, given: string | undefined): DataSource {
  const id = idOf(given, 'path.data_source_id')
  const source = workspace.dataSources.get(id)
  if (workspace.databases.has(id)) throw otherKind(id, 'database', 'data source')
  if (!source || !workspace.isShared(id, shared)) throw missing('data_source', id)
  return source
}

function requireBlock({ workspace, shared }: Where, given: string | undefined): Block {
  const id = idOf(given, 'path.block_id')
  const block = workspace.blocks.get(id)
  if (!block || !workspace.isShared(id, shared)) throw missing('block', id)
  return block
}

/** The id of a page or a block that has children. */
function requireHolder(where: Where, given: string | undefined): string {
  const id = idOf(given, 'path.block_id')
  return where.workspace.pages.has(id) ? requirePage(where, id).id : requireBlock(where, id).id
}
