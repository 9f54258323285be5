// Comments and work logs of the fake.
import { faultOfDocument } from './adf-rules.js'
import { type Asked, bodyOf, type JiraApi, pageOf, requireMayChange } from './jira-api.js'
import { bad, fieldFault, JiraFault } from './jira-fault.js'
import { commentShape, worklogShape } from './jira-shapes.js'

const jiraMoment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}[+-]\d{4}$/

export function addTalkRoutes(api: JiraApi): void {
  api.route('GET', '/issue/{issue}/comment', 'read:jira-work', ({ request, site, account, params }) => {
    const { comments } = site.requireIssue(account, params.issue ?? '')
    const newestFirst = request.query.get('orderBy') === '-created'
    const { page, about } = pageOf(request, newestFirst ? comments.toReversed() : comments)
    const { isLast: _, ...shown } = about
    return { body: { ...shown, comments: page.map(commentShape) } }
  })
  api.route('POST', '/issue/{issue}/comment', 'write:jira-work', (asked) => {
    const { request, site, account } = asked
    const issue = requireCommentable(asked)
    const comment = site.addComment(issue, account, requireDocument(bodyOf(request).body))
    return { status: 201, body: commentShape(comment) }
  })
  api.route('PUT', '/issue/{issue}/comment/{comment}', 'write:jira-work', (asked) => {
    const { request, account, params } = asked
    const comment = requireCommentable(asked).comments.find(({ id }) => id === params.comment)
    if (!comment) throw new JiraFault(404, [`Can not find a comment for the id: ${params.comment}`])
    if (comment.author.id !== account.id) throw bad('You do not have permission to edit the comment.')
    comment.body = requireDocument(bodyOf(request).body)
    comment.updated = new Date()
    return { body: commentShape(comment) }
  })
  api.route('GET', '/issue/{issue}/worklog', 'read:jira-work', ({ request, site, account, params }) => {
    const issue = site.requireIssue(account, params.issue ?? '')
    const { page, about } = pageOf(request, issue.worklogs, 5_000)
    const { isLast: _, ...shown } = about
    return { body: { ...shown, worklogs: page.map((one) => worklogShape(issue, one)) } }
  })
  api.route('POST', '/issue/{issue}/worklog', 'write:jira-work', (asked) => {
    const { request, site, account, params } = asked
    const issue = site.requireIssue(account, params.issue ?? '')
    requireMayChange(asked, issue.project, 'You do not have permission to log work on this issue.')
    const { timeSpent, started, comment, ...given } = bodyOf(request)
    const timeSpentSeconds = typeof timeSpent === 'string' ? secondsOf(timeSpent) : given.timeSpentSeconds
    if (typeof timeSpentSeconds !== 'number' || timeSpentSeconds < 60) {
      throw fieldFault({ timeLogged: 'You must indicate the time spent working.' })
    }
    if (typeof started !== 'string' || !jiraMoment.test(started)) {
      throw bad('Invalid request payload. Refer to the REST API documentation and try again.')
    }
    if (comment !== undefined) requireDocument(comment)
    const created = new Date()
    const startedAt = new Date(started.replace(/(\d{2})$/, ':$1'))
    const worklog = { id: site.nextId(), author: account, comment, started: startedAt, timeSpentSeconds, created }
    issue.worklogs.push(worklog)
    issue.updated = created
    return { status: 201, body: worklogShape(issue, worklog) }
  })
}

/** Jira's durations, with days of eight hours and weeks of five days. */
function secondsOf(duration: string): number {
  const units: Readonly<Record<string, number>> = { m: 60, h: 3_600, d: 28_800, w: 144_000 }
  const parts = duration.split(' ').map((part) => /^(\d+(?:\.\d+)?)([mhdw])$/.exec(part))
  return parts.reduce((sum, part) => sum + Number(part?.[1]) * (units[part?.[2] ?? ''] ?? Number.NaN), 0)
}

function requireCommentable(asked: Asked) {
  const issue = asked.site.requireIssue(asked.account, asked.params.issue ?? '')
  requireMayChange(asked, issue.project, 'You do not have permission to comment on this issue.')
  return issue
}

function requireDocument(body: unknown): unknown {
  if (body === undefined || body === null) throw fieldFault({ comment: 'Comment body can not be empty!' })
  if (typeof body === 'string') throw fieldFault({ comment: 'Comment body is not valid!' })
  const fault = faultOfDocument(body)
  if (fault) throw bad('INVALID_INPUT')
  return body
}
