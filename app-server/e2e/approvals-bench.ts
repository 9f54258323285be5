// What the tests of approvals share: an app server with a shelf, people with programs, calls of its tools and words on them.
import { OAuthProgram, type Page, type Person } from '@sekisho/testing'
import { startTestApp, type TestApp } from './app.js'
import { claimsOf } from './oauth-bench.js'
import { deeds, shelfProvider } from './shelf-provider.js'
import { type CallAnswer, callTool } from './vault-bench.js'

export interface ApprovalsBench {
  readonly app: TestApp
  /** Somebody new with a program that may use the shelf. */
  caller(name: string): Promise<ShelfCaller>
  /** Clears a board of the shelf, which needs a word. */
  clear(caller: Pick<ShelfCaller, 'bearer'>, given: Record<string, unknown>, url?: string): Promise<CallAnswer>
  /** The approval a refused call waits for. */
  asked(answer: CallAnswer): Asked
  /** Opens the approval's page and presses a button there. */
  decide(person: Person, id: string, decision: 'approve' | 'deny' | 'always'): Promise<Page>
  /** As if its time were over. */
  expire(id: string): Promise<void>
  /** How often that was really done. */
  times(deed: string): number
  close(): Promise<void>
}

export interface ShelfCaller {
  readonly person: Person
  readonly userId: string
  readonly bearer: string
}

export interface Asked {
  readonly id: string
  readonly url: string
}

export async function openApprovalsBench(env: Record<string, string> = {}): Promise<ApprovalsBench> {
  const app = await startTestApp({ providers: [shelfProvider], env })
  return {
    app,
    async caller(name) {
      const person = await app.signedIn(name)
      const program = await OAuthProgram.at(app.url, app.settings.mcpUrl)
      const { access_token: bearer } = await program.authorize(person, 'shelf:use')
      return { person, bearer, userId: String(claimsOf(bearer).sub) }
    },
    clear: (caller, given, url = app.url) => callTool(url, caller, 'shelf.clear', given),
    asked({ status, body }) {
      if (status !== 403 || body.code !== 'approval-needed') {
        throw new Error(`the call was not asked about: ${status} ${JSON.stringify(body)}`)
      }
      return { id: String(body.approval_id), url: String(body.approval_url) }
    },
    async decide(person, id, decision) {
      const page = await person.open(new URL(`/approvals/${id}`, app.url))
      const form = page.forms.find(({ buttons }) => buttons.some(([, value]) => value === decision))
      if (!form) throw new Error(`nothing to ${decision} at ${page.url} (${page.status})`)
      return person.submit(page, form, {}, decision)
    },
    async expire(id) {
      await app.sql(`UPDATE approvals SET expires_at = now() - interval '1 second' WHERE id = $1`, [id])
    },
    times: (deed) => deeds.filter((one) => one === deed).length,
    close: () => app.close(),
  }
}
