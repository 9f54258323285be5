// Sites with something in them: two projects with a workflow, issues, comments, links and work that was logged.
import type { FakeAccount } from '../fake-oauth.js'
import { documentOf } from './adf-rules.js'
import { type JiraField, type JiraIssueType, type JiraProject, JiraSite, type JiraTransition } from './jira-site.js'

const dayMs = 86_400_000

const issueTypes: readonly JiraIssueType[] = [
  { id: '10001', name: 'Epic', subtask: false, hierarchyLevel: 1 },
  { id: '10002', name: 'Story', subtask: false, hierarchyLevel: 0 },
  { id: '10003', name: 'Task', subtask: false, hierarchyLevel: 0 },
  { id: '10004', name: 'Bug', subtask: false, hierarchyLevel: 0 },
  { id: '10005', name: 'Subtask', subtask: true, hierarchyLevel: -1 },
]

const transitions: readonly JiraTransition[] = [
  { id: '11', name: 'Back to the list', to: '1' },
  { id: '21', name: 'Start', to: '3' },
  { id: '31', name: 'Ask for review', to: '4', from: ['3'] },
  { id: '41', name: 'Close', to: '5', from: ['3', '4'], requires: ['resolution'] },
  { id: '51', name: 'Done', to: '6' },
]

const priorities = ['Highest', 'High', 'Medium', 'Low', 'Lowest'].map((name, index) => ({
  id: String(index + 1),
  name,
}))
const customType = 'com.atlassian.jira.plugin.system.customfieldtypes'

const fields: readonly JiraField[] = [
  { id: 'description', name: 'Description', schema: { type: 'string', system: 'description' } },
  { id: 'priority', name: 'Priority', schema: { type: 'priority', system: 'priority' }, allowedValues: priorities },
  { id: 'labels', name: 'Labels', schema: { type: 'array', items: 'string', system: 'labels' } },
  { id: 'duedate', name: 'Due date', schema: { type: 'date', system: 'duedate' } },
  {
    id: 'components',
    name: 'Components',
    schema: { type: 'array', items: 'component', system: 'components' },
    allowedValues: [
      { id: '10100', name: 'Checkout' },
      { id: '10101', name: 'Catalogue' },
    ],
  },
  {
    id: 'customfield_10016',
    name: 'Story Points',
    schema: { type: 'number', custom: `${customType}:float`, customId: 10016 },
  },
  {
    id: 'customfield_10030',
    name: 'Severity',
    schema: { type: 'option', custom: `${customType}:select`, customId: 10030 },
    allowedValues: [
      { id: '10200', value: 'Nobody can work' },
      { id: '10201', value: 'Somebody is slowed down' },
      { id: '10202', value: 'Looks wrong' },
    ],
    requiredFor: ['Bug'],
  },
  {
    id: 'customfield_10031',
    name: 'Steps to reproduce',
    schema: { type: 'string', custom: `${customType}:textarea`, customId: 10031 },
  },
  {
    id: 'customfield_10032',
    name: 'Reviewer',
    schema: { type: 'user', custom: `${customType}:userpicker`, customId: 10032 },
  },
]

/** Three people, for whoever needs no others. */
export const samplePeople: readonly [FakeAccount, FakeAccount, FakeAccount] = [
  { id: '712020:1f0c6a52-7b1e-4c55-9d1a-000000000001', email: 'hana@example.com', name: 'Hana Mori' },
  { id: '712020:1f0c6a52-7b1e-4c55-9d1a-000000000002', email: 'daniel@example.com', name: 'Daniel Weber' },
  { id: '712020:1f0c6a52-7b1e-4c55-9d1a-000000000003', email: 'aiko@example.com', name: 'Aiko Tanaka' },
]

/** A site without projects. */
export function emptySite(name: string, url: string, accounts: readonly FakeAccount[], id?: string): JiraSite {
  return new JiraSite({
    ...(id === undefined ? {} : { id }),
    name,
    url,
    accounts,
    statuses: [
      { id: '1', name: 'To Do', category: 'new' },
      { id: '3', name: 'In Progress', category: 'indeterminate' },
      { id: '4', name: 'In Review', category: 'indeterminate' },
      { id: '5', name: 'Closed', category: 'done' },
      { id: '6', name: 'Done', category: 'done' },
    ],
    linkTypes: [
      { id: '10000', name: 'Blocks', inward: 'is blocked by', outward: 'blocks' },
      { id: '10001', name: 'Duplicate', inward: 'is duplicated by', outward: 'duplicates' },
      { id: '10002', name: 'Relates', inward: 'relates to', outward: 'relates to' },
    ],
    resolutions: [
      { id: '10000', name: 'Done' },
      { id: '10001', name: "Won't Do" },
      { id: '10002', name: 'Duplicate' },
    ],
  })
}

