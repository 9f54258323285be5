// The providers that are built in, a line each.
import type { Provider } from './provider.js'

export const providers: readonly Provider[] = []
