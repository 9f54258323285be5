// How tests run: native ES modules, TypeScript through swc, libs resolved to their source.
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironmentOptions: { customExportConditions: ['@sekisho/source', 'node', 'node-addons'] },
  transform: {
    '^.+\\.tsx?$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', tsx: true, decorators: true },
          transform: {
            legacyDecorator: true,
            decoratorMetadata: true,
            useDefineForClassFields: false,
            react: { runtime: 'automatic', importSource: 'hono/jsx' },
          },
        },
        module: { type: 'es6' },
      },
    ],
  },
  modulePathIgnorePatterns: ['/dist/'],
  transformIgnorePatterns: ['/node_modules/', '/dist/'],
}

export default {
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: [
        '<rootDir>/{app-server,mcp-router}/src/**/*.test.{ts,tsx}',
        '<rootDir>/libs/*/src/**/*.test.{ts,tsx}',
        '<rootDir>/{scripts,bench}/**/*.test.js',
      ],
    },
    {
      ...shared,
      displayName: 'e2e',
      testMatch: ['<rootDir>/{app-server,mcp-router}/e2e/**/*.e2e.ts'],
    },
  ],
  testTimeout: 30_000,
  // What a test file has loaded as ES modules is never quite let go of: one process for all of them would run out of memory.
  workerIdleMemoryLimit: '1GB',
}
