/** The project that a start of the program names, as the system does where a person opens its file. */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const extension = '.anchorage'

/** What is named as a path: desktops of Linux name what is double-clicked by its address, `file:///…`. */
function asPath(named: string): string {
  if (!named.startsWith('file:')) return named
  try {
    return fileURLToPath(named)
  } catch {
    // On another machine, or badly encoded: it is answered as a file that isn't there, under the name that was given.
    return named
  }
}

/** The path in a command line, or null; the program itself and its switches are no projects. */
export function projectOfArguments(commandLine: readonly string[], folder: string): string | null {
  const named = commandLine.slice(1).findLast((item) => !item.startsWith('-') && item.endsWith(extension))
  return named === undefined ? null : resolve(folder, asPath(named))
}
