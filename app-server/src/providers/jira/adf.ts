// The Atlassian Document Format: the shape of its nodes, and what both directions of the translation share.

/** A node as it comes from Jira: nothing in it is certain. */
export interface AdfNode {
  readonly type: string
  readonly text?: string
  readonly attrs?: Readonly<Record<string, unknown>>
  readonly marks?: readonly AdfMark[]
  readonly content?: readonly AdfNode[]
}

export interface AdfMark {
  readonly type: string
  readonly attrs?: Readonly<Record<string, unknown>>
}

export interface AdfDocument extends AdfNode {
  readonly type: 'doc'
  readonly version: 1
}

/** The address of a mention in Markdown: `[@Name](accountid:…)`. */
export const mentionScheme = 'accountid:'

/** Panels, as GitHub's alerts are written (`> [!NOTE]`), by the kind of panel. */
export const alerts: Readonly<Record<string, string>> = {
  info: 'NOTE',
  success: 'TIP',
  note: 'IMPORTANT',
  warning: 'WARNING',
  error: 'CAUTION',
}

/** An address that may be shown and followed; undefined for any other. */
export function webAddress(value: unknown): string | undefined {
  const url = typeof value === 'string' && value.length <= 2_000 ? URL.parse(value) : null
  return url && ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : undefined
}
