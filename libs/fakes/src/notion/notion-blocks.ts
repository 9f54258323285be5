// Blocks of the pretended Notion: how they look, and what it takes when they are appended or changed.
import { asList, asObject, invalid, type Json, onlyMembers, richText } from './notion-values.js'
import type { Block, NotionWorkspace } from './notion-workspace.js'

const withText = [
  'paragraph',
  'heading_1',
  'heading_2',
  'heading_3',
  'heading_4',
  'bulleted_list_item',
  'numbered_list_item',
  'to_do',
  'quote',
  'callout',
  'toggle',
  'code',
]
const withoutText = [
  'divider',
  'table',
  'table_row',
  'equation',
  'breadcrumb',
  'table_of_contents',
  'column_list',
  'column',
]
const withFile = ['image', 'video', 'pdf', 'file', 'audio']
const withUrl = ['bookmark', 'embed']
const creatable = [...withText, ...withoutText, ...withFile, ...withUrl, 'link_to_page']

/** Levels of children in one request, and the blocks of all levels. */
const maxLevels = 2
const maxElements = 1000

export function blockAnswer(workspace: NotionWorkspace, block: Block): Json {
  const by = { object: 'user', id: workspace.botId }
  return {
    object: 'block',
    id: block.id,
    parent: block.parent,
    created_time: block.createdTime,
    last_edited_time: block.lastEditedTime,
    created_by: by,
    last_edited_by: by,
    has_children: block.children.length > 0,
    in_trash: block.inTrash,
    type: block.type,
    [block.type]: block.data,
  }
}

/** Children as the API lists them: pages and databases within a page are blocks of it. */
export function childAnswers(workspace: NotionWorkspace, id: string): Json[] {
  return workspace.childrenOf(id).flatMap((childId): Json[] => {
    const block = workspace.blocks.get(childId)
    if (block) return block.inTrash ? [] : [blockAnswer(workspace, block)]
    const page = workspace.pages.get(childId)
    if (page?.inTrash) return []
    const title = page ? workspace.titleOf(page) : workspace.databases.get(childId)?.title
    const type = page ? 'child_page' : 'child_database'
    return [{ object: 'block', id: childId, has_children: Boolean(page), in_trash: false, type, [type]: { title } }]
  })
}

/** Checks all of it first: an append is done whole or not at all. */
export function appendBlocks(workspace: NotionWorkspace, parentId: string, given: unknown, at?: number): Block[] {
  const list = asList(given, 'body.children')
  requireBlocks(list, 'body.children', 0, { left: maxElements })
  return insert(workspace, parentId, list, at)
}

function requireBlocks(list: readonly unknown[], path: string, level: number, count: { left: number }): void {
  for (const [index, item] of list.entries()) {
    const at = `${path}[${index}]`
    const { type, data } = shapeOf(asObject(item, at), at)
    if (--count.left < 0) throw invalid(`body failed validation: body.children has more than ${maxElements} blocks.`)
    requireData(type, data, `${at}.${type}`)
    if (data.children === undefined) {
      if (type === 'table') throw invalid(`body failed validation: ${at}.table.children should be defined.`)
      continue
    }
    const children = asList(data.children, `${at}.${type}.children`)
    if (level >= maxLevels) throw invalid(`body failed validation: ${at}.${type}.children should be not present.`)
    requireBlocks(children, `${at}.${type}.children`, level + 1, count)
  }
}

function shapeOf(item: Json, path: string): { type: string; data: Json } {
  onlyMembers(item, ['object', 'type', ...creatable], path)
  const type = String(item.type ?? Object.keys(item).find((name) => creatable.includes(name)))
  if (!creatable.includes(type))
    throw invalid(`body failed validation: ${path}.type should be a kind that can be made.`)
  return { type, data: asObject(item[type], `${path}.${type}`) }
}

