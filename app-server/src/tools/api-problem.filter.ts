// Answers every failure of an API call as problem+json (RFC 9457), whatever the caller says it would like to see.
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common'
import type { Request, Response } from 'express'
import { ProblemFilter } from '../platform/problem.filter.js'

@Catch()
export class ApiProblemFilter implements ExceptionFilter {
  constructor(private readonly problems: ProblemFilter) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp()
    this.problems.answer(error, http.getRequest<Request>(), http.getResponse<Response>(), { page: false })
  }
}
