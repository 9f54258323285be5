// The description of the direct API for machines: OpenAPI 3.1, made from the catalog, so that it cannot say anything else.
import { problems } from '@sekisho/contracts'
import { sessionCookieName } from '../accounts/cookies.js'
import { routes } from '../oauth/provider-configuration.js'
import type { Settings } from '../platform/settings.js'
import type { ProviderRegistry } from '../providers/provider-registry.js'
import type { ToolDefinition } from './catalog.js'

/** Of the API itself: the tools come and go without it. */
const apiVersion = '1.0.0'

const reference = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` })
const json = (schema: object) => ({ 'application/json': { schema } })

/** The problems any call can end with, by status. */
const problemResponses = {
  '400': reference('responses', 'Problem'),
  '401': reference('responses', 'Unauthorized'),
  '403': reference('responses', 'Problem'),
  default: reference('responses', 'Problem'),
}

/** The OpenAPI document (OpenAPI 3.1.0) of the direct API. */
export function apiDocument(
  definitions: readonly ToolDefinition[],
  registry: ProviderRegistry,
  settings: Pick<Settings, 'publicUrl' | 'secure'>,
): Record<string, unknown> {
  const shown = new Set(definitions.map(({ name }) => name))
  const scopes = Object.fromEntries([...registry.scopes].map(([name, { allows }]) => [name, `May ${allows}`]))
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sekisho',
      version: apiVersion,
      description:
        'The tools of this server over plain HTTP. Call them with an access token, or from a browser in which you are signed in; then each write carries the token that GET /api/session tells.',
    },
    servers: [{ url: settings.publicUrl }],
    tags: registry.providers
      .filter(({ tools }) => tools.some(({ name }) => shown.has(name)))
      .map(({ id, title, description }) => ({ name: id, description: `${title}. ${description}` })),
    paths: {
      '/api/session': {
        get: {
          operationId: 'get_session',
          summary: 'Who is signed in, and the token for writes',
          security: [{ session: [] }],
          responses: { '200': { description: 'The session', content: json(sessionSchema) }, ...problemResponses },
        },
      },
      '/api/tools': {
        get: {
          operationId: 'list_tools',
          summary: 'The tools there are',
          security: securityOf([]),
          responses: {
            '200': {
              description: 'Every tool that is set up, also those the caller may not use',
              content: json({
                type: 'object',
                required: ['tools'],
                properties: { tools: { type: 'array', items: reference('schemas', 'Tool') } },
              }),
            },
            ...problemResponses,
          },
        },
      },
      ...Object.fromEntries(
        definitions.map((definition) => {
          const tool = registry.tools.get(definition.name)
          if (!tool) throw new Error(`${definition.name} is defined and not there`)
          return [
            `/api/tools/${definition.name}`,
            pathOf(definition, tool.scope, 'idempotency_key' in tool.input.shape),
          ]
        }),
      ),
    },
    components: {
      schemas: { Problem: problemSchema, Tool: toolSchema },
      responses: {
        Problem: {
          description: 'What went wrong and what to do next (RFC 9457)',
          content: { 'application/problem+json': { schema: reference('schemas', 'Problem') } },
        },
        Unauthorized: {
          description: 'No credentials, or none that count',
          headers: {
            'WWW-Authenticate': {
              description: 'Where to get an access token (RFC 6750, RFC 9728)',
              schema: { type: 'string' },
            },
          },
          content: { 'application/problem+json': { schema: reference('schemas', 'Problem') } },
        },
      },
      securitySchemes: {
        oauth: {
          type: 'oauth2',
          description: 'An access token as "Authorization: Bearer <token>".',
          flows: {
            authorizationCode: {
              authorizationUrl: `${settings.publicUrl}${routes.authorization}`,
              tokenUrl: `${settings.publicUrl}${routes.token}`,
              refreshUrl: `${settings.publicUrl}${routes.token}`,
              scopes,
            },
          },
        },
        session: { type: 'apiKey', in: 'cookie', name: sessionCookieName(settings) },
        csrf: {
          type: 'apiKey',
          in: 'header',
          name: 'x-csrf-token',
          description: 'Needed for writes with a session; GET /api/session tells it.',
        },
      },
    },
  }
}

function pathOf(definition: ToolDefinition, scope: string, takesKey: boolean): Record<string, unknown> {
  const { name, title, description, inputSchema, outputSchema } = definition
  const tags = [name.split('.')[0]]
  const id = name.replaceAll('.', '_')
  return {
    get: {
      operationId: `describe_${id}`,
      tags,
      summary: `${title}: its description and schemas`,
      security: securityOf([]),
      responses: {
        '200': { description: 'The tool', content: json(reference('schemas', 'Tool')) },
        ...problemResponses,
      },
    },
    post: {
      operationId: id,
      tags,
      summary: title,
      description,
      security: [...securityOf([scope]).slice(0, 1), { session: [], csrf: [] }],
      ...(takesKey ? { parameters: [idempotencyHeader] } : {}),
      requestBody: {
        required: Array.isArray(inputSchema.required) && inputSchema.required.length > 0,
        content: json(inputSchema),
      },
      responses: { '200': { description: 'What the tool gives', content: json(outputSchema) }, ...problemResponses },
    },
  }
}

function securityOf(scopes: string[]): [Record<string, string[]>, Record<string, string[]>] {
  return [{ oauth: scopes }, { session: [] }]
}

const idempotencyHeader = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'Stands for the argument idempotency_key: a repeated call with the same key acts only once.',
  schema: { type: 'string', minLength: 1, maxLength: 200 },
}

const sessionSchema = {
  type: 'object',
  required: ['person', 'csrf_token'],
  properties: {
    person: {
      type: 'object',
      required: ['id', 'name', 'email', 'administrator'],
      properties: {
        id: { type: 'string', format: 'uuid' },
        name: { type: 'string' },
        email: { type: 'string' },
        administrator: { type: 'boolean' },
      },
    },
    csrf_token: { type: 'string', description: 'For the header x-csrf-token.' },
  },
}

const toolSchema = {
  type: 'object',
  required: ['name', 'title', 'description', 'inputSchema', 'outputSchema', 'annotations', 'scope', 'allowed'],
  properties: {
    name: { type: 'string' },
    title: { type: 'string' },
    description: { type: 'string' },
    inputSchema: { type: 'object', description: 'JSON Schema 2020-12 of the arguments.' },
    outputSchema: { type: 'object', description: 'JSON Schema 2020-12 of the result.' },
    annotations: { type: 'object', description: 'As in MCP: readOnlyHint, destructiveHint, idempotentHint.' },
    scope: { type: 'string', description: 'What an access token must hold.' },
    allowed: { type: 'boolean', description: 'Whether this caller holds it.' },
  },
}

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string', format: 'uri' },
    title: { type: 'string' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: { type: 'string', description: 'What happened, and what to do next.' },
    code: { type: 'string', enum: Object.keys(problems) },
  },
  additionalProperties: true,
}
