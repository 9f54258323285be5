// How the pretended Notion shows pages, databases, data sources, comments and people.
import { emptyValue, person } from './notion-properties.js'
import { type Json, words } from './notion-values.js'
import type { Comment, DatabaseEntry, DataSource, NotionWorkspace, Page } from './notion-workspace.js'

const notionUrl = (id: string) => `https://www.notion.so/${id.replaceAll('-', '')}`

/** Relations of a page answer; the rest is with its property items. */
const maxReferences = 25

export function pageAnswer(workspace: NotionWorkspace, page: Page): Json {
  const by = { object: 'user', id: workspace.botId }
  const source = workspace.dataSources.get(String(page.parent.data_source_id))
  const schema = Object.entries(source?.properties ?? {}).map(([name, config]) => [name, emptyValue(config)] as const)
  const all = { ...Object.fromEntries(schema), ...page.properties }
  const properties = Object.entries(all).map(([name, value]) => {
    if (value.type === 'created_time') return [name, { ...value, created_time: page.createdTime }]
    if (value.type === 'last_edited_time') return [name, { ...value, last_edited_time: page.lastEditedTime }]
    if (value.type === 'created_by') return [name, { ...value, created_by: value.created_by ?? by }]
    if (value.type === 'last_edited_by') return [name, { ...value, last_edited_by: value.last_edited_by ?? by }]
    if (value.type !== 'relation') return [name, value]
    const relation = value.relation as Json[]
    return [name, { ...value, relation: relation.slice(0, maxReferences), has_more: relation.length > maxReferences }]
  })
  return {
    object: 'page',
    id: page.id,
    created_time: page.createdTime,
    last_edited_time: page.lastEditedTime,
    created_by: by,
    last_edited_by: by,
    cover: null,
    icon: page.icon,
    parent: page.parent,
    in_trash: page.inTrash,
    is_locked: false,
    properties: Object.fromEntries(properties),
    url: notionUrl(page.id),
    public_url: null,
  }
}

/** A property of a page, whole: a list for those that can be long. */
export function propertyItems(value: Json): Json | Json[] {
  const type = String(value.type)
  const inside = value[type]
  if (!['title', 'rich_text', 'relation', 'people'].includes(type)) {
    return { object: 'property_item', id: value.id, type, [type]: inside }
  }
  return (inside as Json[]).map((one) => ({ object: 'property_item', id: value.id, type, [type]: one }))
}

export function databaseAnswer(workspace: NotionWorkspace, database: DatabaseEntry): Json {
  return {
    object: 'database',
    id: database.id,
    title: words(database.title),
    description: [],
    parent: database.parent,
    is_inline: false,
    in_trash: false,
    is_locked: false,
    data_sources: database.dataSourceIds.map((id) => ({ id, name: workspace.dataSources.get(id)?.title ?? '' })),
    icon: null,
    cover: null,
    url: notionUrl(database.id),
    public_url: null,
  }
}

export function dataSourceAnswer(workspace: NotionWorkspace, source: DataSource): Json {
  return {
    object: 'data_source',
    id: source.id,
    title: words(source.title),
    description: [],
    parent: { type: 'database_id', database_id: source.databaseId },
    database_parent: workspace.databases.get(source.databaseId)?.parent,
    is_inline: false,
    in_trash: false,
    created_time: source.createdTime,
    last_edited_time: source.createdTime,
    properties: source.properties,
    icon: null,
    cover: null,
    url: notionUrl(source.databaseId),
    public_url: null,
  }
}

export function commentAnswer(workspace: NotionWorkspace, comment: Comment): Json {
  return {
    object: 'comment',
    id: comment.id,
    parent: comment.parent,
    discussion_id: comment.discussionId,
    created_time: comment.createdTime,
    last_edited_time: comment.createdTime,
    created_by: person(workspace, workspace.people[0]?.id ?? ''),
    rich_text: comment.richText,
    display_name: { type: 'integration', resolved_name: 'Sekisho' },
  }
}

export function botAnswer(workspace: NotionWorkspace, owner: string | undefined): Json {
  return {
    object: 'user',
    id: workspace.botId,
    type: 'bot',
    name: 'Sekisho',
    avatar_url: null,
    bot: {
      owner:
        owner === undefined ? { type: 'workspace', workspace: true } : { type: 'user', user: person(workspace, owner) },
      workspace_id: workspace.id,
      workspace_name: workspace.name,
      workspace_limits: { max_file_upload_size_in_bytes: 5_242_880 },
    },
  }
}
