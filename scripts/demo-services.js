// The pretended services of the demo, with something in them, and the settings that lead there.
import { fillGitHub } from './demo-github.js'
import { fillNotion } from './demo-notion.js'

/**
 * @typedef {object} DemoService
 * @property {string} name as people know it
 * @property {(port: number) => Promise<RunningService>} start
 *
 * @typedef {object} RunningService
 * @property {Record<string, string>} settings of the app server
 * @property {string[]} hosts as in OUTBOUND_ALLOWED_HOSTS
 * @property {() => Promise<void>} end
 */

/** They are built with the demo, and not before. */
const fakes = () => import('@sekisho/fakes')

/** @type {DemoService[]} */
export const demoServices = [
  { name: 'Google', start: startGoogle },
  { name: 'GitHub', start: startGitHub },
  { name: 'Notion', start: startNotion },
  { name: 'Atlassian', start: startAtlassian },
  { name: 'Gemini', start: startGemini },
]

/** @param {number} port */
async function startGoogle(port) {
  const { GoogleFake } = await fakes()
  const google = await GoogleFake.withSamples().listen(port)
  return { settings: google.env, hosts: [google.host], end: () => google.close() }
}

/** @param {number} port */
async function startGitHub(port) {
  const { GitHubFake } = await fakes()
  const gitHub = await new GitHubFake().listen(port)
  fillGitHub(gitHub)
  const { web, api } = gitHub.services
  const settings = { ...clientSettings('GITHUB', gitHub), GITHUB_URL: web, GITHUB_API_URL: api }
  return { settings, hosts: gitHub.hosts, end: () => gitHub.close() }
}

/** @param {number} port */
async function startNotion(port) {
  const { NotionFake } = await fakes()
  const notion = await new NotionFake().listen(port)
  await fillNotion(notion)
  const settings = { ...clientSettings('NOTION', notion), NOTION_API_URL: notion.url }
  return { settings, hosts: [notion.host], end: () => notion.close() }
}

/** @param {number} port */
async function startAtlassian(port) {
  const { AtlassianFake, samplePeople, sampleSite } = await fakes()
  const sites = [sampleSite(samplePeople, { url: `http://127.0.0.1:${port}` })]
  const atlassian = await new AtlassianFake({ accounts: [...samplePeople], sites }).listen(port)
  const { url, host } = atlassian
  const settings = { ...clientSettings('JIRA', atlassian), ATLASSIAN_AUTH_URL: url, ATLASSIAN_API_URL: url }
  return { settings, hosts: [host], end: () => atlassian.close() }
}

/**
 * With a key for everybody, so that the chat answers at once.
 * @param {number} port
 */
async function startGemini(port) {
  const { GeminiFake } = await fakes()
  const gemini = await new GeminiFake().listen(port)
  const settings = { GEMINI_API_URL: gemini.url, GEMINI_API_KEY: gemini.apiKey, GEMINI_MODEL: 'gemini-3.8-flash' }
  return { settings, hosts: [gemini.host], end: () => gemini.close() }
}

/**
 * @param {string} prefix
 * @param {{ oauth: import('@sekisho/fakes').FakeOAuth }} service
 */
function clientSettings(prefix, { oauth }) {
  const { clientId, clientSecret } = oauth.options
  return { [`${prefix}_CLIENT_ID`]: clientId, [`${prefix}_CLIENT_SECRET`]: clientSecret }
}
