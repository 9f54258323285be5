// How Google accounts are connected for their calendars.
import { Problem } from '@sekisho/contracts'
import { z } from 'zod'
import { type Connect, TokenRefused } from '../connect.js'
import { upstreamProblem } from '../upstream.js'
import { calendarUrl, googleProblem, googleRetryAfter, service } from './google-calendar-api.js'

const auth = 'https://www.googleapis.com/auth/'

/** What Google says of whose token it is (OpenID Connect Core, section 5.3.2). */
const userinfo = z.object({ sub: z.string().min(1).max(255), email: z.string().min(1).max(254) })

export const connect: Connect = {
  service,
  apiUrls: (services) => [calendarUrl(services), `${services.google.api}/oauth2/v3/userinfo`],
  async identify(fetch, { google }) {
    const response = await fetch(`${google.api}/oauth2/v3/userinfo`)
    if (response.status === 401) throw new TokenRefused()
    if (!response.ok) throw upstreamProblem({ service, status: response.status, words: undefined })
    const told = userinfo.safeParse(await response.json().catch(() => undefined))
    if (!told.success) {
      throw new Problem('upstream-failed', 'Google did not say whose account this is. Try again in a minute.')
    }
    return { id: told.data.sub, label: told.data.email, details: {} }
  },
  problemOf: googleProblem,
  retryAfterSeconds: googleRetryAfter,
  oauth: {
    // No issuer: Google sends `iss` to some and not to others, and its metadata does not declare it.
    endpoints: ({ google }) => ({
      authorizationUrl: `${google.accounts}/o/oauth2/v2/auth`,
      tokenUrl: google.token,
    }),
    // A refresh token comes for offline access only, and after the first time only when consent is asked for again.
    // Whoever has several accounts chooses one.
    parameters: { access_type: 'offline', prompt: 'consent select_account', include_granted_scopes: 'true' },
    clientAuthentication: 'client_secret_post',
    tokenRequest: 'form',
    // By its long name, as Google's answers call it.
    alwaysScopes: ['openid', `${auth}userinfo.email`],
    scopes: {
      // Less than calendar.readonly, which also shows settings and with whom calendars are shared. Reading events alone does
      // not list calendars, and does not answer free/busy.
      'gcal:read': [
        `${auth}calendar.events.readonly`,
        `${auth}calendar.calendarlist.readonly`,
        `${auth}calendar.freebusy`,
      ],
      // Events of all calendars the account may write to: also to move them, and to read what is changed. It makes, shares and
      // deletes no calendars, which the scope `calendar` would.
      'gcal:write': [`${auth}calendar.events`],
    },
    incremental: true,
    refreshIdleDays: 180,
    revocation: ({ accessToken, refreshToken }, { google }) => ({
      url: google.revoke,
      request: {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ token: refreshToken ?? accessToken }).toString(),
      },
    }),
    setUp: {
      url: 'https://console.cloud.google.com/auth/clients',
      steps: [
        'In Google Cloud, choose a project or make one. Under "APIs & Services", find "Google Calendar API" and enable it.',
        'Under "Google Auth Platform", fill in "Branding" and choose the "Audience": Internal for the people of your own Workspace, External for anybody. While an External app is in testing, add each person as a test user; Google then ends every connection after 7 days, so publish it for lasting use.',
        'Under "Data access", add the scopes calendar.events.readonly, calendar.calendarlist.readonly, calendar.freebusy and calendar.events.',
        'Under "Clients", create a client of type "Web application" and enter the redirect URI shown here under "Authorized redirect URIs".',
        'Copy the client ID and the client secret from there to here. The secret is shown once.',
      ],
    },
  },
}
