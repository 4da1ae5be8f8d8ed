import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'
import { testCache } from './test/support/test-cache.ts'

/**
 * Each has a process to itself: the first replaces a module of Node, the second counts the threads of its process, the others
 * are the application of a process of Electron.
 */
const alone = [
  'test/engine/common/files/write-whole',
  'test/engine/devices/session',
  ...['application', 'ended-group', 'keep-awake'].map((name) => `test/main/hosts/desktop/${name}`)
]

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
      // Tests wait for processes and windows: one more than there are cores keeps these at work.
      maxWorkers: availableParallelism() + 1,
      env: {
        ANCHORAGE_TESTS: mode === 'all' ? 'all' : 'quick',
        ANCHORAGE_CACHE: testCache,
        // Of small models every operator is short: threads that wait for the next one take the cores from the other tests.
        ...(mode === 'all' ? {} : { ANCHORAGE_THREADS: '1' })
      },
      pool: 'forks',
      testTimeout: 120_000,
      hookTimeout: 120_000,
      projects: [
        {
          extends: true,
          test: {
            // Loading modules costs more than most tests, and no module keeps what a test could leave to the next.
            name: 'together',
            isolate: false,
            include: [`test/**/*.${ending}`],
            exclude: alone.map((test) => `${test}.${ending}`)
          }
        },
        {
          extends: true,
          test: { name: 'alone', include: alone.map((test) => `${test}.${ending}`) }
        }
      ]
    }
  }
})
