/** Where a person's documents lie, for hosts that have no word of the system's on it. */
import { readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** As `xdg-user-dirs` keeps it: `XDG_DOCUMENTS_DIR="$HOME/Dokumente"`; null where nothing is said. */
async function xdgDocuments(home: string): Promise<string | null> {
  const settings = process.env['XDG_CONFIG_HOME'] ?? join(home, '.config')
  const text = await readFile(join(settings, 'user-dirs.dirs'), 'utf8').catch(() => '')
  const named = /^[ \t]*XDG_DOCUMENTS_DIR="([^"\n]*)"/m
    .exec(text)?.[1]
    ?.replace(/^\$HOME(?=\/|$)/, () => home)
  return named !== undefined && isAbsolute(named) ? named : null
}

/** The folder that the system calls documents, else `Documents` of the home folder, else the home folder. */
export async function documentsFolder(): Promise<string> {
  const home = homedir()
  const named = process.platform === 'linux' ? await xdgDocuments(home) : null
  for (const folder of [named, join(home, 'Documents')]) {
    const isFolder = folder !== null && (await stat(folder).catch(() => null))?.isDirectory()
    if (isFolder) return folder
  }
  return home
}
