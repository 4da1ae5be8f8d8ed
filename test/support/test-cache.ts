/** The user's cache, of the tests: a folder of this run, removed at its end. */
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const testCache = join(tmpdir(), `anchorage-test-cache-${process.pid}`)

export default function setup(): () => Promise<void> {
  return () => rm(testCache, { recursive: true, force: true })
}
