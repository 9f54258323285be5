// Secrets planted in everything both processes are told, then looked for in everything they tell.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { eventually, OAuthProgram, type Page, programRedirectUri, type Stack, startStack } from '@sekisho/testing'
import { type Endpoint, post, postLegacy, postModern } from './router-at-test.js'

const planted = (what: string) => `planted-${what}-${randomBytes(9).toString('hex')}`
const sealingKey = randomBytes(32).toString('base64')
const googleSecret = planted('google-secret')
const mailPassword = planted('mail-password')
const webhookPath = planted('webhook-path')
const webhookKey = randomBytes(32).toString('base64')

let stack: Stack
let at: Endpoint

beforeAll(async () => {
  stack = await startStack({
    // All that can be said is said.
    appEnv: {
      LOG_LEVEL: 'trace',
      SEALING_KEY: sealingKey,
      GOOGLE_CLIENT_ID: 'planted.apps.example',
      GOOGLE_CLIENT_SECRET: googleSecret,
      GOOGLE_TOKEN_URL: 'http://127.0.0.1:9/token',
      // Nobody is there either, so that everything about it is a failure to tell of.
      NOTIFY_WEBHOOK_URL: `http://127.0.0.1:9/${webhookPath}`,
      NOTIFY_WEBHOOK_SECRET: `whsec_${webhookKey}`,
      SMTP_URL: `smtp://mailer:${mailPassword}@127.0.0.1:9`,
      MAIL_FROM: 'sekisho@example.com',
    },
    routerEnv: { LOG_LEVEL: 'trace' },
  })
  at = { base: stack.router.url }
}, 60_000)

afterAll(() => stack?.close())

