import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'
import { testCache } from './test/support/test-cache.ts'

/** The engine keeps nothing that a test could leave to the next: its tests share their modules, which saves loading them. */
const sharing = 'test/engine'
/** Some of these replace modules of Node by their own. */
const notSharing = 'test/engine/common'

export default defineConfig(({ mode }) => {
  // `npm run test:all` is the rest: what takes minutes, and models that are not part of the repository (CONTRIBUTING.md).
  const ending = mode === 'all' ? 'all.ts' : 'test.ts'
  return {
    resolve: {
      // Its package fetches a runtime when it is imported, and nothing of it works outside of one.
      alias: [
        {
          find: /^electron$/,
          replacement: resolve(import.meta.dirname, 'test/support/electron/substitute.ts')
        }
      ]
    },
    test: {
      globalSetup: ['test/support/build-once.ts', 'test/support/test-cache.ts'],
      // Tests wait for processes and windows: the two cores of a small machine are used, though the runner takes a share of one.
      maxWorkers: Math.max(2, availableParallelism() - 1),
      env: { ANCHORAGE_TESTS: mode === 'all' ? 'all' : 'quick', ANCHORAGE_CACHE: testCache },
      pool: 'forks',
      testTimeout: 60_000,
      hookTimeout: 120_000,
      projects: [
        {
          extends: true,
          test: {
            name: 'engine',
            isolate: false,
            include: [`${sharing}/**/*.${ending}`],
            exclude: [`${notSharing}/**`]
          }
        },
        {
          extends: true,
          test: {
            name: 'program',
            include: [`test/**/*.${ending}`],
            exclude: [`${sharing}/!(common)/**`, `${sharing}/*.ts`]
          }
        }
      ]
    }
  }
})
