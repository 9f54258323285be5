// Where the services are that people connect accounts of, and the OAuth clients and the model key an operator gives by the environment.
import { setting } from '@sekisho/contracts'
import { z } from 'zod'

const optionalText = z.string().optional()

/** The part of the settings' schema that is about connected services. */
export const serviceVariables = {
  GCAL_CLIENT_ID: optionalText,
  GCAL_CLIENT_SECRET: optionalText,
  GITHUB_CLIENT_ID: optionalText,
  GITHUB_CLIENT_SECRET: optionalText,
  NOTION_CLIENT_ID: optionalText,
  NOTION_CLIENT_SECRET: optionalText,
  JIRA_CLIENT_ID: optionalText,
  JIRA_CLIENT_SECRET: optionalText,
  GITHUB_URL: setting.url().default('https://github.com'),
  GITHUB_API_URL: setting.url().default('https://api.github.com'),
  NOTION_API_URL: setting.url().default('https://api.notion.com'),
  ATLASSIAN_AUTH_URL: setting.url().default('https://auth.atlassian.com'),
  ATLASSIAN_API_URL: setting.url().default('https://api.atlassian.com'),
  GEMINI_API_URL: setting.url().default('https://generativelanguage.googleapis.com'),
  GEMINI_API_KEY: z
    .string()
    .regex(/^[\x21-\x7e]{10,500}$/, 'must be a key as Google shows it, without spaces')
    .optional(),
  GEMINI_MODEL: z
    .string()
    .regex(/^gemini-[\w.-]{1,80}$/, 'must be the name of a Gemini model, e.g. gemini-flash-latest')
    .default('gemini-flash-latest'),
}

const group = z.object(serviceVariables)
type Variables = z.output<typeof group>

/** Base URLs, without a slash at the end. */
export interface Services {
  readonly google: { readonly accounts: string; readonly api: string; readonly token: string; readonly revoke: string }
  readonly github: { readonly web: string; readonly api: string }
  readonly notion: { readonly api: string }
  readonly atlassian: { readonly auth: string; readonly api: string }
  readonly gemini: { readonly api: string }
}

/** Google's addresses are those of its sign-in. */
interface GoogleVariables {
  GOOGLE_ACCOUNTS_URL: string
  GOOGLE_API_URL: string
  GOOGLE_TOKEN_URL: string
}

export function servicesOf(env: Variables & GoogleVariables): Services {
  return {
    google: {
      accounts: env.GOOGLE_ACCOUNTS_URL,
      api: env.GOOGLE_API_URL,
      token: env.GOOGLE_TOKEN_URL,
      revoke: new URL('/revoke', env.GOOGLE_TOKEN_URL).href,
    },
    github: { web: env.GITHUB_URL, api: env.GITHUB_API_URL },
    notion: { api: env.NOTION_API_URL },
    atlassian: { auth: env.ATLASSIAN_AUTH_URL, api: env.ATLASSIAN_API_URL },
    gemini: { api: env.GEMINI_API_URL },
  }
}

/** A key of Gemini that everybody here may use, and the model it is used for. */
export interface GivenModelKey {
  readonly apiKey: string
  readonly model: string
}

export function givenModelKeyOf(env: Variables): GivenModelKey | undefined {
  return env.GEMINI_API_KEY ? { apiKey: env.GEMINI_API_KEY, model: env.GEMINI_MODEL } : undefined
}

/** An OAuth client at a service, as registered there. */
export interface GivenClient {
  readonly clientId: string
  readonly clientSecret: string
}

/** The clients given by the environment, by the id of the provider. */
export function givenClientsOf(env: Variables): Readonly<Record<string, GivenClient>> {
  const pairs: [string, string | undefined, string | undefined][] = [
    ['gcal', env.GCAL_CLIENT_ID, env.GCAL_CLIENT_SECRET],
    ['github', env.GITHUB_CLIENT_ID, env.GITHUB_CLIENT_SECRET],
    ['notion', env.NOTION_CLIENT_ID, env.NOTION_CLIENT_SECRET],
    ['jira', env.JIRA_CLIENT_ID, env.JIRA_CLIENT_SECRET],
  ]
  return Object.fromEntries(
    pairs.flatMap(([id, clientId, clientSecret]) =>
      clientId && clientSecret ? [[id, { clientId, clientSecret }]] : [],
    ),
  )
}

/** Variables of which one is set without its other half: the name of the missing one. */
export function halfGivenClients(env: Partial<Variables>): string[] {
  const prefixes = ['GCAL', 'GITHUB', 'NOTION', 'JIRA'] as const
  return prefixes.flatMap((prefix) => {
    const names = [`${prefix}_CLIENT_ID`, `${prefix}_CLIENT_SECRET`] as const
    const missing = names.filter((name) => env[name] === undefined)
    return missing.length === 1 ? missing : []
  })
}
