// The local Postgres: what `npm start` and the tests use when no database is named.
export { LocalPostgresFailure } from './failure.js'
export {
  findLocalPostgres,
  type LocalPostgres,
  type LocalPostgresOptions,
  type PostgresExit,
  startLocalPostgres,
} from './local-postgres.js'
