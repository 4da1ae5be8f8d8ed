/**
 * Which databases this process has open. SQLite's locks on POSIX systems belong to the process and are lost
 * when it closes any handle of the file, so a file that is open here must not be read in another way.
 */
const openHere = new Map<string, number>()

export function isOpenHere(path: string): boolean {
  return openHere.has(path)
}

/** Notes that `path` (a real path) is open; gives back the function that notes its close. */
export function noteOpen(path: string): () => void {
  openHere.set(path, (openHere.get(path) ?? 0) + 1)
  return () => {
    const left = (openHere.get(path) ?? 1) - 1
    if (left > 0) openHere.set(path, left)
    else openHere.delete(path)
  }
}
