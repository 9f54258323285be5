// Notion: pages, databases and comments of the workspaces people connect.
import { defineProvider } from '../provider.js'
import { appendContentTool } from './append-content.js'
import { deleteBlockTool, updateBlockTool } from './change-block.js'
import { addCommentTool, listCommentsTool } from './comments.js'
import { createPageTool } from './create-page.js'
import { getDatabaseTool } from './get-database.js'
import { getPageTool } from './get-page.js'
import { listBlocksTool } from './list-blocks.js'
import { listUsersTool } from './list-users.js'
import { notionConnect } from './notion-connect.js'
import { queryDatabaseTool } from './query-database.js'
import { replaceContentTool } from './replace-content.js'
import { searchTool } from './search.js'
import { deletePageTool, restorePageTool } from './trash-page.js'
import { updatePageTool } from './update-page.js'
import { ja as japanese } from './words.ja.js'

export const notion = defineProvider({
  id: 'notion',
  title: 'Notion',
  description: 'Search, read and write pages and databases of your Notion workspaces.',
  japanese,
  scopes: {
    'notion:read': { allows: 'read the Notion pages, databases and comments that you share with it', access: 'read' },
    'notion:write': { allows: 'create, change and delete those Notion pages, and comment on them', access: 'write' },
  },
  connect: notionConnect,
  tools: [
    searchTool,
    getPageTool,
    createPageTool,
    updatePageTool,
    appendContentTool,
    replaceContentTool,
    listBlocksTool,
    updateBlockTool,
    deleteBlockTool,
    deletePageTool,
    restorePageTool,
    getDatabaseTool,
    queryDatabaseTool,
    listCommentsTool,
    addCommentTool,
    listUsersTool,
  ],
})
