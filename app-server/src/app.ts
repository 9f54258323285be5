// The composition of the app server: what is wired to what, and the order in which a request meets it.
import { readFileSync } from 'node:fs'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type DynamicModule, Global, Module } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import { ExpressAdapter, type NestExpressApplication } from '@nestjs/platform-express'
import { doorLimits, idleConnectionMs, stopListening } from '@sekisho/contracts'
import { openTracing, serveMetrics } from '@sekisho/telemetry'
import express from 'express'
import { DataSource } from 'typeorm'
import { AccountsModule } from './accounts/accounts.module.js'
import { AdminModule } from './admin/admin.module.js'
import { ApprovalsModule } from './approvals/approvals.module.js'
import { AuditModule } from './audit/audit.module.js'
import { AuditLog } from './audit/audit-log.js'
import { ChatModule } from './chat/chat.module.js'
import { ModelKeyRooms } from './chat/model-key-rooms.js'
import { TurnEngine } from './chat/turn-engine.js'
import { ConsoleModule } from './console/console.module.js'
import { allMigrations } from './migrations.js'
import { navigation } from './navigation.js'
import { NotificationsModule } from './notifications/notifications.module.js'
import { mountAuthorizationServer } from './oauth/authorization-server.js'
import { OAuthModule } from './oauth/oauth.module.js'
import { routes as oauthRoutes } from './oauth/provider-configuration.js'
import { crossOrigin } from './platform/cross-origin.js'
import { poolOf } from './platform/database/data-source.js'
import { Database } from './platform/database/database.js'
import { DatabaseModule } from './platform/database/database.module.js'
import { GuardedFetch } from './platform/guarded-fetch.js'
import { HealthController } from './platform/health.controller.js'
import { HtmlModule } from './platform/html/html.module.js'
import { NAVIGATION } from './platform/html/pages.js'
import { Jobs } from './platform/jobs.js'
import { Log } from './platform/log.js'
import { Metrics } from './platform/metrics.js'
import { ProblemFilter } from './platform/problem.filter.js'
import { requestContext } from './platform/request-context.js'
import { bodyFaults, check, foreignHost, foreignOrigin, requestLog, securityHeaders } from './platform/request-rules.js'
import { requireKnownKeys } from './platform/sealed-values.js'
import { SealingKeyWatch } from './platform/sealing-key-watch.js'
import { SecretBox } from './platform/secret-box.js'
import { SETTINGS, type Settings } from './platform/settings.js'
import { Spans } from './platform/spans.js'
import { providers as builtIn } from './providers/index.js'
import type { Provider } from './providers/provider.js'
import { ProviderRegistry } from './providers/provider-registry.js'
import { addSampleData } from './providers/sample-data.js'
import { sealedColumns } from './sealed-columns.js'
import { Door } from './tools/door.js'
import { ToolsModule } from './tools/tools.module.js'
import { ModelKeyUses } from './vault/model-key-uses.js'
import { VaultModule } from './vault/vault.module.js'

/** What the authorization server answers before any route of ours is looked at; the figures call it by its path. */
const unroutedPaths: ReadonlySet<string> = new Set([
  ...Object.values(oauthRoutes),
  '/.well-known/oauth-authorization-server',
  '/.well-known/openid-configuration',
])

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

/** Bytes of a form a person sends; those of the chat carry whole messages, and a Japanese letter takes nine. */
const formBytes = 64 * 1024
const messageBytes = 512 * 1024

@Global()
@Module({})
class GlobalModule {
  static register(settings: Settings, log: Log, providers: readonly Provider[], spans: Spans): DynamicModule {
    return {
      module: GlobalModule,
      imports: [DatabaseModule.register(allMigrations(providers))],
      providers: [
        { provide: SETTINGS, useValue: settings },
        { provide: Log, useValue: log },
        { provide: Spans, useValue: spans },
        { provide: NAVIGATION, useValue: navigation },
        { provide: ModelKeyUses, useClass: ModelKeyRooms },
        { provide: ProviderRegistry, useValue: new ProviderRegistry(providers) },
        { provide: GuardedFetch, useFactory: () => new GuardedFetch(settings) },
        Jobs,
        Metrics,
        { provide: SecretBox, inject: [Database], useFactory: (database: Database) => openBox(settings, database) },
        SealingKeyWatch,
      ],
      exports: [
        SETTINGS,
        Log,
        Spans,
        Metrics,
        NAVIGATION,
        ModelKeyUses,
        ProviderRegistry,
        GuardedFetch,
        Jobs,
        SecretBox,
      ],
    }
  }
}

/** Before anything seals or opens: a key that is missing is told at the start, and not by the first person it stops. */
async function openBox(settings: Settings, database: Database): Promise<SecretBox> {
  const box = new SecretBox(settings)
  await requireKnownKeys(database, box, sealedColumns)
  return box
}

