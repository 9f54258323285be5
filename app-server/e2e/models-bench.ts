// What the tests of model keys' pages share: an app server with pretended services of models, and people who enter keys.
import { GeminiFake, OpenAiFake } from '@sekisho/fakes'
import type { Page } from '@sekisho/testing'
import { formAt, type SignedIn, signedInAs } from './admin-bench.js'
import { startTestApp, type TestApp } from './app.js'

export interface ModelsBench {
  readonly app: TestApp
  readonly gemini: GeminiFake
  readonly openAi: OpenAiFake
  readonly boss: KeyKeeper
  keeper(name: string): Promise<KeyKeeper>
  close(): Promise<void>
}

export async function openModelsBench(env: Record<string, string> = {}): Promise<ModelsBench> {
  const gemini = await new GeminiFake().listen()
  const openAi = await new OpenAiFake().listen()
  const app = await startTestApp({
    env: {
      GEMINI_API_URL: gemini.url,
      OUTBOUND_ALLOWED_HOSTS: [gemini.host, openAi.host].join(','),
      ADMIN_EMAILS: 'boss@example.test',
      ...env,
    },
  })
  const keeper = async (name: string) => new KeyKeeper(await signedInAs(app, name), app)
  return {
    app,
    gemini,
    openAi,
    boss: await keeper('Boss'),
    keeper,
    async close() {
      await app.close()
      await gemini.close()
      await openAi.close()
    },
  }
}

export class KeyKeeper {
  readonly id: string

  constructor(
    private readonly signedIn: SignedIn,
    private readonly app: TestApp,
  ) {
    this.id = signedIn.id
  }

  get person() {
    return this.signedIn.person
  }

  open(address: string): Promise<Page> {
    return this.person.open(address)
  }

  /** Sends the form of a page that goes to `action`. */
  async send(address: string, action: string, changes: Record<string, string | undefined> = {}): Promise<Page> {
    const page = await this.open(address)
    return this.person.submit(page, formAt(page, action), changes)
  }

  /** Enters a key of Gemini and ends on the page where its model is chosen. */
  addGemini(apiKey: string, path = '/models'): Promise<Page> {
    return this.send(`${path}/add`, `${path}/add`, { apiKey })
  }

  addOwnModel(baseUrl: string, apiKey: string, path = '/models'): Promise<Page> {
    return this.send(`${path}/add?vendor=openai-compatible`, `${path}/add`, { baseUrl, apiKey })
  }

  /** Keys of this owner as the database has them. */
  async keys(
    ownerId: string | null = this.id,
  ): Promise<{ id: string; label: string; fields: Record<string, string> }[]> {
    return this.app.sql(
      `SELECT id, label, fields FROM credentials
        WHERE kind = 'model-key' AND owner_id IS NOT DISTINCT FROM $1::uuid ORDER BY created_at`,
      [ownerId],
    )
  }

  /** What was written down of this person's keys, the oldest first. */
  entries(): Promise<Record<string, unknown>[]> {
    return this.app.sql(
      `SELECT action, outcome, reason, target_id, details FROM audit_entries
        WHERE kind = 'connection' AND actor_id = $1 ORDER BY at, id`,
      [this.id],
    )
  }
}
