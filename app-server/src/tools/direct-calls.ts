// Runs a tool for a plain HTTP request, through the one runner: given up when the caller hangs up, counted like any call.
import { Injectable } from '@nestjs/common'
import type { Response } from 'express'
import type { Access } from '../oauth/access.js'
import { RunningCalls } from './running-calls.js'
import { type ToolOutcome, ToolRunner } from './tool-runner.js'

export interface DirectCall {
  access: Access
  name: string
  arguments: Record<string, unknown>
  /** Its closing before the answer is out cancels the call. */
  response: Response
}

@Injectable()
export class DirectCalls {
  constructor(
    private readonly runner: ToolRunner,
    private readonly running: RunningCalls,
  ) {}

  /** Throws Problem unknown-tool, insufficient-scope and rate-limited; every other failure is an outcome. */
  async run({ response, ...call }: DirectCall): Promise<ToolOutcome> {
    const hungUp = new AbortController()
    const hearClose = () => hungUp.abort()
    response.once('close', hearClose)
    try {
      return await this.running.run(call.access.userId, undefined, (cancelled) =>
        this.runner.run({
          ...call,
          cancelled: AbortSignal.any([cancelled, hungUp.signal]),
          // Plain HTTP has no place for it before the answer.
          reportProgress: () => undefined,
        }),
      )
    } finally {
      response.off('close', hearClose)
    }
  }
}