test('no log, no audit entry, no problem and no page has a token, code, cookie, password, key or argument', async () => {
  const secrets: Record<string, string> = { 'sealing key': sealingKey, 'Google secret': googleSecret }
  Object.assign(secrets, { 'mail password': mailPassword, 'webhook path': webhookPath, 'webhook key': webhookKey })
  /** Everything people and programs were told, but for the answers whose purpose is to hand a secret over. */
  const told: string[] = []
  const pages: Page[] = []

  const aki = await stack.signedIn('Aki')
  secrets['session cookie'] = aki.cookie('sekisho_session') ?? ''
  const program = await OAuthProgram.at(stack.appServer.url, stack.mcpUrl.href)
  const { url, verifier } = program.begin('product:read order:read order:create form:read form:submit')
  const code = (await program.consent(aki, url)).get('code') ?? ''
  Object.assign(secrets, { code, verifier })
  const { body: tokens } = await program.redeem(code, verifier)
  const { body: next } = await program.refresh(tokens.refresh_token ?? '')
  Object.assign(secrets, {
    'access token': tokens.access_token,
    'signature of the access token': tokens.access_token.split('.')[2],
    'refresh token': tokens.refresh_token,
    'next access token': next.access_token,
    'next refresh token': next.refresh_token,
  })

  // A client with a secret, used rightly, wrongly, and in the wrong place.
  const registered = await fetch(program.metadata.registration_endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: 'Secretive',
      redirect_uris: [programRedirectUri],
      token_endpoint_auth_method: 'client_secret_post',
    }),
  })
  const client = (await registered.json()) as { client_id: string; client_secret: string }
  secrets['client secret'] = client.client_secret
  const form = async (path: string, fields: Record<string, string>, headers: Record<string, string> = {}) => {
    const response = await fetch(`${stack.appServer.url}${path}`, {
      method: 'POST',
      headers,
      body: new URLSearchParams(fields),
      redirect: 'manual',
    })
    told.push(JSON.stringify([...response.headers]), await response.text())
    return response.status
  }
  for (const name of ['wrong client secret', 'wrong code', 'wrong refresh token', 'wrong verifier', 'password']) {
    secrets[name] = planted(name.replaceAll(' ', '-'))
  }
  const { client_id } = client
  const wrong = secrets['wrong client secret'] as string
  const credentials = { client_id, client_secret: client.client_secret }
  const code_verifier = secrets['wrong verifier'] as string
  const refresh = { grant_type: 'refresh_token', refresh_token: secrets['wrong refresh token'] as string }
  const redeem = { grant_type: 'authorization_code', code: secrets['wrong code'] as string, code_verifier }
  expect(await form('/oauth/token', { ...refresh, client_id, client_secret: wrong })).toBe(401)
  expect(await form('/oauth/token', { ...refresh, ...credentials })).toBe(400)
  expect(await form('/oauth/token', { ...redeem, ...credentials, redirect_uri: programRedirectUri })).toBe(400)
  expect(await form('/oauth/token', { grant_type: 'password', ...credentials, password: secrets.password ?? '' })).toBe(
    400,
  )
  await form('/oauth/introspect', { token: next.access_token, client_id, client_secret: wrong })
  await form('/oauth/revoke', { token: next.refresh_token ?? '', client_id, client_secret: wrong })
  await form(`/oauth/token?client_secret=${wrong}&code=${secrets['wrong code']}`, refresh)
  await form('/auth/development', {
    name: 'x',
    email: 'x@example.test',
    password: secrets.password ?? '',
    _csrf: wrong,
  })

  // Arguments: those of reading tools, those named like secrets, those a tool marks as private.
  const bearer = next.access_token
  for (const name of ['query', 'note', 'answer', 'api key', 'idempotency key', 'metadata', 'tool name']) {
    secrets[`argument: ${name}`] = planted(name.replaceAll(' ', '-'))
  }
  const argument = (name: string) => secrets[`argument: ${name}`] as string
  const found = await postLegacy(
    at,
    'tools/call',
    { name: 'product.search', arguments: { query: argument('query') } },
    { bearer },
  )
  expect(found.status).toBe(200)
  const list = await postModern(at, 'tools/call', { name: 'product.search', arguments: {} }, { bearer })
  const product_id = list.body.result.structuredContent.products[0].id
  const order = {
    name: 'order.create',
    arguments: {
      lines: [{ product_id, quantity: 1 }],
      note: argument('note'),
      idempotency_key: argument('idempotency key'),
    },
    _meta: { 'example.test/secret': argument('metadata') },
  }
  expect((await postLegacy(at, 'tools/call', order, { bearer })).body.result.isError).toBeUndefined()
  const odd = { api_key: argument('api key'), password: secrets.password, authorization: `Bearer ${next.access_token}` }
  for (const send of [postLegacy, postModern]) {
    told.push((await send(at, 'tools/call', { name: 'product.get', arguments: odd }, { bearer })).text)
    const forms = await send(at, 'tools/call', { name: 'form.list', arguments: {} }, { bearer })
    const form_id = forms.body.result.structuredContent.forms[0].id
    const submit = { name: 'form.submit', arguments: { form_id, answers: { name: argument('answer') } } }
    await send(at, 'tools/call', submit, { bearer })
  }

  // Somebody is to be told something, and neither way of telling it works.
  await stack.sql(`WITH told AS (
      INSERT INTO notifications (user_id, kind, subject, words, link)
      SELECT id, 'connection.lost', 'S', 'W', '${stack.appServer.url}/' FROM users RETURNING id)
    INSERT INTO notification_deliveries (notification_id, channel)
    SELECT id, unnest('{webhook,mail}'::text[]) FROM told`)
  await eventually(
    () => ['webhook', 'mail'].every((way) => stack.appServer.logLines.some(({ channel }) => channel === way)),
    15_000,
  )

  // Bearers that do not do, and good ones where they do not belong.
  for (const name of ['bearer', 'basic', 'cookie', 'query token', 'header'])
    secrets[name] = planted(name.replaceAll(' ', '-'))
  const ping = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' })
  for (const headers of [
    { authorization: `Bearer ${secrets.bearer}` },
    { authorization: `Basic ${Buffer.from(`user:${secrets.basic}`).toString('base64')}` },
    { authorization: `Bearer ${secrets.bearer} ${secrets.bearer}` },
    { cookie: `sekisho_session=${secrets.cookie}` },
    { 'x-api-key': secrets.header },
    { 'mcp-session-id': secrets.header },
    { origin: `https://${secrets.header}.example` },
  ]) {
    const answer = await post(at, ping, { bearer: undefined, headers })
    told.push(answer.text, JSON.stringify([...answer.headers]))
  }
  for (const base of [at.base, stack.appServer.url]) {
    for (const path of [
      `/mcp?access_token=${secrets['query token']}`,
      `/internal/mcp?access_token=${secrets['query token']}`,
      `/auth/google/callback?code=${secrets['wrong code']}&state=${secrets['query token']}`,
      `/oauth/authorize?client_id=${client_id}&code=${secrets['wrong code']}&state=${secrets['query token']}`,
      `/programs?token=${secrets['query token']}`,
    ]) {
      for (const method of ['GET', 'POST']) {
        const answer = await fetch(`${base}${path}`, {
          method,
          redirect: 'manual',
          headers: { authorization: `Bearer ${bearer}` },
        })
        // A redirect gives its sender's own state or address back: that is what it is for (RFC 6749, section 4.1.2).
        const text = await answer.text()
        if (answer.status < 300 || answer.status > 399) told.push(text)
      }
    }
  }
  told.push((await post(at, `{"jsonrpc":"2.0","id":1,"method":"${argument('tool name')}`, { bearer })).text)

  for (const path of [
    '/',
    '/programs',
    '/account/sessions',
    '/admin',
    '/admin/people',
    '/admin/clients',
    '/admin/settings',
    '/admin/audit',
  ]) {
    const page = await aki.open(path)
    expect([path, page.status]).toEqual([path, 200])
    pages.push(page)
  }

  await eventually(() => stack.appServer.logLines.some((line) => line.path === '/admin/audit'))
  const audit = await stack.sql<{ entry: string }>('SELECT e::text AS entry FROM audit_entries e')
  expect(audit.length).toBeGreaterThan(10)
  expect(stack.router.logLines.length).toBeGreaterThan(20)
  /** By design the audit says what a reading tool was asked, unless it is named like a secret or marked private. */
  const inAudit = new Set(['argument: query', 'argument: idempotency key', 'argument: tool name'])
  const places: Record<string, string> = {
    'log of the app server': JSON.stringify(stack.appServer.logLines),
    'log of the router': JSON.stringify(stack.router.logLines),
    audit: audit.map(({ entry }) => entry).join('\n'),
    problems: told.join('\n'),
    pages: pages.map(({ body }) => body).join('\n'),
  }
  const leaks = Object.entries(secrets).flatMap(([name, secret]) => {
    if (secret.length < 16) throw new Error(`${name} is nothing to look for`)
    const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]
    return Object.entries(places)
      .filter(([place, text]) => forms.some((one) => text.includes(one)) && !(place === 'audit' && inAudit.has(name)))
      .filter(([place]) => !(place === 'pages' && inAudit.has(name)))
      .map(([place]) => `${name} in ${place}`)
  })
  expect(leaks).toEqual([])
}, 90_000)
