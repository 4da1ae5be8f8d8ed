import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig(({ mode }) => ({
  resolve: {
    // Its package fetches a runtime when it is imported, and nothing of it works outside of one.
    alias: [
      { find: /^electron$/, replacement: resolve(import.meta.dirname, 'test/support/electron/substitute.ts') }
    ]
  },
  test: {
    // Tests over many models, or over models that are not part of the repository: `npm run test:all`.
    include: ['test/**/*.test.ts', ...(mode === 'all' ? ['test/**/*.all.ts'] : [])],
    globalSetup: 'test/support/build-once.ts',
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 120_000
  }
}))
