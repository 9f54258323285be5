// Every migration of every room; TypeORM runs them in the order of the timestamps in their names.
import { accountsMigrations } from './accounts/migrations.js'
import { approvalsMigrations } from './approvals/migrations.js'
import { auditMigrations } from './audit/migrations.js'
import { chatMigrations } from './chat/migrations.js'
import { notificationsMigrations } from './notifications/migrations.js'
import { oauthMigrations } from './oauth/migrations.js'
import { platformMigrations } from './platform/database/migrations.js'
import type { Provider } from './providers/provider.js'
import { SampleDataRuns1763600004000 } from './providers/sample-data.js'
import { vaultMigrations } from './vault/migrations.js'

export function allMigrations(providers: readonly Provider[]) {
  return [
    ...platformMigrations,
    ...accountsMigrations,
    ...oauthMigrations,
    ...auditMigrations,
    ...vaultMigrations,
    ...notificationsMigrations,
    ...approvalsMigrations,
    ...chatMigrations,
    SampleDataRuns1763600004000,
    ...providers.flatMap((provider) => provider.migrations ?? []),
  ]
}
