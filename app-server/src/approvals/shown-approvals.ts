// Puts approvals into words for people: the tool by its title, the program by what it calls itself.
import { Injectable } from '@nestjs/common'
import { ClientDirectory } from '../oauth/client-directory.js'
import { programName } from '../oauth/program-name.js'
import type { Tool } from '../providers/provider.js'
import { ProviderRegistry } from '../providers/provider-registry.js'
import { shown } from '../providers/shown.js'
import { type Approval, isOurs } from './approval.js'
import type { Effect, ShownApproval } from './approval-parts.js'

@Injectable()
export class ShownApprovals {
  constructor(
    private readonly registry: ProviderRegistry,
    private readonly clients: ClientDirectory,
  ) {}

  async of(approvals: readonly Approval[]): Promise<ShownApproval[]> {
    const programs = approvals.map(({ clientId }) => clientId).filter((id) => !isOurs(id))
    const names = programs.length === 0 ? new Map<string, string | null>() : await this.clients.namesOf(programs)
    return approvals.map((approval) => {
      const tool = this.registry.tools.get(approval.tool)
      const provider = this.registry.providerOf.get(approval.tool)
      return {
        approval,
        title: tool && provider ? shown(provider, tool.title) : approval.tool,
        provider: provider && shown(provider, provider.title),
        effect: tool && effectOf(tool),
        program: isOurs(approval.clientId) ? undefined : programName(names.get(approval.clientId)),
      }
    })
  }
}

export function effectOf({ annotations }: Tool): Effect {
  if (annotations.readOnlyHint) return 'looks'
  return annotations.destructiveHint ? 'changes' : 'adds'
}
