import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: {
    // Its package fetches a runtime when it is imported, and nothing of it works outside of one.
    alias: [
      { find: /^electron$/, replacement: resolve(import.meta.dirname, 'test/support/electron/substitute.ts') }
    ]
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/build-once.ts',
    pool: 'forks',
    testTimeout: 180_000,
    hookTimeout: 120_000
  }
})
