import { availableParallelism } from 'node:os'
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
    // `npm run test:all` is the rest: what takes minutes, and models that are not part of the repository (CONTRIBUTING.md).
    include: [mode === 'all' ? 'test/**/*.all.ts' : 'test/**/*.test.ts'],
    env: { ANCHORAGE_TESTS: mode === 'all' ? 'all' : 'quick' },
    globalSetup: 'test/support/build-once.ts',
    pool: 'forks',
    // Tests wait for processes and windows: the two of a small machine are used, though the runner itself takes a share of one.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 60_000,
    hookTimeout: 120_000
  }
}))
