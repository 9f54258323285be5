// Fakes of the services people connect: they speak the real wire format, keep state, and misbehave when told to.
// Nothing here is part of the product; tests and `npm run demo` use it.
export { documentOf, faultOfDocument } from './atlassian/adf-rules.js'
export { AtlassianFake, type AtlassianFakeOptions } from './atlassian/atlassian-fake.js'
export type { JiraIssue, JiraProject, JiraSite } from './atlassian/jira-site.js'
export { emptySite, samplePeople, sampleProject, sampleSite } from './atlassian/sample-site.js'
export {
  clientOf,
  type FakeAccount,
  type FakeGrant,
  FakeOAuth,
  type FakeOAuthOptions,
  type IssuedTokens,
  tokenParametersOf,
} from './fake-oauth.js'
export {
  type FakeAnswer,
  type FakeHandler,
  type FakeRequest,
  FakeService,
  type Misbehaviour,
  type SeenRequest,
} from './fake-service.js'
export { geminiError, geminiErrors } from './gemini/gemini-errors.js'
export { GeminiFake, geminiStream } from './gemini/gemini-fake.js'
export { type GitHubAccount, GitHubFake, type GitHubFakeOptions, gitHubAccounts } from './github/github-fake.js'
export type { GitHubIssue, GitHubRepository, GitHubRun, RepositorySeed } from './github/repository.js'
export type { AccessRole, EventResource, EventSeed, EventTime } from './google/calendar-types.js'
export { googleError } from './google/google-errors.js'
export { type GoogleAccount, GoogleFake, googlePaths } from './google/google-fake.js'
export { pretendedAnswer } from './model/pretended-model.js'
export type {
  PretendedRequest,
  PretendedTool,
  PretendedTurn,
  Script,
  ScriptedAnswer,
  ScriptedCall,
  ScriptedPiece,
  ScriptedUsage,
} from './model/script.js'
export { NotionFake, notionVersion } from './notion/notion-fake.js'
export type { NotionCapability } from './notion/notion-routes.js'
export { type NotionErrorCode, notionError } from './notion/notion-values.js'
export type { BlockSeed, NotionWorkspace } from './notion/notion-workspace.js'
export { openAiErrors } from './openai/openai-errors.js'
export { OpenAiFake, type OpenAiFakeOptions, openAiCompletions } from './openai/openai-fake.js'
