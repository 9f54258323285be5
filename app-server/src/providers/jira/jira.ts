// Jira: issues, comments, work and their workflow, with the caller's own account at Atlassian.
import { defineProvider } from '../provider.js'
import { addCommentTool } from './add-comment.js'
import { addWorklogTool } from './add-worklog.js'
import { assignIssueTool } from './assign-issue.js'
import { createIssueTool } from './create-issue.js'
import { findPeopleTool } from './find-people.js'
import { getIssueTool } from './get-issue.js'
import { getProjectTool } from './get-project.js'
import { connect } from './jira-connect.js'
import { linkIssuesTool } from './link-issues.js'
import { listCommentsTool } from './list-comments.js'
import { listProjectsTool } from './list-projects.js'
import { listTransitionsTool } from './list-transitions.js'
import { listWorklogsTool } from './list-worklogs.js'
import { searchIssuesTool } from './search-issues.js'
import { transitionIssueTool } from './transition-issue.js'
import { updateIssueTool } from './update-issue.js'
import { ja as japanese } from './words.ja.js'

export const jira = defineProvider({
  id: 'jira',
  title: 'Jira',
  description: 'Find, read, create and change issues in Jira Cloud, with your own account.',
  japanese,
  connect,
  scopes: {
    'jira:read': { allows: 'see projects, issues, comments and people in your Jira', access: 'read' },
    'jira:write': {
      allows: 'create and change issues in your Jira, comment and log work in your name',
      access: 'write',
    },
  },
  tools: [
    searchIssuesTool,
    getIssueTool,
    createIssueTool,
    updateIssueTool,
    transitionIssueTool,
    listTransitionsTool,
    assignIssueTool,
    findPeopleTool,
    addCommentTool,
    listCommentsTool,
    addWorklogTool,
    listWorklogsTool,
    linkIssuesTool,
    listProjectsTool,
    getProjectTool,
  ],
})
