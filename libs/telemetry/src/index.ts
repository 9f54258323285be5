// What both processes need to be seen from outside: an address for figures, and traces when somebody collects them.
export * from './metrics-endpoint.js'
export * from './settings.js'
export * from './span.js'
export * from './trace-context.js'
export * from './tracing.js'
