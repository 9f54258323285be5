// What tests of both processes share; nothing here is part of the product.

export { findChromium, launchBrowser } from './browser.js'
export {
  type ClientMetadataServer,
  localhostCertificate,
  startClientMetadataServer,
} from './client-metadata-server.js'
export { type Baseline, differences, runConformance, type Verdict, type Verdicts } from './conformance.js'
export { createTestDatabase, type TestDatabase } from './database.js'
export { type RawExchange, requireServer, sendUntilClosed, shortenLimits } from './listening-server.js'
export { OAuthProgram, programRedirectUri, submitConsent, type TokenAnswer } from './oauth-program.js'
export { type FormOnPage, formsOf, type Page, Person, signIn } from './person.js'
export { eventually, freePort } from './ports.js'
export { type Replica, type Stack, type StackOptions, type StackProcess, startStack } from './stack.js'
export { type CollectedSpan, TraceCollector } from './trace-collector.js'
