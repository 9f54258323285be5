// The one place where a failure becomes an HTTP answer: problem+json for programs, a page for people.
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common'
import type { Request, Response } from 'express'
import { Pages } from './html/pages.js'
import { ProblemPage, problemTitle } from './html/problem-page.js'
import { wantsPage } from './html/wants-page.js'
import { Log } from './log.js'
import { Metrics } from './metrics.js'
import { toProblem } from './problem.js'
import { noteProblem } from './spans.js'

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly pages: Pages,
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp()
    this.answer(error, http.getRequest<Request>(), http.getResponse<Response>())
  }

  /**
   * Answers a failed request; also for failures before Nest's own routes (body parsers, the Host check).
   * @param options `page` false: problem+json, also for who would rather see a page.
   */
  answer(error: unknown, request: Request, response: Response, { page = wantsPage(request) } = {}): void {
    const problem = toProblem(error, (cause, reference) =>
      this.log.error({ error: cause, reference, path: request.path }, 'unexpected failure'),
    )
    this.metrics.refusal(problem)
    noteProblem(problem)
    // A guard that has already answered, e.g. by sending the browser to sign in, throws only to stop the route.
    if (response.writableEnded) return
    if (response.headersSent) {
      // Half an answer is on its way; cutting it is the only honest signal left.
      response.destroy()
      return
    }
    for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value)
    response.setHeader('Cache-Control', 'no-store')
    const details = problem.toJSON()
    if (page) {
      const options = { title: problemTitle(details.code), status: details.status, layout: 'card' as const }
      this.pages.send(response, options, ProblemPage({ problem: details }))
      return
    }
    response.status(details.status).type('application/problem+json').send(JSON.stringify(details))
  }
}
