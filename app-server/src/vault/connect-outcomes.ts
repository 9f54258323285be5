// Sends people on when an account was connected, and tells them why it was not.
import { Injectable } from '@nestjs/common'
import type { Response } from 'express'
import type { Session } from '../accounts/session.js'
import { goTo } from '../platform/html/go-to.js'
import { Pages } from '../platform/html/pages.js'
import { shown } from '../providers/shown.js'
import { covered } from './access-words.js'
import { ConnectFailure, connectFailures, failureWords } from './connect-failure.js'
import type { Connected } from './connect-flow.js'
import { connectionsPath } from './connect-link.js'
import { ConnectFailurePage } from './connect-outcome.page.js'
import type { ConnectedProvider } from './not-connected.js'

@Injectable()
export class ConnectOutcomes {
  constructor(private readonly pages: Pages) {}

  /** Back to where the person came from, by way of a page where there is something to say. */
  connected(response: Response, provider: ConnectedProvider, connected: Connected): void {
    goTo(response, placeAfter(provider, connected))
  }

  /** The page of a connection that did not come about. Throws what is no failure of that. */
  failed(response: Response, session: Session | undefined, provider: ConnectedProvider, error: unknown): void {
    if (!(error instanceof ConnectFailure)) throw error
    const { kind, attempt } = error
    const { service } = provider.connect
    const { status } = connectFailures[kind]
    const body = ConnectFailurePage({
      kind,
      providerId: provider.id,
      service,
      attempt: attempt.detail ? { ...attempt, detail: shown(provider, attempt.detail) } : attempt,
      administrator: session?.viewer.administrator ?? false,
    })
    const options = {
      title: failureWords(kind, service).title,
      status,
      layout: 'card',
      ...(session ? { viewer: session.viewer } : {}),
    } as const
    this.pages.send(response, options, body)
  }
}

function placeAfter(provider: ConnectedProvider, { connection, scopes, returnTo, anew }: Connected): string {
  const held = covered(provider, connection.scopes)
  const complete = scopes.every((scope) => held.includes(scope))
  if (complete && returnTo === connectionsPath) {
    return `${connectionsPath}?done=${anew ? 'reconnected' : 'connected'}&connection=${connection.id}`
  }
  if (complete && returnTo !== undefined) return returnTo
  const query = new URLSearchParams({
    connection: connection.id,
    ...(scopes.length > 0 ? { scopes: scopes.join(' ') } : {}),
    ...(returnTo === undefined ? {} : { returnTo }),
  })
  return `${connectionsPath}/connected?${query}`
}
