// Runs one statement on a connection of a pool, and gives back a connection that can be trusted.
import pg from 'pg'

/** Gives the rows. Throws what Postgres or the connection said. */
export async function runOn<Row>(pool: pg.Pool, query: pg.QueryConfig): Promise<Row[]> {
  const client = await pool.connect()
  try {
    const { rows } = await client.query(query)
    client.release()
    return rows as Row[]
  } catch (error) {
    // What Postgres refused in so many words harms no connection; after anything else it is not to be trusted.
    client.release(!(error instanceof pg.DatabaseError && error.severity === 'ERROR'))
    throw error
  }
}
