// Whether the process lives (/healthz) and whether it can do its work now (/readyz).
import { Controller, Get, Header } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import { Database } from './database/database.js'

/** How long /readyz waits for Postgres, in milliseconds. */
const databaseWaitMs = 2_000

@Controller()
export class HealthController {
  constructor(private readonly database: Database) {}

  @Get('healthz')
  @Header('Cache-Control', 'no-store')
  alive() {
    return { status: 'ok' }
  }

  @Get('readyz')
  @Header('Cache-Control', 'no-store')
  async ready() {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${databaseWaitMs} ms`)), databaseWaitMs)
    })
    try {
      await Promise.race([this.database.query('SELECT 1'), late])
    } catch (cause) {
      throw new Problem('unavailable', 'The database does not answer.', {}, { cause, headers: { 'Retry-After': '2' } })
    } finally {
      clearTimeout(timer)
    }
    return { status: 'ready' }
  }
}
