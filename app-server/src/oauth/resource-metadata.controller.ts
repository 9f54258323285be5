// What the MCP endpoint says of itself to clients that look for its authorization server (RFC 9728); the router repeats it.
import { Controller, Get, Header, Inject } from '@nestjs/common'
import { RESOURCE_METADATA_PATH } from '@sekisho/contracts'
import { SETTINGS, type Settings } from '../platform/settings.js'
import { ProviderRegistry } from '../providers/provider-registry.js'

@Controller()
export class ResourceMetadataController {
  constructor(
    private readonly registry: ProviderRegistry,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  @Get(RESOURCE_METADATA_PATH)
  @Header('Cache-Control', 'public, max-age=300')
  @Header('Access-Control-Allow-Origin', '*')
  describe() {
    return {
      resource: this.settings.mcpUrl,
      authorization_servers: [this.settings.publicUrl],
      scopes_supported: [...this.registry.scopes.keys()],
      bearer_methods_supported: ['header'],
      resource_name: 'Sekisho',
      resource_documentation: this.settings.publicUrl,
    }
  }
}
