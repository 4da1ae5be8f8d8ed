/**
 * How much memory onnxruntime may take in one piece. In a process of Electron native code gets it from Chromium's allocator,
 * which ends the process (SIGTRAP) at 1 GiB, with no error. Measured in a utility process of Electron 22.3 on Linux x64:
 * a result of 1,020 MiB passes, one of 1,027 MiB does not, with and without onnxruntime's arena; JavaScript's own arrays go
 * to 2 GiB and plain Node has no such limit.
 */

/** Bytes; infinite outside of Electron, where a failed allocation is an error that is caught. */
export function largestAllocation(
  versions: Readonly<Record<string, string | undefined>> = process.versions
): number {
  return versions['electron'] === undefined ? Number.POSITIVE_INFINITY : 1020 * 2 ** 20
}
