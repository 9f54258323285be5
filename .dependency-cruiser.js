// The floors of the house: imports only go down, rooms on one floor do not know each other, nothing goes in circles.

/** From the top; rooms on one line share a floor. ARCHITECTURE.md shows the same picture. */
export const floors = [
  ['admin', 'console', 'chat'],
  ['tools'],
  ['approvals', 'entitlements', 'registry'],
  ['billing', 'oauth', 'vault'],
  ['accounts'],
  ['audit', 'models', 'providers', 'notifications'],
  ['platform'],
]

const room = (name) => `^app-server/src/${name}/`

const floorRules = floors.flatMap((rooms, floor) =>
  rooms.map((name) => {
    const allowedBelow = floors.slice(floor + 1).flat()
    const forbidden = floors.flat().filter((other) => other !== name && !allowedBelow.includes(other))
    return {
      name: `floor-of-${name}`,
      comment: `${name} may import ${allowedBelow.join(', ') || 'no other room'} and itself.`,
      severity: 'error',
      from: { path: room(name), pathNot: '\\.test\\.tsx?$' },
      to: { path: forbidden.map(room) },
    }
  }),
)

/** Composition files stand above every floor; no room imports them. */
const composition = '^app-server/src/[^/]+\\.tsx?$'

export default {
  forbidden: [
    ...floorRules,
    {
      name: 'nobody-imports-the-composition',
      severity: 'error',
      from: { path: '^app-server/src/[^/]+/', pathNot: '\\.test\\.tsx?$' },
      to: { path: composition },
    },
    {
      name: 'every-room-has-a-floor',
      comment: 'A new folder of app-server/src must be given its floor above.',
      severity: 'error',
      from: { path: '^app-server/src/([^/]+)/', pathNot: floors.flat().map(room) },
      to: {},
    },
    {
      name: 'providers-are-islands',
      comment:
        'A provider imports provider.ts, its neighbours on the providers floor itself, and platform; never another provider.',
      severity: 'error',
      from: { path: '^app-server/src/providers/([^/]+)/' },
      to: { path: '^app-server/src/providers/([^/]+)/', pathNot: '^app-server/src/providers/$1/' },
    },
    {
      name: 'nobody-names-a-provider',
      comment: 'Providers are reached through providers/index.ts alone.',
      severity: 'error',
      from: { path: '^app-server/src/', pathNot: ['^app-server/src/providers/', '\\.test\\.tsx?$'] },
      to: { path: '^app-server/src/providers/[^/]+/' },
    },
    {
      name: 'one-file-for-each-vendor',
      comment: "Google's client of its models is known to one file alone.",
      severity: 'error',
      from: { path: '^app-server/src/', pathNot: '^app-server/src/models/gemini\\.ts$' },
      to: { path: '(^|/)@google/genai(/|$)' },
    },
    {
      name: 'two-processes',
      comment: 'The router and the app server share libs/ only.',
      severity: 'error',
      from: { path: '^(app-server|mcp-router)/src/' },
      to: { path: '^(app-server|mcp-router)/', pathNot: '^$1/' },
    },
    {
      name: 'libs-stand-alone',
      severity: 'error',
      from: { path: '^libs/(?!testing)' },
      to: { path: '^(app-server|mcp-router)/' },
    },
    {
      name: 'tests-stay-outside',
      comment: 'What runs in production knows no test code.',
      severity: 'error',
      from: {
        path: '^(app-server|mcp-router|libs/(contracts|telemetry|local-postgres))/src/',
        pathNot: '\\.test\\.tsx?$',
      },
      to: { path: ['^libs/(testing|fakes)/', '/e2e/', '\\.test\\.tsx?$'] },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(app-server|mcp-router|libs/[^/]+)/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@sekisho/source', 'import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js'],
    },
    moduleSystems: ['es6', 'cjs', 'tsd'],
  },
}
