// Errors of the OAuth endpoints that oidc-provider has no class for (RFC 6749, section 5.2).
import { errors } from 'oidc-provider'

/** 429: too many programs registered within the hour. */
export class TooManyRegistrations extends errors.OIDCProviderError {
  constructor() {
    super(429, 'temporarily_unavailable')
    this.error_description = 'too many programs were registered within the hour, try again later'
  }
}