@Module({})
class AppModule {
  static register(settings: Settings, log: Log, providers: readonly Provider[], spans: Spans): DynamicModule {
    return {
      module: AppModule,
      imports: [
        GlobalModule.register(settings, log, providers, spans),
        HtmlModule,
        AuditModule,
        NotificationsModule,
        AccountsModule,
        OAuthModule,
        VaultModule,
        ApprovalsModule,
        ToolsModule,
        ChatModule,
        ConsoleModule,
        AdminModule,
      ],
      controllers: [HealthController],
      providers: [ProblemFilter],
    }
  }
}

export interface AppServer {
  /** Where it listens, e.g. http://127.0.0.1:3000. */
  url: string
  /** Where its figures are; undefined when they are served nowhere. */
  metricsUrl: string | undefined
  /** Stops taking requests, lets the running ones end within `drainMs`, then closes the database. */
  close(): Promise<void>
}

export interface AppServerOptions {
  /** Instead of the built-in providers. */
  providers?: readonly Provider[]
  log?: Log
}

/** Longest wait for running requests at the end, in milliseconds. */
const drainMs = 10_000

/** Starts the app server: migrates the database, then listens. Throws when either is impossible. */
export async function startAppServer(settings: Settings, options: AppServerOptions = {}): Promise<AppServer> {
  const providers = options.providers ?? builtIn
  const log = options.log ?? new Log(settings.logLevel)
  const tracing = await openTracing({
    ...settings.traces,
    serviceName: 'sekisho-app-server',
    serviceVersion: version,
    onFault: (message) => log.warn({ reason: message }, 'traces could not be sent'),
  })
  const instance = express()
  instance.disable('x-powered-by')
  instance.set('trust proxy', settings.trustedProxies)
  instance.set('query parser', 'simple')

  const app = await NestFactory.create<NestExpressApplication>(
    AppModule.register(settings, log, providers, new Spans(tracing)),
    new ExpressAdapter(instance),
    { bodyParser: false, logger: log.forNest(), abortOnError: false },
  )
  const filter = app.get(ProblemFilter)
  app.useGlobalFilters(filter)

  const metrics = app.get(Metrics)
  app.use(requestContext)
  if (tracing) app.use(app.get(Spans).middleware(unroutedPaths))
  app.use(metrics.timeRequests(unroutedPaths))
  app.use(requestLog(log))
  app.use(securityHeaders(settings))
  app.use(check(foreignHost(settings), filter))
  // Before the Origin check and the body parsers: browsers of other origins may fetch tokens there, and it reads bodies itself.
  mountAuthorizationServer(app)
  app.use(crossOrigin(settings))
  app.use(check(foreignOrigin(settings), filter))
  app.use(express.json({ limit: doorLimits.requestBytes, strict: true }))
  app.use('/chat', express.urlencoded({ extended: false, limit: messageBytes, parameterLimit: 200 }))
  app.use(express.urlencoded({ extended: false, limit: formBytes, parameterLimit: 200 }))
  app.use(bodyFaults(filter))

  const server = app.getHttpServer() as Server
  const door = app.get(Door)
  server.removeAllListeners('request')
  server.on('request', (request, response) =>
    door.isFor(request) ? door.receive(request, response) : instance(request, response),
  )

  metrics.watchAuditFailures(() => app.get(AuditLog).failures.total)
  metrics.watchPool(settings.databasePoolSize, () => poolOf(app.get(DataSource)))
  if (settings.sampleData) await addSampleData(app.get(Database), providers)
  await app.listen(settings.port, settings.host)
  const figures =
    settings.metricsPort === undefined
      ? undefined
      : await serveMetrics(metrics.registry, {
          host: settings.metricsHost,
          port: settings.metricsPort,
          allowedHosts: settings.allowedHosts,
        })

  server.keepAliveTimeout = idleConnectionMs
  server.headersTimeout = 20_000
  server.requestTimeout = 30_000
  const { port, address, family } = server.address() as AddressInfo
  const url = `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
  log.info({ url, publicUrl: settings.publicUrl, metrics: figures?.url }, 'app server is ready')

  return {
    url,
    metricsUrl: figures?.url,
    async close() {
      log.info({}, 'the app server is ending')
      // First of all: other replicas can go on with the turns while requests still end here.
      await app.get(TurnEngine).handOver()
      await stopListening(server, settings.drainDelayMs)
      const drained = new Promise<void>((resolve) => server.close(() => resolve()))
      const timer = setTimeout(() => server.closeAllConnections(), drainMs)
      await drained
      clearTimeout(timer)
      await app.close()
      await figures?.close()
      await tracing?.close()
      log.flush()
    },
  }
}