function requireData(type: string, data: Json, path: string): void {
  if (withText.includes(type)) richText(data.rich_text, `${path}.rich_text`)
  if (data.caption !== undefined) richText(data.caption, `${path}.caption`)
  if (type === 'code' && !languages.has(String(data.language))) {
    throw invalid(
      `body failed validation: ${path}.language should be one of the languages, instead was \`"${data.language}"\`.`,
    )
  }
  if (type === 'table_row') {
    for (const [index, cell] of asList(data.cells, `${path}.cells`).entries()) richText(cell, `${path}.cells[${index}]`)
  }
  if (type === 'table') {
    for (const row of asList(data.children ?? [], `${path}.children`)) {
      const cells = ((row as Json).table_row as Json | undefined)?.cells
      if (!Array.isArray(cells) || cells.length !== data.table_width) {
        throw invalid('Number of cells in table row must match the table width of the parent table')
      }
    }
  }
  const url = withUrl.includes(type) ? data.url : (data.external as Json | undefined)?.url
  if ((withUrl.includes(type) || withFile.includes(type)) && !/^https?:\/\/.+/.test(String(url))) {
    throw invalid(`body failed validation: ${path} should have a valid URL.`)
  }
}

function insert(workspace: NotionWorkspace, parentId: string, list: readonly unknown[], at?: number): Block[] {
  return list.map((item, index) => {
    const { type, data } = shapeOf(item as Json, '')
    const { children = [], ...own } = data
    const block = workspace.insertBlock(parentId, type, stored(type, own), at === undefined ? undefined : at + index)
    insert(workspace, block.id, children as unknown[])
    return block
  })
}

/** Data of a request as an answer has it. */
export function stored(type: string, data: Json): Json {
  const result: Json = { ...data }
  if (data.rich_text !== undefined) result.rich_text = richText(data.rich_text, 'rich_text')
  if (data.caption !== undefined) result.caption = richText(data.caption, 'caption')
  if (Array.isArray(data.cells)) result.cells = data.cells.map((cell) => richText(cell, 'cells'))
  if (data.external !== undefined) result.type = 'external'
  if (withText.includes(type) && type !== 'code') result.color ??= 'default'
  if (type.startsWith('heading_')) result.is_toggleable ??= false
  if (type === 'to_do') result.checked ??= false
  return result
}

/** Changes a block by a request's body. Its kind stays. */
export function changeBlock(workspace: NotionWorkspace, block: Block, body: Json): void {
  onlyMembers(body, ['type', 'in_trash', block.type])
  if (body[block.type] !== undefined) {
    const data = asObject(body[block.type], `body.${block.type}`)
    if (data.children !== undefined)
      throw invalid(`body failed validation: body.${block.type}.children should be not present.`)
    if (data.rich_text !== undefined) richText(data.rich_text, `body.${block.type}.rich_text`)
    block.data = { ...block.data, ...stored(block.type, data) }
  }
  if (typeof body.in_trash === 'boolean') block.inTrash = body.in_trash
  block.lastEditedTime = workspace.now()
}

// Those of the API that somebody is likely to use.
const languages = new Set(
  (
    'abap,agda,arduino,assembly,bash,basic,bnf,c,c#,c++,clojure,coffeescript,coq,css,dart,dhall,diff,docker,ebnf,elixir,elm,' +
    'erlang,f#,flow,fortran,gherkin,glsl,go,graphql,groovy,haskell,hcl,html,idris,java,javascript,json,julia,kotlin,latex,' +
    'less,lisp,livescript,llvm ir,lua,makefile,markdown,markup,matlab,mathematica,mermaid,nix,notion formula,objective-c,' +
    'ocaml,pascal,perl,php,plain text,powershell,prolog,protobuf,purescript,python,r,racket,reason,ruby,rust,sass,scala,' +
    'scheme,scss,shell,smalltalk,solidity,sql,swift,toml,typescript,vb.net,verilog,vhdl,visual basic,webassembly,xml,yaml'
  ).split(','),
)
