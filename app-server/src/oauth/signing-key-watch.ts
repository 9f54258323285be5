// Keeps each replica's signing keys in step with the database, and removes those whose last token is gone.
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common'
import type { Sql } from '../platform/database/database.js'
import { Notices } from '../platform/database/notices.js'
import { Jobs } from '../platform/jobs.js'
import { Log } from '../platform/log.js'
import { maxAccessTokenSeconds } from '../platform/settings.js'
import { removeRetired, SigningKeys, signingKeysTopic } from './signing-keys.js'

/** A notice can be missed, so the keys are read this often in any case. */
const reloadEveryMs = 30_000
const removeEveryMs = 60_000
/** A replica that missed the notice signs with the old key a little longer, and clocks differ. */
const marginSeconds = 300

@Injectable()
export class SigningKeyWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly keys: SigningKeys,
    private readonly jobs: Jobs,
    private readonly log: Log,
    notices: Notices,
  ) {
    keys.onChange(() =>
      this.log.info({ kid: keys.current.kid, keys: keys.all().length }, 'the signing keys have changed'),
    )
    notices.on(signingKeysTopic, () => void this.reload())
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.reload(), reloadEveryMs)
    this.timer.unref()
    this.jobs.schedule({ name: 'signing-keys', everyMs: removeEveryMs, run: (sql) => this.remove(sql) })
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer)
  }

  /** Never as long as the setting says now: it may have been longer when the last token was signed. */
  async remove(sql: Sql): Promise<void> {
    for (const kid of await removeRetired(sql, maxAccessTokenSeconds + marginSeconds)) {
      this.log.info({ kid }, 'a signing key was removed: its last token has expired')
    }
  }

  private async reload(): Promise<void> {
    try {
      await this.keys.reload()
    } catch (error) {
      this.log.error({ error }, 'the signing keys could not be read; the present ones stay in use')
    }
  }
}
