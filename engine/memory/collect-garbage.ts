/**
 * Frees what nothing refers to any more, now. V8 sees an array of many megabytes as a small object with memory outside of
 * its heap, and lets such garbage grow to as much as is in use before it collects.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

// The function is handed out to contexts that are made while the flag is set.
setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')
setFlagsFromString('--no-expose-gc')

export function collectGarbage(): void {
  collect()
}