export function sampleProject(
  site: JiraSite,
  key: string,
  name: string,
  more: Partial<Pick<JiraProject, 'members' | 'readers'>> = {},
): JiraProject {
  const [lead] = site.accounts
  if (!lead) throw new Error('a site needs somebody')
  return site.addProject({ id: site.nextId(), key, name, lead, issueTypes, transitions, fields, ...more })
}

/** A site with the projects SHOP and OPS, and issues of the last weeks. */
export function sampleSite(
  accounts: readonly [FakeAccount, FakeAccount, FakeAccount] = samplePeople,
  {
    name = 'Matsu Trading',
    url = 'https://matsu-trading.atlassian.net',
    id = '1324a887-45db-4bf4-8e99-ef0ff456d421',
  } = {},
): JiraSite {
  const site = emptySite(name, url, accounts, id)
  const [hana, daniel, aiko] = accounts
  const shop = sampleProject(site, 'SHOP', 'Web shop')
  const ops = sampleProject(site, 'OPS', 'Operations')
  const ago = (days: number) => new Date(Date.now() - days * dayMs)
  const epic = site.addIssue(shop, {
    type: 'Epic',
    summary: 'Checkout in one page',
    reporter: hana,
    assignee: hana,
    status: 'In Progress',
    created: ago(30),
    fields: { description: documentOf('Half of the baskets are left at the second step. One page is enough.') },
  })
  const address = site.addIssue(shop, {
    type: 'Story',
    summary: 'Fill in the address from the postal code',
    reporter: hana,
    assignee: daniel,
    status: 'In Progress',
    parent: epic,
    created: ago(12),
    fields: {
      description: checklist,
      priority: priorities[1],
      labels: ['checkout', 'address'],
      customfield_10016: 5,
      components: [{ id: '10100', name: 'Checkout' }],
    },
  })
  const bug = site.addIssue(shop, {
    type: 'Bug',
    summary: 'The total is rounded before the discount',
    reporter: aiko,
    assignee: hana,
    created: ago(3),
    fields: {
      description: documentOf('Three items at 333 yen with 10 percent off: the page says 899, the receipt 900.'),
      priority: priorities[0],
      labels: ['money'],
      duedate: new Date(Date.now() + 4 * dayMs).toISOString().slice(0, 10),
      customfield_10030: { id: '10201', value: 'Somebody is slowed down' },
    },
  })
  const task = site.addIssue(ops, {
    type: 'Task',
    summary: 'Renew the certificate of the shop',
    reporter: daniel,
    assignee: daniel,
    created: ago(6),
    fields: { priority: priorities[1], labels: ['certificates'] },
  })
  site.addIssue(ops, {
    type: 'Task',
    summary: 'Order a second screen for Aiko',
    reporter: aiko,
    status: 'Done',
    created: ago(20),
  })
  site.addLink('Blocks', bug, address)
  site.addComment(address, daniel, documentOf('The list of Japan Post is loaded every night now.'), ago(4))
  site.addComment(address, hana, documentOf('Very good. Please leave the fields open to corrections.'), ago(2))
  site.addComment(task, daniel, documentOf('It ends on the last day of the month.'), ago(5))
  const started = ago(4)
  address.worklogs.push({
    id: site.nextId(),
    author: daniel,
    comment: undefined,
    started,
    timeSpentSeconds: 9_000,
    created: started,
  })
  return site
}

const checklist = {
  type: 'doc',
  version: 1,
  content: [
    { type: 'paragraph', content: [{ type: 'text', text: 'After seven digits the rest is known.' }] },
    {
      type: 'taskList',
      attrs: { localId: '7c1b1f1e-0001' },
      content: [
        taskItem('7c1b1f1e-0002', 'DONE', 'Load the list of postal codes'),
        taskItem('7c1b1f1e-0003', 'TODO', 'Fill in prefecture, city and street'),
      ],
    },
  ],
}

function taskItem(localId: string, state: string, text: string) {
  return { type: 'taskItem', attrs: { localId, state }, content: [{ type: 'text', text }] }
}
