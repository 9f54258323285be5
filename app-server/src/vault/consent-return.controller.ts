// Where services send people back to. No guard: who is signed out by now must not carry the code through a sign-in.
import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common'
import type { Request, Response } from 'express'
import { Sessions } from '../accounts/session.js'
import { ConnectFailure } from './connect-failure.js'
import { ConnectFlow } from './connect-flow.js'
import { ConnectOutcomes } from './connect-outcomes.js'
import { Connectables } from './connectables.js'
import { ConnectionAudit } from './connection-audit.js'

@Controller('connections/:provider/callback')
export class ConsentReturnController {
  constructor(
    private readonly connectables: Connectables,
    private readonly sessions: Sessions,
    private readonly flow: ConnectFlow,
    private readonly outcomes: ConnectOutcomes,
    private readonly audit: ConnectionAudit,
  ) {}

  @Get()
  async arrive(
    @Param('provider') id: string,
    @Query() query: Record<string, unknown>,
    @Req() request: Request,
    @Res() response: Response,
  ) {
    const provider = this.connectables.require(id)
    const session = await this.sessions.find(request)
    try {
      if (!session) throw new ConnectFailure('signed-out')
      const connected = await this.audit.watch(session, provider.id, 'consent', () =>
        this.flow.arrive(session, provider, query),
      )
      this.outcomes.connected(response, provider, connected)
    } catch (error) {
      this.outcomes.failed(response, session, provider, error)
    }
  }
}
