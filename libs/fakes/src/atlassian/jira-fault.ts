// What Jira says when it does not do something: general messages, and messages by field.
import type { FakeAnswer } from '../fake-service.js'

export class JiraFault extends Error {
  constructor(
    readonly status: number,
    readonly messages: readonly string[],
    readonly errors: Readonly<Record<string, string>> = {},
  ) {
    super([...messages, ...Object.values(errors)].join(' '))
  }

  get answer(): FakeAnswer {
    return { status: this.status, body: { errorMessages: this.messages, errors: this.errors } }
  }
}

export function bad(message: string): JiraFault {
  return new JiraFault(400, [message])
}

export function fieldFault(errors: Readonly<Record<string, string>>): JiraFault {
  return new JiraFault(400, [], errors)
}

export function noIssue(): JiraFault {
  return new JiraFault(404, ['Issue does not exist or you do not have permission to see it.'])
}

export function noProject(key: string): JiraFault {
  return new JiraFault(404, [`No project could be found with key '${key}'.`])
}
