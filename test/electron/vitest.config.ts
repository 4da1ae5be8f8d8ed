/** `npm run test:electron`: the desktop application in a real Electron, as a person uses it. */
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  root: resolve(import.meta.dirname, '../..'),
  test: {
    include: ['test/electron/**/*.story.ts'],
    globalSetup: ['test/support/build-once.ts', 'test/electron/prepare.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // Each step of a story goes on from the one before.
    bail: 1
  }
})
