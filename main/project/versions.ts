/** The versions of the program and of what computes, for manifests. */
import { version } from '../../package.json'
import type { EngineCalls } from './context.ts'

export async function readVersions(
  engine: EngineCalls,
  signal?: AbortSignal
): Promise<Record<string, string>> {
  return { anchorage: version, ...(await engine.call('engine.info', {}, { signal })).versions }
}
