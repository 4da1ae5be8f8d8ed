/** Whether something stands at a path. */
import { access } from 'node:fs/promises'

/** True for a file, a folder or whatever else is at `path` and can be reached; a broken link counts as nothing. */
export function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false
  )
}
