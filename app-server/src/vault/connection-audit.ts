// Writes down what people do with their connections, and why a connection did not come about.
import { Injectable } from '@nestjs/common'
import type { Session } from '../accounts/session.js'
import { AuditLog } from '../audit/audit-log.js'
import { AuditedRefusals } from '../audit/refusals.js'
import { toProblem } from '../platform/problem.js'
import { TokenRefused } from '../providers/connect.js'
import { ConnectFailure, connectFailures } from './connect-failure.js'
import type { Connected } from './connect-flow.js'
import type { Connection } from './connections.js'
import type { Credential } from './credentials.js'
import type { ServiceKnows } from './disconnecting.js'

/** How an account is connected. */
export type ConnectWay = 'consent' | 'own-token' | 'shared-token'

@Injectable()
export class ConnectionAudit {
  constructor(
    private readonly audit: AuditLog,
    private readonly refusals: AuditedRefusals,
  ) {}

  /** Writes down how it ended. Throws what `connect` throws. */
  async watch(
    session: Session,
    provider: string,
    way: ConnectWay,
    connect: () => Promise<Connected>,
  ): Promise<Connected> {
    try {
      const connected = await connect()
      const { connection, anew, scopes } = connected
      await this.record(session, anew ? 'reconnect' : 'connect', connection, { way, scopes_asked: scopes })
      return connected
    } catch (error) {
      await this.failed(session, provider, way, error)
      throw error
    }
  }

  /** Bounded: a person can fail as often as they like. */
  private async failed(session: Session, provider: string, way: ConnectWay, error: unknown): Promise<void> {
    const failure = error instanceof ConnectFailure ? error : undefined
    const { code, status } = toProblem(error, () => undefined)
    const reason = failure?.kind ?? (error instanceof TokenRefused ? 'token-refused' : code)
    const broke = failure ? connectFailures[failure.kind].outcome === 'failed' : reason === code && status >= 500
    const actorId = session.viewer.id
    const { connectionId, chosen, scopes } = failure?.attempt ?? {}
    await this.refusals.record(`connect ${actorId} ${provider} ${reason}`, {
      kind: 'connection',
      action: connectionId === undefined ? 'connect' : 'reconnect',
      outcome: broke ? 'failed' : 'refused',
      reason,
      actorId,
      target: connectionId === undefined ? undefined : { type: 'connection', id: connectionId },
      details: { provider, way, scopes_asked: scopes, account: chosen },
    })
  }

  disconnected(session: Session, connection: Connection, service: ServiceKnows): Promise<void> {
    return this.record(session, 'disconnect', connection, { service })
  }

  madeDefault(session: Session, connection: Connection): Promise<void> {
    return this.record(session, 'make-default', connection)
  }

  /** What a person did with their own OAuth client. */
  async client(
    { viewer }: Session,
    action: 'add-client' | 'replace-client' | 'remove-client',
    { id, provider, clientId }: Credential,
    details: Record<string, unknown> = {},
  ): Promise<void> {
    await this.audit.record({
      kind: 'connection',
      action,
      outcome: 'ok',
      actorId: viewer.id,
      target: { type: 'credential', id },
      details: { provider, client: clientId, ...details },
    })
  }

  private async record(
    { viewer }: Session,
    action: string,
    { id, provider, account, scopes }: Connection,
    details: Record<string, unknown> = {},
  ): Promise<void> {
    await this.audit.record({
      kind: 'connection',
      action,
      outcome: 'ok',
      actorId: viewer.id,
      target: { type: 'connection', id },
      details: { provider, account: account.label, scopes_given: scopes, ...details },
    })
  }
}
