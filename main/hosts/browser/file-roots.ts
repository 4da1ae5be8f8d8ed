/** The folders that a window in a browser may see: every path it names is contained in them by real path. */
import { readdir, realpath } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { AnchorageError } from '#engine/common/contract/errors.ts'
import type { FolderListing } from '#preload/contract/browser-methods.ts'

export type FileRoots = {
  /** The real path of what is there, inside a root. @throws `file-not-found`, `file-unsafe` */
  contain(path: string): Promise<string>
  /** The path of a file that need not be there yet, in a folder inside a root. @throws as `contain` */
  containNew(path: string): Promise<string>
  list(folder: string | null): Promise<FolderListing>
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

async function realPath(path: string): Promise<string> {
  try {
    return await realpath(resolve(path))
  } catch (cause) {
    throw new AnchorageError(
      'file-not-found',
      'There is nothing at this path.',
      { where: path, next: 'Choose a file or folder that is there.' },
      cause
    )
  }
}

/** Roots by their real paths. @throws `file-not-found` where one is not there */
export async function openFileRoots(folders: readonly string[]): Promise<FileRoots> {
  const roots = [...new Set(await Promise.all(folders.map(realPath)))]
  const isSeen = (path: string): boolean => roots.some((root) => isInside(root, path))

  const contain = async (path: string): Promise<string> => {
    const real = await realPath(path)
    if (isSeen(real)) return real
    throw new AnchorageError('file-unsafe', 'This place is outside of what the browser may see.', {
      where: path,
      found: real,
      expected: `a place inside ${roots.join(' or ')}`,
      next: 'Start with `--root FOLDER` to allow another folder.'
    })
  }

  const readable = async (folder: string, name: string): Promise<FolderListing['entries']> => {
    try {
      const path = await contain(join(folder, name))
      const isFolder = await readdir(path).then(
        () => true,
        () => false
      )
      return [{ name, path, kind: isFolder ? 'folder' : 'file' }]
    } catch {
      // A broken link, or one that leads out: not for this list.
      return []
    }
  }

  const list = async (asked: string | null): Promise<FolderListing> => {
    const folder = await contain(asked ?? roots[0] ?? '.')
    const items = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
      throw new AnchorageError('file-unreadable', 'The folder could not be read.', { where: folder }, cause)
    })
    const shown = items.filter(({ name }) => !name.startsWith('.'))
    const entries = await Promise.all(
      shown.map(async (item): Promise<FolderListing['entries']> => {
        const path = join(folder, item.name)
        if (item.isDirectory()) return [{ name: item.name, path, kind: 'folder' }]
        if (item.isFile()) return [{ name: item.name, path, kind: 'file' }]
        return item.isSymbolicLink() ? await readable(folder, item.name) : []
      })
    )
    const above = dirname(folder)
    return {
      folder,
      parent: above !== folder && isSeen(above) ? above : null,
      roots,
      entries: entries
        .flat()
        .sort((a, b) => (a.kind === b.kind ? a.name.localeCompare(b.name) : a.kind === 'folder' ? -1 : 1))
    }
  }

  return {
    contain,
    containNew: async (path) => join(await contain(dirname(resolve(path))), basename(path)),
    list
  }
}
