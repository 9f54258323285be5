// GitHub: repositories, files, issues, pull requests and workflow runs of a connected account.
import { z } from 'zod'
import { type Connect, TokenRefused, type UpstreamFetch } from '../connect.js'
import { oneLine } from '../foreign-text.js'
import { defineProvider } from '../provider.js'
import { addCommentTool } from './add-comment.js'
import { createBranchTool } from './create-branch.js'
import { createIssueTool } from './create-issue.js'
import { createPullRequestTool } from './create-pull-request.js'
import { getFileTool } from './get-file.js'
import { getIssueTool } from './get-issue.js'
import { getJobLogTool } from './get-job-log.js'
import { getPullRequestTool } from './get-pull-request.js'
import { getRepositoryTool } from './get-repository.js'
import { getWorkflowRunTool } from './get-workflow-run.js'
import { GitHubApi, path, problemOf, retryAfterSeconds } from './github-api.js'
import { listBranchesTool } from './list-branches.js'
import { listChangedFilesTool } from './list-changed-files.js'
import { listCommitsTool } from './list-commits.js'
import { listDirectoryTool } from './list-directory.js'
import { listIssuesTool } from './list-issues.js'
import { listPullRequestsTool } from './list-pull-requests.js'
import { listRepositoriesTool } from './list-repositories.js'
import { listReviewCommentsTool } from './list-review-comments.js'
import { listWorkflowRunsTool } from './list-workflow-runs.js'
import { mergePullRequestTool } from './merge-pull-request.js'
import { rerunWorkflowTool } from './rerun-workflow.js'
import { reviewPullRequestTool } from './review-pull-request.js'
import { runWorkflowTool } from './run-workflow.js'
import { searchCodeTool } from './search-code.js'
import { searchIssuesTool } from './search-issues.js'
import { updateIssueTool } from './update-issue.js'
import { ja as japanese } from './words.ja.js'
import { writeFileTool } from './write-file.js'

const userAnswer = z.object({ id: z.number(), login: z.string() })

/** GitHub has no scope that only reads private repositories: `repo` does both, and Sekisho keeps the two apart. */
const repositoryScope = ['repo']

const connect: Connect = {
  service: 'GitHub',
  apiUrls: ({ github }) => [github.api],
  async identify(fetch, services) {
    const refusing: UpstreamFetch = async (...asked) => {
      const response = await fetch(...asked)
      if (response.status === 401) throw new TokenRefused()
      return response
    }
    const { id, login } = await new GitHubApi(refusing, services).get(path`/user`, userAnswer)
    return { id: String(id), label: oneLine(login, 200), details: {} }
  },
  problemOf,
  retryAfterSeconds,
  oauth: {
    endpoints: ({ github }) => ({
      authorizationUrl: `${github.web}/login/oauth/authorize`,
      tokenUrl: `${github.web}/login/oauth/access_token`,
    }),
    // Whoever has several accounts chooses, instead of connecting the one that happens to be signed in.
    parameters: { prompt: 'select_account' },
    clientAuthentication: 'client_secret_post',
    tokenRequest: 'form',
    alwaysScopes: [],
    scopes: { 'github:read': repositoryScope, 'github:write': repositoryScope },
    // A GitHub App's tokens (ghu_…) have permissions instead, set when it was made and installed: their scope is empty.
    givenScopes: ({ access_token, scope = '' }) =>
      access_token.startsWith('ghu_') ? undefined : scope.split(/[\s,]+/).filter(Boolean),
    incremental: false,
    goneErrors: [{ error: 'bad_refresh_token' }, { error: 'bad_verification_code' }],
    refreshIdleDays: 180,
    revocation: ({ clientId, clientSecret, accessToken }, { github }) => ({
      url: `${github.api}/applications/${encodeURIComponent(clientId)}/grant`,
      request: {
        method: 'DELETE',
        headers: {
          accept: 'application/vnd.github+json',
          'user-agent': 'Sekisho',
          'content-type': 'application/json',
          authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
        },
        body: JSON.stringify({ access_token: accessToken }),
      },
    }),
    setUp: {
      url: 'https://github.com/settings/developers',
      steps: [
        'An OAuth app is made at once and works for all of a person\'s repositories: choose "New OAuth App". GitHub has no read-only permission for its kind, so people are asked for "repo", reading and writing, even where programs here may only read; Sekisho holds programs to what they were given.',
        'A GitHub App is finer: choose "New GitHub App", switch "Webhook" off, and give the repository permissions Contents, Issues, Pull requests and Actions (read and write), Checks and Metadata (read). Leave "Expire user authorization tokens" on: Sekisho renews them. People then install the app on the repositories it shall reach.',
        'At GitHub Enterprise Server the same pages are below your own address; GITHUB_URL and GITHUB_API_URL (with /api/v3) say where that is.',
        'Enter the callback address shown here as "Authorization callback URL".',
        'Copy the client ID, generate a client secret, and enter both here.',
      ],
    },
  },
  token: {
    name: 'personal access token',
    url: 'https://github.com/settings/personal-access-tokens/new',
    hint: 'Fine-grained: choose the repositories, and the permissions Contents, Issues, Pull requests, Actions (read, or read and write) and Metadata (read). Classic: the scope "repo".',
  },
}

export const github = defineProvider({
  id: 'github',
  title: 'GitHub',
  description: 'Repositories, files, issues, pull requests and workflow runs at GitHub.',
  japanese,
  scopes: {
    'github:read': {
      allows:
        'read the repositories of your GitHub account, private ones too: files, issues, pull requests, workflow runs',
      access: 'read',
    },
    'github:write': {
      allows:
        'change your GitHub repositories: open and close issues, comment, review and merge pull requests, write files, start workflows',
      access: 'write',
    },
  },
  connect,
  tools: [
    listRepositoriesTool,
    getRepositoryTool,
    listBranchesTool,
    listCommitsTool,
    listChangedFilesTool,
    listDirectoryTool,
    getFileTool,
    writeFileTool,
    createBranchTool,
    searchCodeTool,
    searchIssuesTool,
    listIssuesTool,
    getIssueTool,
    createIssueTool,
    updateIssueTool,
    addCommentTool,
    listPullRequestsTool,
    getPullRequestTool,
    listReviewCommentsTool,
    createPullRequestTool,
    reviewPullRequestTool,
    mergePullRequestTool,
    listWorkflowRunsTool,
    getWorkflowRunTool,
    getJobLogTool,
    rerunWorkflowTool,
    runWorkflowTool,
  ],
})
