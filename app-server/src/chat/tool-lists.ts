// The tools that people were offered a moment ago: a list is long, and a conversation asks for it with every message.
import { Injectable } from '@nestjs/common'
import type { OfferedTool } from './tool-session.js'

/** How long a list is used again, in milliseconds; what is called is decided anew each time. */
const rememberedMs = 30_000
/** Lists that are kept; with all services set up one takes about half a megabyte. */
const maxRemembered = 100

@Injectable()
export class ToolLists {
  private readonly byPerson = new Map<string, { tools: readonly OfferedTool[]; until: number }>()

  find(userId: string): readonly OfferedTool[] | undefined {
    const known = this.byPerson.get(userId)
    if (!known || known.until > performance.now()) return known?.tools
    this.byPerson.delete(userId)
    return undefined
  }

  keep(userId: string, tools: readonly OfferedTool[]): void {
    this.byPerson.delete(userId)
    this.byPerson.set(userId, { tools, until: performance.now() + rememberedMs })
    const [oldest] = this.byPerson.keys()
    if (oldest !== undefined && this.byPerson.size > maxRemembered) this.byPerson.delete(oldest)
  }
}
