/** The project that a start of the program names, as the system does where a person opens its file. */
import { resolve } from 'node:path'

const extension = '.anchorage'

/** The path in a command line, or null; the program itself and its switches are no projects. */
export function projectOfArguments(commandLine: readonly string[], folder: string): string | null {
  const named = commandLine.slice(1).findLast((item) => !item.startsWith('-') && item.endsWith(extension))
  return named === undefined ? null : resolve(folder, named)
}
