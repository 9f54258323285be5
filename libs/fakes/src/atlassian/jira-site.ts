// One Jira site of the fake: its people, projects, workflow and issues.
import { randomUUID } from 'node:crypto'
import type { FakeAccount } from '../fake-oauth.js'
import { noIssue, noProject } from './jira-fault.js'

export interface JiraStatus {
  readonly id: string
  readonly name: string
  readonly category: 'new' | 'indeterminate' | 'done'
}

export interface JiraTransition {
  readonly id: string
  readonly name: string
  /** The id of the status it leads to. */
  readonly to: string
  /** The ids of the statuses it leads from; from everywhere unless told. */
  readonly from?: readonly string[]
  /** Names of fields that must be given with it. */
  readonly requires?: readonly string[]
}

export interface JiraIssueType {
  readonly id: string
  readonly name: string
  readonly subtask: boolean
  readonly hierarchyLevel: number
}

export interface JiraField {
  readonly id: string
  readonly name: string
  readonly schema: { type: string; items?: string; system?: string; custom?: string; customId?: number }
  /** For fields of a choice. */
  readonly allowedValues?: readonly { readonly id: string; readonly name?: string; readonly value?: string }[]
  /** The issue types it must be given for, by name. */
  readonly requiredFor?: readonly string[]
}

export interface JiraProject {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly lead: FakeAccount
  readonly issueTypes: readonly JiraIssueType[]
  readonly transitions: readonly JiraTransition[]
  /** The fields of its screens. */
  readonly fields: readonly JiraField[]
  /** The ids of the accounts that may see it; everybody of the site unless told. */
  readonly members?: readonly string[]
  /** Who sees it and may change nothing. */
  readonly readers?: readonly string[]
}

export interface JiraComment {
  readonly id: string
  readonly author: FakeAccount
  body: unknown
  readonly created: Date
  updated: Date
}

export interface JiraWorklog {
  readonly id: string
  readonly author: FakeAccount
  comment: unknown
  started: Date
  timeSpentSeconds: number
  readonly created: Date
}

export interface JiraLink {
  readonly id: string
  readonly type: JiraLinkType
  readonly inward: JiraIssue
  readonly outward: JiraIssue
}

export interface JiraLinkType {
  readonly id: string
  readonly name: string
  readonly inward: string
  readonly outward: string
}

export interface JiraIssue {
  readonly id: string
  readonly key: string
  readonly project: JiraProject
  issueType: JiraIssueType
  status: JiraStatus
  summary: string
  reporter: FakeAccount
  assignee: FakeAccount | undefined
  resolution: { id: string; name: string } | undefined
  parent: JiraIssue | undefined
  created: Date
  updated: Date
  /** The other fields, as the API gives them. */
  readonly fields: Record<string, unknown>
  readonly comments: JiraComment[]
  readonly worklogs: JiraWorklog[]
}

export interface NewIssue {
  readonly type: string
  readonly summary: string
  readonly reporter: FakeAccount
  readonly assignee?: FakeAccount | undefined
  readonly status?: string
  readonly parent?: JiraIssue | undefined
  readonly fields?: Record<string, unknown>
  readonly created?: Date
}

export class JiraSite {
  readonly id: string
  readonly name: string
  readonly url: string
  readonly accounts: readonly FakeAccount[]
  readonly statuses: readonly JiraStatus[]
  readonly linkTypes: readonly JiraLinkType[]
  readonly resolutions: readonly { id: string; name: string }[]
  readonly projects: JiraProject[] = []
  readonly issues: JiraIssue[] = []
  readonly links: JiraLink[] = []
  private lastId = 10_000
  private readonly lastNumbers = new Map<string, number>()

  constructor(given: {
    id?: string
    name: string
    /** Where people find it; the address of the fake's own origin unless told. */
    url: string
    accounts: readonly FakeAccount[]
    statuses: readonly JiraStatus[]
    linkTypes: readonly JiraLinkType[]
    resolutions: readonly { id: string; name: string }[]
  }) {
    this.id = given.id ?? randomUUID()
    this.name = given.name
    this.url = given.url
    this.accounts = given.accounts
    this.statuses = given.statuses
    this.linkTypes = given.linkTypes
    this.resolutions = given.resolutions
  }

  nextId(): string {
    return String(++this.lastId)
  }

  addProject(project: JiraProject): JiraProject {
    this.projects.push(project)
    return project
  }

  addIssue(project: JiraProject, given: NewIssue): JiraIssue {
    const issue = this.draftIssue(project, given)
    this.keepIssue(issue)
    return issue
  }

  keepIssue(issue: JiraIssue): void {
    this.lastNumbers.set(issue.project.key, Number(issue.key.split('-')[1]))
    this.issues.push(issue)
  }

  /** An issue that nobody finds until it is kept. */
  draftIssue(project: JiraProject, given: NewIssue): JiraIssue {
    const number = (this.lastNumbers.get(project.key) ?? 0) + 1
    const created = given.created ?? new Date()
    return {
      id: this.nextId(),
      key: `${project.key}-${number}`,
      project,
      issueType: named(project.issueTypes, given.type),
      status: given.status === undefined ? firstOf(this.statuses) : named(this.statuses, given.status),
      summary: given.summary,
      reporter: given.reporter,
      assignee: given.assignee,
      resolution: undefined,
      parent: given.parent,
      created,
      updated: created,
      fields: { priority: { id: '3', name: 'Medium' }, labels: [], ...given.fields },
      comments: [],
      worklogs: [],
    }
  }

  addComment(issue: JiraIssue, author: FakeAccount, body: unknown, created = new Date()): JiraComment {
    const comment = { id: this.nextId(), author, body, created, updated: created }
    issue.comments.push(comment)
    issue.updated = created
    return comment
  }

  addLink(type: string, inward: JiraIssue, outward: JiraIssue): void {
    this.links.push({ id: this.nextId(), type: named(this.linkTypes, type), inward, outward })
  }

  sees(account: FakeAccount, project: JiraProject): boolean {
    return project.members?.includes(account.id) ?? true
  }

  visibleProjects(account: FakeAccount): JiraProject[] {
    return this.projects.filter((project) => this.sees(account, project))
  }

  requireProject(account: FakeAccount, idOrKey: string): JiraProject {
    const wanted = idOrKey.toUpperCase()
    const project = this.visibleProjects(account).find(({ id, key }) => id === idOrKey || key === wanted)
    if (!project) throw noProject(idOrKey)
    return project
  }

  requireIssue(account: FakeAccount, idOrKey: string): JiraIssue {
    const wanted = idOrKey.toUpperCase()
    const issue = this.issues.find(({ id, key }) => id === idOrKey || key === wanted)
    if (!issue || !this.sees(account, issue.project)) throw noIssue()
    return issue
  }

  transitionsOf(issue: JiraIssue): JiraTransition[] {
    return issue.project.transitions.filter(({ from }) => from?.includes(issue.status.id) ?? true)
  }

  requireStatus(id: string): JiraStatus {
    const status = this.statuses.find((one) => one.id === id)
    if (!status) throw new Error(`the site has no status ${id}`)
    return status
  }
}

export function named<Thing extends { readonly name: string }>(things: readonly Thing[], name: string): Thing {
  const found = things.find((thing) => thing.name.toLowerCase() === name.toLowerCase())
  if (!found) throw new Error(`there is no ${name}`)
  return found
}

function firstOf<Thing>(things: readonly Thing[]): Thing {
  const [first] = things
  if (first === undefined) throw new Error('there is none')
  return first
}
