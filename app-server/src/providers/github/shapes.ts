// What GitHub's answers hold that tools use, and the members that tools of several kinds take and give.
import { z } from 'zod'
import { connectionInput } from '../connect.js'
import { type Excerpt, excerpt, oneLine, plainText } from '../foreign-text.js'
import { text } from '../inputs.js'

/** Characters of an issue's, comment's or review's own text in one answer. */
export const maxBody = 8_000
/** Characters of such a text in a list. */
export const maxBodyInList = 600

const repositoryName = 'must be owner/name as GitHub writes it, e.g. octocat/hello-world'

/** Letters that names at GitHub have, so that a name is no path. */
export const repositoryInput = {
  repository: z
    .string()
    .max(140, { error: repositoryName, abort: true })
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*\/(?!\.{1,2}$)[A-Za-z0-9._-]+$/, repositoryName)
    .meta({ pattern: undefined })
    .describe('The repository as owner/name.'),
  ...connectionInput,
}

/** The two parts of a name that repositoryInput took. */
export function partsOf(repository: string): readonly string[] {
  return repository.split('/')
}

export function numberInput(description: string) {
  return z.number().int().min(1).max(2_147_483_647).describe(description)
}

/** An id of GitHub's, which outgrow 32 bits. */
export function idInput(description: string) {
  return z.number().int().min(1).max(Number.MAX_SAFE_INTEGER).describe(description)
}

/** Names of branches and tags as git takes them (git-check-ref-format), and shas. */
export function refInput(description: string) {
  return text({ min: 1, max: 255 })
    .refine(
      (ref) => !/\.\.|\/\/|@\{|[\s~^:?*[\\\p{Cc}]|^[-/]|[/.]$|(^|\/)\./u.test(ref),
      'must be the name of a branch or tag, or the sha of a commit',
    )
    .describe(description)
}

/** The path of a file or folder within a repository. */
export function pathInput(description: string) {
  return text({ max: 1_000 })
    .refine(
      (path) => pathParts(path).every((part) => part !== '' && part !== '.' && part !== '..'),
      'must be a path from the top of the repository, without "." or ".." in it',
    )
    .describe(description)
}

export function pathParts(path: string): readonly string[] {
  const inner = path.replace(/^\//, '').replace(/\/$/, '')
  return inner === '' ? [] : inner.split('/')
}

export function loginInput(description: string) {
  const error = 'must be a login of GitHub'
  return z
    .string()
    .max(100, { error, abort: true })
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]*(\[bot\])?$/, error)
    .meta({ pattern: undefined })
    .describe(description)
}

/** Text that stays as it is written, spaces and line ends included. */
export function rawText(max: number) {
  return z
    .string()
    .max(max, { abort: true })
    .refine(
      (value) => value.isWellFormed() && !value.includes('\0'),
      'must not contain NUL characters or halves of surrogate pairs',
    )
}

/** A moment; the schema says so without the long pattern. */
export function timeInput(description: string) {
  const error = 'must be an RFC 3339 time, e.g. 2026-11-20T09:00:00Z'
  return z.iso.datetime({ offset: true, error }).max(40).meta({ pattern: undefined }).describe(description)
}

export const offsetInput = z.number().int().min(0).max(100_000_000).default(0)

// Answers of GitHub; members nobody uses are left out.
export const user = z.object({ login: z.string() }).nullish()
export const label = z.union([z.string(), z.object({ name: z.string().nullish() })])

export function loginOf(given: z.output<typeof user>): string | null {
  return given ? oneLine(given.login, 100) : null
}

export function labelsOf(labels: readonly z.output<typeof label>[]): string[] {
  return labels.map((one) => oneLine(typeof one === 'string' ? one : (one.name ?? ''), 100))
}

export function bodyOf(body: string | null | undefined, max: number, from = 0): Excerpt {
  return excerpt(plainText(body ?? ''), { from, max })
}

/** A text in a list: its beginning, and whether there is more. */
export function beginning(body: string | null | undefined, max = maxBodyInList): string {
  const { text: begin, next } = bodyOf(body, max)
  return next === null ? begin : `${begin}…`
}

export const annotations = {
  read: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  /** Adds something new at each call. */
  add: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: true },
  /** Overwrites something; again, it would stay as it is. */
  set: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: true },
  /** Does something that cannot be taken back. */
  act: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
} as const
