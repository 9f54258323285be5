// Opens the database for the whole app server, with the schema brought up to date before anything else starts.
import { type DynamicModule, Global, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common'
import { DataSource } from 'typeorm'
import { Log } from '../log.js'
import { SETTINGS, type Settings } from '../settings.js'
import { createDataSource, type Migrations, migrate } from './data-source.js'
import { Database } from './database.js'
import { Notices } from './notices.js'

/** Closes all connections last: Nest ends modules in the reverse order of their imports, and everybody imports this one. */
@Injectable()
class DatabaseCloser implements OnApplicationShutdown {
  constructor(
    private readonly dataSource: DataSource,
    private readonly database: Database,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await this.database.close()
    await this.dataSource.destroy()
  }
}

@Global()
@Module({})
export class DatabaseModule {
  static register(migrations: Migrations): DynamicModule {
    return {
      module: DatabaseModule,
      providers: [
        {
          provide: DataSource,
          inject: [SETTINGS, Log],
          useFactory: async (settings: Settings, log: Log) => {
            const dataSource = createDataSource(settings, migrations, (error) =>
              log.warn({ error: error.message }, 'an idle database connection broke'),
            )
            await dataSource.initialize()
            await migrate(dataSource)
            return dataSource
          },
        },
        Database,
        Notices,
        DatabaseCloser,
      ],
      exports: [Database, Notices],
    }
  }
}
