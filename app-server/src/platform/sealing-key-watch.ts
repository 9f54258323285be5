// Lets a running replica take up a new sealing key from its file: when it is told of one, and every minute in any case.
import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common'
import { Notices } from './database/notices.js'
import { Log } from './log.js'
import { SecretBox } from './secret-box.js'

/** The notice that the files have a new key. */
export const sealingKeysTopic = 'sealing-keys'
const reloadEveryMs = 60_000

@Injectable()
export class SealingKeyWatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined

  constructor(
    private readonly box: SecretBox,
    private readonly log: Log,
    notices: Notices,
  ) {
    box.onChange(() => this.log.info({ keys: box.keyIds }, 'the sealing keys have changed'))
    notices.on(sealingKeysTopic, () => this.reload())
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => this.reload(), reloadEveryMs)
    this.timer.unref()
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer)
  }

  private reload(): void {
    try {
      this.box.reload()
    } catch (error) {
      this.log.error({ error }, 'the sealing keys could not be read; the present ones stay in use')
    }
  }
}
