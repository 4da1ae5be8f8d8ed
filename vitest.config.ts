import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

/** `npm run test:all` runs what reads all of the files beside the project too, which takes minutes. */
const everything = ['test/**/*.test.ts', 'test/**/*.all.ts']

export default defineConfig(({ mode }) => ({
  resolve: {
    // Its package fetches a runtime when it is imported, and nothing of it works outside of one.
    alias: [
      { find: /^electron$/, replacement: resolve(import.meta.dirname, 'test/support/electron/substitute.ts') }
    ]
  },
  test: {
    include: mode === 'all' ? everything : ['test/**/*.test.ts'],
    globalSetup: 'test/support/build-once.ts',
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 120_000
  }
}))
