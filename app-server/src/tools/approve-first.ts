// "Approve first": the question that leads the person to the one call that waits for their word.
import { Injectable } from '@nestjs/common'
import type { Problem } from '@sekisho/contracts'
import { ProviderRegistry } from '../providers/provider-registry.js'

@Injectable()
export class ApproveFirst {
  constructor(private readonly registry: ProviderRegistry) {}

  isAbout({ code, members }: Problem): boolean {
    return code === 'approval-needed' && typeof members.approval_url === 'string'
  }

  questionFor(name: string, { members }: Problem): { message: string; url: string } | undefined {
    const tool = this.registry.tools.get(name)
    return (
      tool && {
        message: `“${tool.title}” (${name}) waits for your approval. The page that opens shows what exactly would be done; allow it there, and this goes on.`,
        url: String(members.approval_url),
      }
    )
  }
}
