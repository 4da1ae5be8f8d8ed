/** Real files made by others, which lie beside the project on some machines and are not shipped with it. */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe } from 'vitest'

/** The folder of what lies beside the project: `ANCHORAGE_SHARED`, or `shared` beside the repository. */
export const sharedFolder = resolve(
  process.env['ANCHORAGE_SHARED'] ?? resolve(import.meta.dirname, '../../../shared')
)

const sharedData = resolve(sharedFolder, 'data')

/** Path of a file or folder of the shared data. */
export function sharedDataPath(...parts: string[]): string {
  return resolve(sharedData, ...parts)
}

/** A `describe` that is skipped, with the reason in its name, where the shared data is absent. */
export function describeWithSharedData(name: string, body: () => void): void {
  if (existsSync(sharedData)) describe(name, body)
  else describe.skip(`${name} (skipped: ${sharedData} is not there)`, body)
}
