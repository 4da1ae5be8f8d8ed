/**
 * Frees what nothing refers to any more, where that is worth it. V8 sees an array of many megabytes as a small object with
 * memory outside of its heap, and lets such garbage grow to as much as is in use before it collects.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

// The function is handed out to contexts that are made while the flag is set.
setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')
setFlagsFromString('--no-expose-gc')

/** A smaller process is in nobody's way: what it keeps saves more time than memory. */
const large = 512 * 2 ** 20

/** Whether the process takes so much that memory is worth time. */
export function isLarge(): boolean {
  return process.memoryUsage.rss() >= large
}

/** Collects what is garbage where the process is large. */
export function collectGarbage(): void {
  if (isLarge()) collect()
}
